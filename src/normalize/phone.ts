import { type Bare, originalSpan, toBare } from './bare.ts'
import { areJoined, isDate, isMoney, isYear, type NumberGroup, numberGroups } from './numbers.ts'

/** Nine digits after the leading zero. Ranges of the networks of 2026; 055 is Wintel, 087 iTel. */
const MOBILE = /^(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])\d{7}$/
/**
 * Ten digits after the leading zero: area code and seven digits, Hà Nội and TP.HCM eight. A subscriber's number never
 * begins with 0 or 1, which keeps hotlines such as 0262.1022 out.
 */
const LANDLINE =
  /^2(?:4[2-8]\d|8[2-9]\d|(?:0[3-9]|1[0-689]|2[0-25-9]|3[2-9]|5[124-9]|6[0-39]|7[0-7]|9[0-4679])[2-9])\d{6}$/

/** Mobile numbers of 11 digits changed on 15/9/2018; people still give them. Without the leading zero. */
const OLD_MOBILE = new Map([
  ...Object.entries({ 120: '70', 121: '79', 122: '77', 126: '76', 128: '78' }),
  ...Object.entries({ 123: '83', 124: '84', 125: '85', 127: '81', 129: '82' }),
  ...Object.entries({ 162: '32', 163: '33', 164: '34', 165: '35', 166: '36', 167: '37', 168: '38', 169: '39' }),
  ...Object.entries({ 186: '56', 188: '58', 199: '59' }),
])
/**
 * Area codes changed in 2017, without the leading zero: code, digits after it, code now. Left out are 056 (Bình Định) and
 * 059 (Gia Lai): with their seven digits they are mobile numbers today. 08 (TP.HCM) counts only where it is set apart.
 */
const OLD_AREAS: readonly (readonly [string, number, string])[] = [
  ['780', 7, '290'],
  ['781', 7, '291'],
  ['230', 7, '215'],
  ['500', 7, '262'],
  ['650', 7, '274'],
  ['57', 7, '257'],
  ['64', 7, '254'],
]

interface Spotted {
  /** E.164; undefined for a number of another country, which is personal but no contact here. */
  readonly value: string | undefined
  readonly start: number
  readonly end: number
}

/**
 * Phone numbers in a text, however written: 0912.345.678, 84912…, +84 (0) 912…, letters o for zeros, digits as they are spoken.
 * Offsets are of the bare text. Linear: a number has at most 16 groups.
 */
export function spotPhones(bare: string, groups: readonly NumberGroup[]): Spotted[] {
  const found: Spotted[] = []
  for (let i = 0; i < groups.length; ) {
    const spotted = phoneAt(bare, groups, i)
    if (!spotted) {
      i++
      continue
    }
    found.push(withPrefix(bare, groups, i, spotted))
    i = spotted.last + 1
  }
  return found
}

/** A mobile number with its zero. */
const SHORTEST = 10

interface Reading {
  readonly value: string | undefined
  readonly last: number
}

function phoneAt(bare: string, groups: readonly NumberGroup[], first: number): Reading | undefined {
  const begin = groups[first]!
  const plus = /\+ ?\(?$/.test(bare.slice(Math.max(0, begin.start - 3), begin.start))
  if (!plus && !/^[08]/.test(begin.digits)) return undefined
  if (isInside(bare, groups, first)) return undefined
  if (isDate(bare, groups, first) || isDate(bare, groups, first - 1)) return undefined
  let digits = ''
  let foreign: Reading | undefined
  for (let last = first; last < groups.length && last < first + 16; last++) {
    const group = groups[last]!
    if (last > first && !isContinued(bare, begin, groups[last - 1]!, group)) break
    digits += group.digits
    if (digits.length > 15) break
    const value = digits.length < SHORTEST ? undefined : toValue(digits, plus, bare.slice(begin.start, group.end))
    if (value && (plus || digits.startsWith('0') || !isMoney(bare, groups, first, last))) return { value, last }
    if (plus && digits.length >= 8) foreign = { value: undefined, last }
  }
  return digits.startsWith('84') || digits.startsWith('0') ? undefined : foreign
}

/** "0912/345/678" is a phone; "09/12/345" is a house in alleys and "0352/2026" a decision of a year. */
function isContinued(bare: string, begin: NumberGroup, left: NumberGroup, right: NumberGroup): boolean {
  if (areJoined(bare, left, right)) return true
  return begin.digits.length > 2 && !isYear(right.digits) && bare.slice(left.end, right.start) === '/'
}

/** Digits set apart one by one are one number: it does not begin at a later zero. */
function isInside(bare: string, groups: readonly NumberGroup[], i: number): boolean {
  const [left, right] = [groups[i - 1], groups[i]!]
  return left !== undefined && isSingle(left) && isSingle(right) && areJoined(bare, left, right)
}

function isSingle({ start, end }: NumberGroup): boolean {
  return end - start === 1
}

function toValue(digits: string, plus: boolean, written: string): string | undefined {
  const set = /^08[\s.)-]{1,2}([2-9]\d{3})[\s.-]?(\d{4})$/.exec(written)
  if (set) return `+8428${set[1]}${set[2]}`
  const national = withoutPrefix(digits, plus || written.includes('(0)'))
  return national === undefined ? undefined : subscriber(national)
}

function withoutPrefix(digits: string, zeroMayFollow: boolean): string | undefined {
  const country = /^(?:00)?84/.exec(digits)?.[0]
  if (country === undefined) return digits.startsWith('0') ? digits.slice(1) : undefined
  const rest = digits.slice(country.length)
  return rest.startsWith('0') && (zeroMayFollow || country === '0084') ? rest.slice(1) : rest
}

function subscriber(national: string): string | undefined {
  if (MOBILE.test(national) || LANDLINE.test(national)) return `+84${national}`
  const mobile = OLD_MOBILE.get(national.slice(0, 3))
  if (mobile && national.length === 10) return `+84${mobile}${national.slice(3)}`
  const area = OLD_AREAS.find(([code, size]) => national.startsWith(code) && national.length === code.length + size)
  return area && /^[2-9]/.test(national.slice(area[0].length))
    ? `+84${area[2]}${national.slice(area[0].length)}`
    : undefined
}

/** Takes a plus, and a bracket that is closed inside, into the span. */
function withPrefix(bare: string, groups: readonly NumberGroup[], first: number, { value, last }: Reading): Spotted {
  const end = groups[last]!.end
  const before = bare.slice(Math.max(0, groups[first]!.start - 3), groups[first]!.start)
  const closed = bare.slice(groups[first]!.start, end).includes(')')
  const prefix = (closed ? /(?:\(\+ ?|\+ ?\(?|\()$/ : /\+ ?$/).exec(before)?.[0] ?? ''
  return { value, start: groups[first]!.start - prefix.length, end }
}

export interface FoundPhone {
  /** E.164: +84 and nine digits (mobile) or ten (landline). */
  readonly value: string
  readonly start: number
  readonly end: number
}

/**
 * The Vietnamese phone numbers in running text with their places in it (UTF-16). Short numbers and hotlines (1022,
 * 0262.1022, 113, 1900…), years, dates, kilometre posts, money, plates and 12-digit identity numbers are none.
 */
export function findPhones(text: string): FoundPhone[] {
  return findPhonesIn(toBare(text))
}

/** The same in a text that is bare already. */
export function findPhonesIn(source: Bare): FoundPhone[] {
  return spotPhones(source.bare, numberGroups(source)).flatMap(({ value, start, end }) =>
    value ? [{ value, ...originalSpan(source.at, start, end) }] : [],
  )
}

/** What a person wrote in a field for a phone number, as E.164; the first where there are several. */
export function toE164(text: string): string | undefined {
  return findPhones(text)[0]?.value
}

/** The four digits by which two people who both know a number can speak of it. */
export function lastFour(e164: string): string {
  return e164.slice(-4)
}
