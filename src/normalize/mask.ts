import { BLOT, originalSpan, type Span, toBare, wholeSpan } from './bare.ts'
import { accountNumbers, blotted, emails, identityNumbers, ownPhone, phones, plates, type Rule } from './personal.ts'
import { fullName, ownAddress, ownEmail, shortName } from './personal-words.ts'

/** What is known of the reporter, as they gave it. Every field may be missing, wrong or hostile. */
export interface Known {
  readonly name?: string
  readonly phone?: string
  readonly email?: string
  readonly address?: string
}

export type PersonalKind = 'email' | 'address' | 'name' | 'plate' | 'phone' | 'id' | 'account'

export interface Personal {
  readonly kind: PersonalKind
  /** UTF-16 offsets into the text as it was given. */
  readonly start: number
  readonly end: number
}

/** What stands in a masked text for each piece of personal data. */
export const MARK = '●●●'

/** More than the rules' dependences on each other are deep ("500000000" is money only while "đồng" is no one's name). */
const PASSES = 8

/**
 * The personal data in a text, in order and without overlaps: phones, e-mail addresses, identity numbers, plates and accounts of
 * anyone, name and address of the reporter. It holds for texts that `clean` has not seen: NFD, zero-widths, any case. Roads,
 * kilometre posts, dates, times, money, house numbers and coordinates of the matter are not personal data. Linear.
 */
export function findPersonal(text: string, known: Known = {}): Personal[] {
  const source = toBare(text)
  const rules = rulesFor(known)
  const found: (Span & { kind: PersonalKind })[] = []
  let rest = blotted(source, source.bare)
  for (let pass = 0, before = -1; pass < PASSES && before < found.length; pass++) {
    before = found.length
    for (const [kind, rule] of rules) {
      const spots = apart(rule(rest).map((span) => wholeSpan(source.at, span)))
      if (spots.length === 0) continue
      for (const { start, end } of spots) found.push({ kind, start, end })
      rest = blotted(source, blot(rest.bare, spots))
    }
  }
  return found
    .sort((a, b) => a.start - b.start)
    .map(({ kind, start, end }) => ({ kind, ...originalSpan(source.at, start, end) }))
}

/** The text with a mark in place of each piece of personal data, all else untouched. Masking twice changes nothing. */
export function mask(text: string, known: Known = {}): string {
  return maskThese(text, findPersonal(text, known))
}

/** The same where what is personal is found already. */
export function maskThese(text: string, personal: readonly Personal[]): string {
  let masked = ''
  let cursor = 0
  for (const { start, end } of personal) {
    masked += text.slice(cursor, start) + MARK
    cursor = end
  }
  return masked + text.slice(cursor)
}

/** In this order: what is sure by its shape first, what leans on its neighbours last. */
function rulesFor({ name, phone, email, address }: Known): readonly (readonly [PersonalKind, Rule])[] {
  return [
    ['email', emails],
    ...(email === undefined ? [] : [['email', ownEmail(email)] as const]),
    ...(address === undefined ? [] : [['address', ownAddress(address)] as const]),
    ...(name === undefined ? [] : [['name', fullName(name)] as const]),
    ['plate', plates],
    ['phone', phones],
    ...(phone === undefined ? [] : [['phone', ownPhone(phone)] as const]),
    ['id', identityNumbers],
    ['account', accountNumbers],
    ...(name === undefined ? [] : [['name', shortName(name)] as const]),
  ]
}

/** In order, those that overlap as one. */
function apart(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1)
    if (last && span.start < last.end)
      found[found.length - 1] = { start: last.start, end: Math.max(last.end, span.end) }
    else found.push(span)
  }
  return found
}

function blot(bare: string, spans: readonly Span[]): string {
  const parts: string[] = []
  let cursor = 0
  for (const { start, end } of spans) {
    parts.push(bare.slice(cursor, start), BLOT.repeat(end - start))
    cursor = end
  }
  return parts.join('') + bare.slice(cursor)
}
