import libmime from 'libmime'
import { type EmailAddress, parseAddressHeader } from 'mailparser'
import { repairTcvn3 } from '../../normalize/legacy-vietnamese.ts'
import { clean } from '../../normalize/text.ts'
import { guess } from './charset.ts'

export interface MailHeaders {
  /** Of the first with this name (lower case): decoded, on one line. Undefined where there is none or it is blank. */
  first(name: string): string | undefined
  /** Of all with one of these names, as they were sent but for their folding. */
  raw(...names: readonly string[]): string[]
}

/** Lines as bytes in Latin-1, name first. */
export function readHeaders(lines: readonly { readonly key: string; readonly line: string }[]): MailHeaders {
  const raw = (...names: readonly string[]): string[] =>
    lines.filter(({ key }) => names.includes(key)).map(({ line }) => unfold(line.slice(line.indexOf(':') + 1)))
  const decoded = new Map<string, string>()
  const first = (name: string): string | undefined => {
    const value = decoded.get(name) ?? decodeHeader(raw(name)[0] ?? '')
    decoded.set(name, value)
    return value || undefined
  }
  return { raw, first }
}

/** RFC 5322 §2.2.3; bytes above ASCII are UTF-8 (RFC 6532) or what they look like. */
function unfold(value: string): string {
  const line = value.replace(/\r?\n(?=[ \t])/g, '')
  // Trimmed only once it is text: the last byte of "à" is a blank in Latin-1.
  return (/[\x80-\xff]/.test(line) ? guess(Buffer.from(line, 'latin1')) : line).trim()
}

/** Of a value that is read, not searched: a subject has some hundred letters. */
const MOST_VALUE = 20_000

/** Encoded words (RFC 2047), in any code. */
function decodeHeader(value: string): string {
  return tidy(libmime.decodeWords(value.slice(0, MOST_VALUE)))
}

function tidy(text: string): string {
  return clean(repairTcvn3(text)).replace(/\s+/g, ' ').trim()
}

export interface Address {
  readonly name: string | undefined
  readonly email: string | undefined
}

/** The first address of a header; long lists are of no interest. */
export function firstAddress(value: string | undefined): Address | undefined {
  const first = parseFirst(value?.slice(0, 5000) ?? '')
  if (first === undefined) return undefined
  // The whole of `=?utf-8?Q?Lan_=3Clan=40example=2Evn=3E?=` in one word is against RFC 2047 §5, and common.
  const inside = first.address ? undefined : parseFirst(tidy(first.name))
  const { name, address = '' } = inside?.address ? inside : first
  const shown = tidy(name).slice(0, 200)
  return {
    name: shown === '' || shown === address ? undefined : shown,
    email: /^[^\s@<>]{1,64}@[^\s@<>]{1,253}$/.test(address) ? address : undefined,
  }
}

function parseFirst(value: string): EmailAddress | undefined {
  return parseAddressHeader(value, { flatten: true, decodePunycode: false }).value[0]
}
