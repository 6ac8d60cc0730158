import { type Clock, clocks } from './clock-said.ts'
import { type DayPart, PART, partIn } from './day-part.ts'
import { fromLunar } from './lunar.ts'
import { spokenNumber } from './place-words.ts'
import { type Found, findAll, type Said } from './said.ts'

/** A calendar day in Vietnam. */
interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

export interface WhenRead {
  /** `2026-01-19`, or `2026-01-19T05:30:00+07:00` where the text tells the hour. */
  readonly value: string
  readonly precision: 'day' | 'hour'
  readonly confidence: number
  readonly start: number
  readonly end: number
  readonly why: string
}

/** One expression for a day, with what must be known to place it. */
interface DayFound {
  readonly found: Found
  readonly day: Day
  /** Part of the day, which tells 7 in the evening from 7 in the morning. */
  readonly part?: DayPart | undefined
  /** The very hour of the message. */
  readonly now?: true
  readonly weight: number
}

/** Hours east of Greenwich, all year (Vietnam has no other time in summer). */
const ZONE_MS = 7 * 3600_000

/** When it happened, by what the text says, as seen from when it came. Undefined where it tells no single day. */
export function readWhen(said: Said, receivedAt: Date): WhenRead | undefined {
  const at = new Date(receivedAt.getTime() + ZONE_MS)
  const days = [...relativeDays(said, at), ...namedDays(said, at), ...dates(said, at), ...lunarDays(said, at)]
  const fitting = days.filter(
    ({ day, found }) => toMs(day) <= toMs(dayOf(at)) && !isHabit(said, found) && !isOther(said, found),
  )
  const best = fitting.sort((a, b) => b.weight - a.weight || a.found.first - b.found.first)[0]
  if (best === undefined) return clockAlone(said, at)
  const span = { start: best.found.start, end: best.found.end }
  if (best.now) return timed({ ...best, at, hour: at.getUTCHours(), minute: at.getUTCMinutes() })
  const clock = clockNear(said, best.found, best.part)
  if (clock !== undefined) return timed({ ...best, at, ...clock })
  return { value: iso(best.day), precision: 'day', confidence: 0.8, ...span, why: best.found.words }
}

function timed(of: DayFound & { readonly hour: number; readonly minute: number; readonly at: Date }): WhenRead {
  const { day, hour, minute, found } = of
  const value = `${iso(day)}T${two(hour)}:${two(minute)}:00+07:00`
  return { value, precision: 'hour', confidence: 0.85, start: found.start, end: found.end, why: found.words }
}

const TODAY = new RegExp(
  ` (?:(?:tu |luc |hoi |moi |khoang |${PART} )*(?:${PART}|bua|hom) nay|hoi ${PART}|tu ${PART} (?:toi |den )?gio|${PART} gio|tu sang som|tu (?:sang|chieu|trua)(?! (?:toi|den|qua|som) )(?= )|(?:nay|nua) gio|luc nay|hoi nay|nay gio|rang sang)(?= )`,
  'g',
)
const YESTERDAY = new RegExp(
  ` (?:${PART} |luc |hoi )*(?:(?:hom|bua) qua|${PART} (?:hom )?qua|hoi hom)(?: ${PART})?(?= )`,
  'g',
)
const BEFORE = new RegExp(` (?:${PART} )?(?:hom|bua|ngay) kia(?= )`, 'g')
const NOW =
  / (?:ngay luc nay|ngay bay gio|luc nay day|vua (?:co|xay ra|moi co|moi xay ra|phai|thay|bi|suyt)|moi vua|vua xong|vua nay)(?= )/g

function* relativeDays(said: Said, at: Date): Generator<DayFound> {
  const today = dayOf(at)
  for (const found of findAll(said, NOW)) if (isRight(said, found)) yield { found, day: today, now: true, weight: 3 }
  for (const found of findAll(said, TODAY)) {
    if (!isRight(said, found)) continue
    const part = partIn(found.words)
    // After midnight "tonight" is the evening before.
    const late = at.getUTCHours() < 4 && (part === 'evening' || part === 'night')
    const ahead = isAhead(part, at) && !late
    // "hồi chiều" said in the morning is of the day before; what was late at night is over only since a few hours.
    const over = ahead && found.words.startsWith('hoi ')
    if (ahead && !over) continue
    const back = late || (over && !found.words.includes('khuya'))
    yield { found, part, day: back ? addDays(today, -1) : today, weight: part === undefined ? 2 : 3 }
  }
  for (const found of findAll(said, YESTERDAY))
    if (isRight(said, found)) {
      // At two in the morning "đêm qua" may well be this night: it began yesterday all the same.
      yield { found, part: partIn(found.words), day: addDays(today, -1), weight: 3 }
    }
  for (const found of findAll(said, BEFORE))
    if (isRight(said, found)) yield { found, part: partIn(found.words), day: addDays(today, -2), weight: 3 }
}

/** "chiều nay" written in the morning is a plan. */
function isAhead(part: DayPart | undefined, at: Date): boolean {
  const hour = at.getUTCHours()
  return (
    (part === 'afternoon' && hour < 11) ||
    (part === 'evening' && hour >= 4 && hour < 15) ||
    (part === 'night' && hour >= 4 && hour < 18)
  )
}

const WEEKDAYS: Readonly<Record<string, number>> = {
  ...{ hai: 1, 2: 1, ba: 2, 3: 2, tu: 3, 4: 3, nam: 4, 5: 4, sau: 5, 6: 5, bay: 6, 7: 6 },
}
const WEEKDAY = new RegExp(
  ` (?:${PART} )?(?:hom |bua |tu |ngay )*(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)(?: (?:tuan truoc|vua roi|vua qua|tuan roi))?(?= )`,
  'g',
)

/** The last day of that name, today among them. */
function* namedDays(said: Said, at: Date): Generator<DayFound> {
  for (const found of findAll(said, WEEKDAY)) {
    if (!isWeekday(said, found)) continue
    const name = /thu (\S+)/.exec(found.words)?.[1]
    const wanted = name === undefined ? 0 : WEEKDAYS[name]
    if (wanted === undefined) continue
    const today = dayOf(at)
    const back = (at.getUTCDay() - wanted + 7) % 7
    const day = addDays(today, -(/tuan (?:truoc|roi)/.test(found.words) && back < at.getUTCDay() ? back + 7 : back))
    yield { found, day, part: partIn(found.words), weight: 2.5 }
  }
}

/** "lần thứ ba", "ngày thứ hai liên tiếp", "con thứ hai" count something else; so does "thư". */
function isWeekday(said: Said, { words, first, last }: Found): boolean {
  const before = said.folded[first - 1] ?? ''
  const after = said.folded[last + 1] ?? ''
  if (
    /^(?:lan|con|ngay|tang|cai|nguoi|hang|sap|ho|bac|can|vu|doi|giai)$/.test(before) ||
    after === 'lien' ||
    after === 'tinh'
  )
    return false
  if (/^ngay thu/.test(words)) return false
  return !words.includes('thu ') || isMarked(said, first, last, 'thu', ['thứ', 'thu'])
}

const DATE =
  / (?:(?:rang sang|sang som|sang|trua|chieu|toi|dem|khuya|hom|ngay|bua|tu|luc) )*(?:ngay |hom |mung |mong )?(\d{1,2}) (?:thang )?(\d{1,2})(?: (?:nam )?(20\d\d))?(?= )/g

function* dates(said: Said, at: Date): Generator<DayFound> {
  const today = dayOf(at)
  for (const found of findAll(said, DATE)) {
    const numbers = found.words.match(/\d+/g)!.map(Number)
    const [day, month, given] = numbers as [number, number, number | undefined]
    if (!isDateWritten(said, found)) continue
    if (day < 1 || day > 31 || month < 1 || month > 12) continue
    const year = given ?? (toMs({ ...today, month, day }) > toMs(today) + 40 * DAY_MS ? today.year - 1 : today.year)
    yield { found, day: { year, month, day }, part: partIn(found.words), weight: 2.7 }
  }
}

/** "5/11", "5-11", "5.11" or "5 tháng 11", and not "3/4 mặt đường", "24/7", "QL1 5". */
function isDateWritten(said: Said, { words, last }: Found): boolean {
  const numbers = [...words.matchAll(/\d+/g)]
  const back = words.slice(numbers[0]!.index).split(' ').length
  const first = last - back + 1
  const asWritten = said.text.slice(said.source.at[said.words[first]!.start], said.source.at[said.words[last]!.end])
  if (/th[aá]ng/iu.test(asWritten.normalize('NFC'))) return true
  if (!/^\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?20\d\d)?$/.test(asWritten)) return false
  const spoken = /(?:ngay|hom|sang|toi|dem|chieu|tu|trua|mung) \d/.test(words)
  const after = said.folded[last + 1] ?? ''
  if (/^(?:mat|duong|so|mieng|chieu|dien|nha|nguoi|kg|m|met)$/.test(after) && !spoken) return false
  const before = said.text.slice(0, said.source.at[said.words[first]!.start])
  return spoken || (asWritten.includes('/') && /\($/.test(before))
}

const LUNAR =
  / (?:(?:sang|trua|chieu|toi|dem|hom|ngay) )*(?:(?:mung|mong) (\S+)(?: (?:tet|thang (\S+)(?: am lich| am| al)?))?|ram(?: thang (\S+))?|(\d{1,2}) tet|(?:ngay )?(\d{1,2}) thang (gieng|chap))(?= )/g

/** "mùng 4 Tết", "rằm tháng Giêng", "23 tháng Chạp", "30 Tết": by the Vietnamese calendar, the last one before the message. */
function* lunarDays(said: Said, at: Date): Generator<DayFound> {
  for (const found of findAll(said, LUNAR)) {
    const lunar = lunarIn(found.words)
    if (lunar === undefined) continue
    // The last day of the year is "30 Tết" also where its month has only 29.
    const onYear = (year: number) =>
      fromLunar({ ...lunar, year }) ?? (lunar.day === 30 ? fromLunar({ ...lunar, day: 29, year }) : undefined)
    const day = [0, -1]
      .map((back) => onYear(at.getUTCFullYear() + back))
      .find((each) => each !== undefined && toMs(each) <= toMs(dayOf(at)))
    if (day !== undefined) yield { found, day, part: partIn(found.words), weight: 2.6 }
  }
}

const MONTHS: Readonly<Record<string, number>> = { gieng: 1, chap: 12, mot: 11 }

function lunarIn(words: string): { readonly month: number; readonly day: number } | undefined {
  const month = /thang (\S+)/.exec(words)?.[1]
  const monthNumber = month === undefined ? undefined : (MONTHS[month] ?? numberOf(month))
  const early = /(?:mung|mong) (\S+)/.exec(words)?.[1]
  if (early !== undefined) {
    const day = numberOf(early)
    // Without its month it is Tết's, or the first days of a month that nobody names.
    if (day === undefined || day > 10 || (monthNumber === undefined && !words.includes('tet'))) return undefined
    return { day, month: monthNumber ?? 1 }
  }
  if (/(?:^| )ram/.test(words)) return monthNumber === undefined ? undefined : { day: 15, month: monthNumber }
  const day = Number(/\d+/.exec(words)?.[0])
  if (words.endsWith('tet')) return day >= 23 && day <= 30 ? { day, month: 12 } : undefined
  return monthNumber === undefined ? undefined : { day, month: monthNumber }
}

function numberOf(word: string): number | undefined {
  return /^\d+$/.test(word) ? Number(word) : spokenNumber([word])?.value
}

/** Behind or before these nobody speaks of one day. */
const HABIT =
  / (?:moi|nao cung|hang|thuong|thuong xuyen|deu dan|lien tuc may|hom nao|ngay nao|toi nao|dem nao|sang nao|chieu nao|thang nao|khi nao|bao gio|may hom|may bua|may ngay|ca tuan|gan nhu) /

function isHabit(said: Said, { first, last }: Found): boolean {
  const next = said.folded[last + 1] ?? ''
  if (next === 'nao' || next === 'hang') return true
  if (/^ sinh /.test(` ${said.folded[first - 1] ?? ''} `)) return true
  const near = ` ${said.folded.slice(Math.max(0, first - 3), first).join(' ')} `
  return /^(?:may|moi|nhieu)$/.test(said.folded[first - 1] ?? '') || HABIT.test(near)
}

/** A day of a paper, of a deadline or of a birth is not that of the matter. */
const OTHER =
  / (?:quyet dinh|qd|so|van ban|nop|ho so|giay|hen|cap|han|bao cao|du kien|cong van|bai bao|nghi quyet|luat|hop dong|truoc|bao dien tu|hoa don|khai giang|den|toi|ra) (?:[^ |]+ ){0,4}(?:ngay |tu |vao )?$/

function isOther({ flat, starts, folded }: Said, { first, last, words }: Found): boolean {
  if (/^(?:den|toi) /.test(` ${words}`) || folded[last + 1] === 'bao') return true
  if (!/\d/.test(words)) return false
  return OTHER.test(flat.slice(Math.max(0, starts[first]! - 28), starts[first]!))
}

/** The hour that stands beside a day, in its clause or the next. */
function clockNear(said: Said, { first, last }: Found, part: DayPart | undefined): Clock | undefined {
  let best: { readonly clock: Clock; readonly away: number } | undefined
  for (const { clock, found } of clocks(said, part)) {
    const away = Math.max(0, found.first - last, first - found.last)
    if (away <= 6 && (best === undefined || away < best.away)) best = { clock, away }
  }
  if (best !== undefined) return best.clock
  // "tối hôm qua … chừng chín rưỡi tối": farther off, and of the same part of the day.
  for (const { clock, found } of clocks(said, undefined))
    if (part !== undefined && partIn(found.words) === part && !isHabit(said, found)) return clock
  return undefined
}

/** An hour without a day, "lúc 5h30": of today, or of yesterday where that is still to come. */
function clockAlone(said: Said, at: Date): WhenRead | undefined {
  for (const { clock, found } of clocks(said, undefined)) {
    if (
      !/(?:^| )(?:luc|hoi|vao luc|(?<! lam )tu|tu luc|tu hoi) $/.test(
        said.flat.slice(Math.max(0, said.starts[found.first]! - 10), said.starts[found.first]!),
      )
    )
      continue
    if (isHabit(said, found)) continue
    const today = dayOf(at)
    const ahead = clock.hour * 60 + clock.minute > at.getUTCHours() * 60 + at.getUTCMinutes()
    return timed({ found, day: ahead ? addDays(today, -1) : today, weight: 1, at, ...clock })
  }
  return undefined
}

/** Words that mean a time of day with these accents alone: "sang" goes over, "tới" comes, "nay" is any. */
const ACCENTED: Readonly<Record<string, readonly string[]>> = {
  ...{
    sang: ['sáng'],
    trua: ['trưa'],
    chieu: ['chiều'],
    toi: ['tối'],
    dem: ['đêm'],
    khuya: ['khuya'],
    hom: ['hôm'],
    gio: ['giờ'],
  },
  ...{
    vua: ['vừa'],
    nay: ['nay', 'này', 'nãy'],
    qua: ['qua'],
    bua: ['bữa'],
    hoi: ['hồi'],
    tu: ['từ'],
    den: ['đến'],
    thu: ['thứ'],
    kia: ['kia'],
    ngay: ['ngày', 'ngay'],
  },
}

/** Where the writer uses accents the words must have theirs. */
function isRight(said: Said, { first, last }: Found): boolean {
  if (!said.accented) return true
  for (let i = first; i <= last; i++) {
    const allowed = ACCENTED[said.folded[i]!]
    if (allowed !== undefined && !allowed.includes(written(said, i))) return false
  }
  return true
}

function isMarked(said: Said, first: number, last: number, word: string, allowed: readonly string[]): boolean {
  if (!said.accented) return true
  for (let i = first; i <= last; i++) if (said.folded[i] === word) return allowed.includes(written(said, i))
  return true
}

function written({ text, source, words }: Said, i: number): string {
  return text.slice(source.at[words[i]!.start], source.at[words[i]!.end]).normalize('NFC').toLowerCase()
}

const DAY_MS = 24 * 3600_000

function dayOf(at: Date): Day {
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

function toMs({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day)
}

function addDays(day: Day, count: number): Day {
  return dayOf(new Date(toMs(day) + count * DAY_MS))
}

const two = (value: number): string => String(value).padStart(2, '0')

function iso({ year, month, day }: Day): string {
  return `${year}-${two(month)}-${two(day)}`
}
