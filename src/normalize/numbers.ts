import type { Bare } from './bare.ts'

/** One piece of a number as written: "0912", "o9o2" (letters for zeros), or one spoken digit ("chín"). Offsets into the bare text. */
export interface NumberGroup {
  readonly digits: string
  readonly start: number
  readonly end: number
}

/** A letter o counts as zero inside or at the edge of digits, but not where it begins the next word ("12oto"). */
const TOKEN = /(?:o+(?=[0-9]))?[0-9]+(?:o+(?!\p{L})[0-9]*)*|\p{L}+/gu

const SPOKEN = new Map([
  ...Object.entries({ khong: '0', o: '0', mot: '1', hai: '2', ba: '3', bon: '4', tu: '4' }),
  ...Object.entries({ nam: '5', lam: '5', nham: '5', sau: '6', bay: '7', tam: '8', chin: '9' }),
])
/** mười is ten, or one before a digit; mươi and chục are zero after a digit, or nothing between two. Without accents: as it fits. */
const TENS = new Set(['muoi', 'chuc'])
type Ten = 'ten' | 'tens' | 'either'

/** What may stand between two groups of one number: blanks, dots, dashes, brackets, stars, a tight comma. A slash or a colon parts two. */
const JOINT = /^[\s.()_·•*~|'’\p{Pd}\u2212]{0,6}$|^,$/u

export function areJoined(bare: string, left: NumberGroup, right: NumberGroup): boolean {
  return right.start - left.end <= 6 && JOINT.test(bare.slice(left.end, right.start))
}

interface Token extends NumberGroup {
  readonly spoken?: boolean
  readonly ten?: Ten
}

/** The number groups of a text in order. `bare` may differ from `source.bare` where something was blotted out, not in length. */
export function numberGroups(source: Bare, bare: string = source.bare): NumberGroup[] {
  const tokens: Token[] = []
  for (const match of bare.matchAll(TOKEN)) {
    const token = match[0]
    const span = { start: match.index, end: match.index + token.length }
    if (/[0-9]/.test(token)) tokens.push(...digitGroups(source, token, span.start))
    else if (TENS.has(token)) tokens.push({ digits: '', ...span, ten: tenOf(source, span), spoken: true })
    else if (SPOKEN.has(token) && !(token === 'o' && source.marked[span.start]))
      tokens.push({ digits: SPOKEN.get(token)!, ...span, spoken: token !== 'o' })
  }
  return tokens.map((token, i) => (token.ten ? { ...token, digits: tenDigits(bare, tokens, i, token.ten) } : token))
}

function tenOf({ text, at }: Bare, { start, end }: Pick<NumberGroup, 'start' | 'end'>): Ten {
  const written = text.slice(at[start], at[end]).normalize('NFC').toLowerCase()
  return written.includes('ờ') ? 'ten' : written === 'muoi' ? 'either' : 'tens'
}

function tenDigits(bare: string, tokens: readonly Token[], i: number, ten: Ten): string {
  const [left, token, right] = [tokens[i - 1], tokens[i]!, tokens[i + 1]]
  const before = right?.spoken === true && !right.ten && areJoined(bare, token, right)
  const after = ten !== 'ten' && left?.spoken === true && !left.ten && areJoined(bare, left, token)
  return after ? (before ? '' : '0') : before ? '1' : '10'
}

/** "12ở" is the number 12 and a word: an o that carried a diacritic is no zero. */
function digitGroups(source: Bare, token: string, start: number): NumberGroup[] {
  const isZero = (i: number) => token[i] !== 'o' || !source.marked[start + i]
  if (!token.includes('o') || Array.from(token).every((_, i) => isZero(i)))
    return [{ digits: token.replaceAll('o', '0'), start, end: start + token.length }]
  return Array.from(token.matchAll(/[0-9]+/g), (part) => {
    const from = start + part.index
    return { digits: part[0], start: from, end: from + part[0].length }
  })
}

const MONEY_UNIT = /^ ?(?:d|dong|vnd|usd|trieu|ty|ti|nghin|ngan|k)(?![a-z0-9])/

/** Whether groups[first..last] are an amount of money by the word behind it and, if in parts, by thousands ("84.912.345.678 đồng"). */
export function isMoney(bare: string, groups: readonly NumberGroup[], first: number, last: number): boolean {
  const end = groups[last]!.end
  if (!MONEY_UNIT.test(bare.slice(end, end + 7))) return false
  for (let i = first + 1; i <= last; i++) if (groups[i]!.digits.length !== 3) return false
  return first === last || groups[first]!.digits.length <= 3
}

/** Whether groups[i] is the first of a date: day, month and a year of four digits ("09.01.2026"), or month and year behind "tháng". */
export function isDate(bare: string, groups: readonly NumberGroup[], i: number): boolean {
  const [first, second, third] = [groups[i], groups[i + 1], groups[i + 2]]
  if (!first || !second) return false
  const joint = bare.slice(first.end, second.start)
  if (!/^[-. ]$/.test(joint)) return false
  if (
    isUpTo(first.digits, 12) &&
    isYear(second.digits) &&
    /thang $/.test(bare.slice(Math.max(0, first.start - 6), first.start))
  )
    return true
  if (!third || !isUpTo(first.digits, 31) || !isUpTo(second.digits, 12) || !isYear(third.digits)) return false
  return bare.slice(second.end, third.start) === joint
}

function isUpTo(digits: string, most: number): boolean {
  return digits.length <= 2 && Number(digits) >= 1 && Number(digits) <= most
}

export function isYear(digits: string): boolean {
  return /^(?:19|20)\d\d$/.test(digits)
}
