import { findCodes } from '../../normalize/code.ts'
import { toE164 } from '../../normalize/phone.ts'
import { fold } from '../../normalize/text.ts'
import type { Ignored, RemoteFile, Submitted } from '../channel.ts'
import type { SmsSettings } from './settings.ts'

/** A message as a provider handed it over. */
export interface Incoming {
  /** Every id that the provider has for it, its own first. */
  readonly ids: readonly string[]
  readonly from: string
  readonly text: string
  readonly remote?: readonly RemoteFile[]
  /** The provider's word for what it took the message for. */
  readonly keyword?: 'opt-out' | 'opt-in'
}

/** Why a message is set aside: a key of `locales/*\/aside.json`. */
type Aside = 'no-phone' | 'opt-out' | 'opt-in' | 'empty'

/** More than any chain of parts holds; what is longer came from no phone. */
const MOST_CONTENT = 10_000

export function itemOf(incoming: Incoming, settings: SmsSettings): Submitted | Ignored {
  const base = { event: incoming.ids[0]!, keys: [...new Set(incoming.ids)] }
  const phone = phoneOf(incoming.from)
  const content = incoming.text.slice(0, MOST_CONTENT)
  const codes = findCodes(content)
  const remote = incoming.remote ?? []
  const submitted: Submitted = {
    ...base,
    item: 'submitted',
    sender: phone === undefined ? {} : { phone },
    content,
    identitySecret: false,
    contentSecret: false,
    files: [],
    ...(remote.length > 0 && { remote }),
    ...(codes.length > 0 && { answers: { tokens: [], codes } }),
    // Phones cut what is long into parts, and people write on: who wrote last from this number may not have finished.
    ...(phone !== undefined && { talk: phone }),
  }
  const reason = whyIgnored(incoming, { phone, settings })
  if (reason === undefined) return submitted
  return { ...base, item: 'ignored', reason, ...(reason !== 'empty' && { as: submitted }), ...wishOf(reason, phone) }
}

function wishOf(reason: Aside, phone: string | undefined): Pick<Ignored, 'wish'> {
  if (phone === undefined || (reason !== 'opt-out' && reason !== 'opt-in')) return {}
  return { wish: { contact: { phone }, messages: reason === 'opt-out' ? 'none' : 'again' } }
}

function whyIgnored(
  { text, remote, keyword }: Incoming,
  { phone, settings }: { readonly phone: string | undefined; readonly settings: SmsSettings },
): Aside | undefined {
  // Banks, carriers and shops write from names and short numbers, to which nobody can answer.
  if (phone === undefined) return 'no-phone'
  if (keyword !== undefined) return keyword
  const words = fold(text)
  if (words !== '' && settings.optOut.some((each) => fold(each) === words)) return 'opt-out'
  return text.trim() === '' && remote === undefined ? 'empty' : undefined
}

/** Vietnamese numbers in every way of writing; those of other countries as E.164 alone. */
function phoneOf(from: string): string | undefined {
  const written = from.trim().slice(0, 40)
  return toE164(written) ?? (/^\+[1-9]\d{7,14}$/.test(written) ? written : undefined)
}
