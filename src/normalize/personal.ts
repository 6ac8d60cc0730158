import { type Bare, type Span, wordsOf } from './bare.ts'
import { spotEmails } from './email.ts'
import { areJoined, isDate, isMoney, type NumberGroup, numberGroups } from './numbers.ts'
import { spotPhones, toE164 } from './phone.ts'

/**
 * What a rule reads: `bare` is the source's bare text with everything already found blotted out by ●, length for length. No
 * rule reads across a ●, so it sees the same in a text that was masked before.
 */
export interface Blotted {
  readonly source: Bare
  readonly bare: string
  readonly groups: readonly NumberGroup[]
  readonly words: readonly Span[]
}

/** Groups and words are found when first asked for, and once. */
export function blotted(source: Bare, bare: string): Blotted {
  let groups: readonly NumberGroup[] | undefined
  let words: readonly Span[] | undefined
  return {
    source,
    bare,
    get groups() {
      groups ??= numberGroups(source, bare)
      return groups
    },
    get words() {
      words ??= wordsOf(bare)
      return words
    },
  }
}

/** Its spans may overlap. */
export type Rule = (text: Blotted) => readonly Span[]

export const emails: Rule = ({ bare }) => spotEmails(bare)

export const phones: Rule = ({ bare, groups }) => spotPhones(bare, groups)

/**
 * Vehicle plates: province 11 to 99, a series of one or two letters with or without a digit, then 123.45, 12345 or 1234. Each
 * part may stand apart; the looser the writing, the more must speak for a plate (a capital, a dash, a word such as "biển số").
 */
const PLATE = /(?<![a-z0-9])([1-9]\d)( ?-? ?)([a-z]{1,2}\d?)( ?[-.]? ?)(\d{3}\.\d{2}|\d{4,5})(?![a-z0-9])/g
const PLATE_WORD = /(?:^|[^a-z])(?:bien(?: so| kiem soat)?|bks|bs)[ :.]{0,3}$/
/** "20 m2", "15k", "7h": a measure, a price or an hour where it is written small, not a series. */
const MEASURE = /^(?:[kcdm]?m[23]?|kg|k|g|h|p|s|tr|ty|d|ha|l)$/

export const plates: Rule = ({ source, bare }) => {
  const found: Span[] = []
  for (const match of bare.matchAll(PLATE)) {
    const [all, province, gap, series, joint, number] = match.slice(0, 6) as [string, ...string[]]
    const start = match.index
    const capital = /\p{Lu}/u.test(source.text.charAt(source.at[start + province!.length + gap!.length]!))
    const numbered = /\d$/.test(series!)
    const dotted = number!.includes('.')
    const ended = dotted || /-|^$/.test(joint!) || (number!.length === 5 && (capital || numbered))
    const begun = gap !== ' ' || numbered || (dotted && capital)
    const named = PLATE_WORD.test(bare.slice(Math.max(0, start - 20), start))
    if (named || (begun && ended && (capital || !MEASURE.test(series!)))) found.push({ start, end: start + all.length })
  }
  return found
}

/** The reporter's own number in any grouping, also with slashes or without its zero ("912/345/678"). */
export function ownPhone(phone: string): Rule {
  const national = (toE164(phone) ?? phone).replace(/\D/g, '').replace(/^(?:84|0)/, '')
  if (national.length < 7) return () => []
  return ({ bare, groups }) => {
    return spotsOf(groups, (first) => {
      let digits = ''
      for (let last = first; last < groups.length && digits.length < 14; last++) {
        if (last > first && !OWN_JOINT.test(bare.slice(groups[last - 1]!.end, groups[last]!.start))) return undefined
        digits += groups[last]!.digits
        if (digits.replace(/^(?:(?:00)?840?|0)/, '') === national || digits === national) return last
      }
      return undefined
    })
  }
}
const OWN_JOINT = /^[^\p{L}\p{N}●]{0,6}$/u

/** Identity cards (9 digits CMND, 12 CCCD), however grouped. */
export const identityNumbers: Rule = ({ bare, groups }) => {
  return spotsOf(groups, (first) => {
    if (isLong(bare, groups, first)) return [9, 12].includes(groups[first]!.digits.length) ? first : undefined
    return groupedCard(bare, groups, first)
  })
}

/** Accounts, cards and whatever else has nine digits or more and is neither money nor a coordinate; six behind a word for accounts. */
export const accountNumbers: Rule = ({ bare, groups }) => {
  return spotsOf(groups, (first) => {
    if (isLong(bare, groups, first)) return first
    return spelledOut(bare, groups, first) ?? bankCard(bare, groups, first) ?? announced(bare, groups, first)
  })
}

function spotsOf(groups: readonly NumberGroup[], endOf: (first: number) => number | undefined): Span[] {
  const found: Span[] = []
  for (let i = 0; i < groups.length; i++) {
    const last = endOf(i)
    if (last === undefined) continue
    found.push({ start: groups[i]!.start, end: groups[last]!.end })
    i = last
  }
  return found
}

function isLong(bare: string, groups: readonly NumberGroup[], i: number): boolean {
  const { digits, start } = groups[i]!
  if (digits.length < 9) return false
  return (digits.startsWith('0') || !isMoney(bare, groups, i, i)) && !isDecimal(bare, start)
}

/** Behind "21." or "103.": decimals of a coordinate in Vietnam (8 to 24 north, 102 to 118 east), which say where the matter is. */
function isDecimal(bare: string, start: number): boolean {
  const whole = /(?:^|[^\d.,])(\d{1,3})\.$/.exec(bare.slice(Math.max(0, start - 5), start))?.[1]
  return (
    whole !== undefined &&
    ((Number(whole) >= 8 && Number(whole) <= 24) || (Number(whole) >= 102 && Number(whole) <= 118))
  )
}

/** The ways in which people break the 12 digits of a CCCD; it begins with the 0 of a province's code. */
const CARD_SHAPES = new Set(['3-3-3-3', '4-4-4', '3-3-6', '6-6', '3-9', '3-1-2-6', '3-1-8', '4-2-6'])

function groupedCard(bare: string, groups: readonly NumberGroup[], first: number): number | undefined {
  if (!groups[first]!.digits.startsWith('0')) return undefined
  const last = chainOf(bare, groups, first, 12)
  return last !== undefined && CARD_SHAPES.has(shapeOf(groups, first, last)) ? last : undefined
}

/** Four times four digits, unless they are four years. */
function bankCard(bare: string, groups: readonly NumberGroup[], first: number): number | undefined {
  const last = chainOf(bare, groups, first, 16)
  if (last === undefined || shapeOf(groups, first, last) !== '4-4-4-4') return undefined
  return groups.slice(first, last + 1).every(({ digits }) => /^(?:19|20)/.test(digits)) ? undefined : last
}

/** Nine digits or more, each by itself or spoken. */
function spelledOut(bare: string, groups: readonly NumberGroup[], first: number): number | undefined {
  let last = first
  while (groups[last]!.digits.length <= 1 && groups[last + 1] && areJoined(bare, groups[last]!, groups[last + 1]!))
    last++
  while (last > first && groups[last]!.digits.length > 1) last--
  return last - first >= 8 ? last : undefined
}

const ACCOUNT_WORD =
  /(?:^|[^a-z])(?:stk|so tk|tk|tai khoan|cmnd|cmt|cccd|can cuoc|chung minh|ho chieu|passport|vietcombank|vcb|agribank|vietinbank|bidv|techcombank|mbbank|sacombank|momo)[^●\d]{0,24}$/

/** Six digits or more behind a word for an account or a card. */
function announced(bare: string, groups: readonly NumberGroup[], first: number): number | undefined {
  const { start } = groups[first]!
  if (!isWritten(bare, groups[first]!) || isDate(bare, groups, first)) return undefined
  if (!ACCOUNT_WORD.test(bare.slice(Math.max(0, start - 48), start))) return undefined
  let size = 0
  let last = first
  for (; last < groups.length && last < first + 24; last++) {
    if (last > first && !(isTight(bare, groups[last - 1]!, groups[last]!) && isWritten(bare, groups[last]!))) break
    size += groups[last]!.digits.length
  }
  return size >= 6 && !isMoney(bare, groups, first, last - 1) ? last - 1 : undefined
}

/** In figures, not in words. */
function isWritten(bare: string, { start, end }: NumberGroup): boolean {
  return /\d/.test(bare.slice(start, end))
}

/** The group with which exactly `size` digits are complete, or undefined. */
function chainOf(bare: string, groups: readonly NumberGroup[], first: number, size: number): number | undefined {
  let digits = 0
  for (let last = first; last < groups.length && last < first + size; last++) {
    if (last > first && !isTight(bare, groups[last - 1]!, groups[last]!)) return undefined
    digits += groups[last]!.digits.length
    if (digits >= size) return digits === size ? last : undefined
  }
  return undefined
}

function isTight(bare: string, left: NumberGroup, right: NumberGroup): boolean {
  return /^(?: {1,2}|[.-])$/.test(bare.slice(left.end, Math.min(right.start, left.end + 4)))
}

function shapeOf(groups: readonly NumberGroup[], first: number, last: number): string {
  return groups
    .slice(first, last + 1)
    .map(({ digits }) => digits.length)
    .join('-')
}
