import { createHash } from 'node:crypto'
import type { Contact, Submitted } from '../../channels/channel.ts'
import { toEmail } from '../../normalize/email.ts'
import { findPersonal, maskThese } from '../../normalize/mask.ts'
import { cleanName } from '../../normalize/name.ts'
import { toE164 } from '../../normalize/phone.ts'
import { findUnits, type Gazetteer } from '../../normalize/place.ts'
import { readReport } from '../../normalize/read-report.ts'
import { clean, fold } from '../../normalize/text.ts'
import type { WhoRead } from '../../normalize/who.ts'
import type { Reading } from '../tables/reading.ts'
import type { Point } from '../words.ts'
import { type KeptPart, toReadings } from './fields.ts'
import { type Reader, readDataOf } from './reader.ts'

/** Raised whenever the same submission would be read otherwise than before. */
export const READ_VERSION = 2

export interface ReadReport {
  /** As the sender means them: name spelled out, phone in E.164. */
  readonly contact: Contact
  readonly title: string
  /** Masked. */
  readonly text: string
  readonly address: string | undefined
  readonly folded: string
  readonly foldedHash: Buffer
  readonly point: Point | undefined
  /** Asked for, by a mark in the form or in words. */
  readonly identitySecret: boolean
  readonly readings: Readonly<Record<string, Reading>>
}

interface Where {
  /** Code of the province in the register. */
  readonly province: string
  readonly receivedAt: Date
}

/** What a person sent, read into the one model. Pure: no clock, no database. */
export function readItem(item: Submitted, reader: Reader, { province, receivedAt }: Where): ReadReport {
  const given = readContact(item.sender)
  const cleaned = {
    content: clean(item.content),
    ...(item.spoken !== true && optional('title', item)),
    ...optional('address', item),
  }
  const found = readReport(
    {
      ...cleaned,
      ...(item.aside !== undefined && { aside: clean(item.aside) }),
      ...(item.category !== undefined && { picked: clean(item.category) }),
      ...{ sender: given, receivedAt, talk: item.spoken === true, point: item.point !== undefined },
      answers: item.answers !== undefined,
      secret: item.identitySecret,
    },
    readDataOf(reader, province),
  )
  const contact = { ...given, ...contactIn(found.who, given) }
  const keep = (written = ''): KeptPart => {
    const read = clean(written)
    const personal = read === '' ? [] : findPersonal(read, contact)
    return { read, personal, kept: maskThese(read, personal).trim() }
  }
  const parts = new Map(
    (['content', 'title', 'address'] as const).map((part) => [part === 'content' ? 'text' : part, keep(item[part])]),
  )
  const text = parts.get('text')!.kept
  /** Undefined where nothing can be seen of it. */
  const title = parts.get('title')!.kept || undefined
  const address = parts.get('address')!.kept || undefined
  const picked = keep(item.category).kept || undefined
  const folded = fold(text)
  return {
    contact,
    title: title ?? titleOf(text),
    text,
    address,
    folded,
    foldedHash: createHash('sha256').update(folded).digest(),
    point: item.point,
    identitySecret: item.identitySecret || found.fields['confidential']?.value === true,
    readings: {
      ...toReadings(found, parts, contact),
      ...readUnit([address, title, text], reader.units),
      ...(item.leftOut !== undefined && {
        'files-left-out': { value: item.leftOut, confidence: 1, from: 'limits of the intake' },
      }),
      ...(item.unoriginal && { 'original-missing': { value: true, confidence: 1, from: 'an edit of it alone came' } }),
      ...(picked !== undefined && { picked: { value: picked, confidence: 0.5, from: 'picked by the sender' } }),
    },
  }
}

function optional(field: 'title' | 'address', item: Submitted): { readonly [K in typeof field]?: string } {
  const written = item[field]
  return written === undefined || written.trim() === '' ? {} : { [field]: clean(written) }
}

/** What they say of themselves, where the envelope says nothing, a nickname, or an office. */
function contactIn({ name, phone, email }: WhoRead, given: Contact): Contact {
  return {
    ...(name !== undefined && name.from !== 'sender' && { name: cleanName(name.value) ?? name.value }),
    ...(phone !== undefined && given.phone === undefined && { phone: phone.value }),
    ...(email !== undefined && given.email === undefined && { email: email.value }),
  }
}

export function readContact(sender: Contact): Contact {
  const name = sender.name === undefined ? undefined : (cleanName(sender.name) ?? clean(sender.name).trim())
  const phone = sender.phone === undefined ? undefined : (toE164(sender.phone) ?? sender.phone)
  const email = sender.email === undefined ? undefined : (toEmail(sender.email) ?? sender.email)
  return {
    ...(name !== undefined && { name }),
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { email }),
    ...(sender.provider !== undefined && { provider: sender.provider }),
  }
}

/**
 * The surest unit named, the address before the title before the text. One name may stand for several units (an old and a new xã Mường Nhé);
 * which of them is in charge is decided when the case is routed.
 */
function readUnit(places: readonly (string | undefined)[], names: Gazetteer): Record<string, Reading> {
  for (const [i, place] of places.entries()) {
    const best = findUnits(place ?? '', names).sort((a, b) => b.confidence - a.confidence)[0]
    if (best === undefined) continue
    const candidates = best.units.map(({ code, period }) => `${code}@${period}`).sort()
    const value = candidates.length === 1 ? candidates[0]! : null
    return { unit: { value, confidence: best.confidence, from: ['address', 'title', 'text'][i]!, candidates } }
  }
  return {}
}

const TITLE_LENGTH = 80

function titleOf(text: string): string {
  const line = text.split('\n', 1)[0]!
  if (line.length <= TITLE_LENGTH) return line
  const cut = line.slice(0, TITLE_LENGTH)
  const atWord = cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_LENGTH / 2))
  // A cut through a pair leaves half of it, which no text can hold.
  return `${atWord.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`
}
