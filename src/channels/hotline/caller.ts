import { toE164 } from '../../normalize/phone.ts'
import { fold } from '../../normalize/text.ts'
import known from './locales/labels.json' with { type: 'json' }

const WITHHELD = new Set(known.withheld.map(fold))
/** `"A" <sip:0912345678@10.0.0.1;user=phone>`, `tel:+84912345678` (RFC 3261 §19, RFC 3966). */
const ADDRESS = /\b(?:sips?|tel):([^@;>\s]{1,100})/i

/** Tables take a number with a zero before it for a sum. */
const WITHOUT_ZERO = /^[35789]\d{8}$/

/** The reporter's number, as the switchboard wrote it; undefined where it was withheld, or is one of our own switchboards. */
export function callerNumber(from: string | undefined, switchboards: readonly string[]): string | undefined {
  if (from === undefined || from.length > 300) return undefined
  const words = ` ${fold(from)} `
  if ([...WITHHELD].some((word) => words.includes(` ${word} `))) return undefined
  const written = (ADDRESS.exec(from)?.[1] ?? from).trim().replace(WITHOUT_ZERO, '0$&')
  const number = toE164(written)
  if (number === undefined) return undefined
  return switchboards.some((own) => toE164(own) === number || digits(own) === digits(written)) ? undefined : written
}

const digits = (number: string) => number.replace(/\D/g, '')
