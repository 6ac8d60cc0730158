import { type Bare, originalSpan, toBare } from './bare.ts'

const AT = /@|[([{] {0,2}(?:at|@) {0,2}[)\]}]/g
/** RFC 5321 §4.5.3.1: 64 octets before the @; the domain is bounded by its labels below. */
const LOCAL = /([a-z0-9][a-z0-9._%+-]{0,63})( {0,2})$/
const DOMAIN = /^( {0,2})((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?![a-z])/
/** "lan @ gmail.com": blanks around the sign are believed only before the domains of mailboxes, for "@" alone means "at" too. */
const MAILBOXES = /^(?:gmail|yahoo|hotmail|outlook|icloud|live|ymail|zoho)\.com(?:\.vn)?$/

interface Spotted {
  readonly start: number
  readonly end: number
  readonly value: string
}

/** Addresses in a bare text (its offsets). Linear: it looks at most 66 characters back and 600 on from each @, never over another. */
export function spotEmails(bare: string): Spotted[] {
  const found: Spotted[] = []
  for (const sign of bare.matchAll(AT)) {
    const from = Math.max(found.at(-1)?.end ?? 0, sign.index - 66)
    const local = LOCAL.exec(bare.slice(from, sign.index))
    if (!local) continue
    const after = sign.index + sign[0].length
    const domain = DOMAIN.exec(bare.slice(after, after + 600))
    if (!domain) continue
    const apart = local[2] !== '' || domain[1] !== ''
    if (apart && sign[0] === '@' && !MAILBOXES.test(domain[2]!)) continue
    found.push({
      start: sign.index - local[0].length,
      end: after + domain[0].length,
      value: `${local[1]}@${domain[2]}`,
    })
  }
  return found
}

export interface FoundEmail {
  /** Lower case. */
  readonly value: string
  readonly start: number
  readonly end: number
}

/** The addresses in a text that a notice can be sent to; one that autocorrection has given accents is none. */
export function findEmails(text: string): FoundEmail[] {
  return findEmailsIn(toBare(text))
}

/** The same in a text that is bare already. */
export function findEmailsIn(source: Bare): FoundEmail[] {
  return spotEmails(source.bare).flatMap(({ value, start, end }) =>
    isSendable(value) && !hasMarks(source, start, end) ? [{ value, ...originalSpan(source.at, start, end) }] : [],
  )
}

function isSendable(value: string): boolean {
  return !/\.\.|\.@|@[-.]|-\./.test(value)
}

function hasMarks({ marked }: Bare, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (marked[i]) return true
  return false
}

/** What a person wrote in a field for an address ("Lan <lan@vnpt.vn>", "mailto:…"), lower case; the first where there are several. */
export function toEmail(text: string): string | undefined {
  return findEmails(text)[0]?.value
}
