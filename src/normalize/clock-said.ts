import { type DayPart, PART, partIn, partOf } from './day-part.ts'
import { spokenNumber } from './place-words.ts'
import { type Found, findAll, type Said } from './said.ts'

const NUMBER = '(?:\\d{1,2}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi(?: (?:mot|hai))?|hai (?:muoi )?(?:mot|hai|ba))'
const CLOCK = new RegExp(
  ` (${NUMBER}) ?(?:h|gio|g)(?: (kem )?(ruoi|${NUMBER}|\\d{2}))?(?: phut)?(?: (${PART}))?(?= )| (\\d{1,2}) (\\d{2})(?= )| (${NUMBER}) (ruoi)(?: (${PART}))?(?= )`,
  'g',
)

export interface Clock {
  readonly hour: number
  readonly minute: number
}

/** Every hour that a text tells: "5h30", "19:30", "chín rưỡi tối", "8 giờ kém 15". `part`: what part of the day is spoken of. */
export function* clocks(
  said: Said,
  part: DayPart | undefined,
): Generator<{ readonly clock: Clock; readonly found: Found }> {
  for (const found of findAll(said, CLOCK)) {
    const clock = clockIn(said, found, part)
    if (clock !== undefined && !isRange(said, found)) yield { clock, found }
  }
}

function clockIn(said: Said, found: Found, part: DayPart | undefined): Clock | undefined {
  const { words, first, last } = found
  const own = partIn(words.split(' ').slice(1).join(' ')) ?? part
  const written = said.text.slice(said.source.at[said.words[first]!.start], said.source.at[said.words[last]!.end])
  const colon = /^(\d{1,2})[:.](\d{2})$/.exec(written.trim())
  if (/^\d+ \d{2}$/.test(words)) {
    if (colon === null || !written.includes(':')) return undefined
    return valid(Number(colon[1]), Number(colon[2]), own)
  }
  const [, hourSaid, less, rest] = /^(.+?) ?(?:\bh\b|\bgio\b|\bg\b)(?: (kem))?(?: (\S+))?/.exec(words) ?? []
  const hour = numberIn(hourSaid ?? words.split(' ruoi')[0]!)
  if (hour === undefined) return undefined
  const half = / ruoi/.test(words)
  const minute = half ? 30 : rest === undefined || partOf(rest) !== undefined ? 0 : (numberIn(rest) ?? 0)
  return less === undefined ? valid(hour, minute, own) : valid(hour - 1, 60 - minute, own)
}

function numberIn(words: string): number | undefined {
  if (/^\d+$/.test(words)) return Number(words)
  return spokenNumber(words.split(' '))?.value
}

function valid(hour: number, minute: number, part: DayPart | undefined): Clock | undefined {
  if (hour > 24 || minute > 59 || hour < 0) return undefined
  return { hour: hourOn(hour, part) % 24, minute }
}

/** "7 giờ tối" is 19; "2 giờ đêm" is 2, "11 giờ đêm" 23; "12 giờ đêm" 0. */
function hourOn(hour: number, part: DayPart | undefined): number {
  if (hour > 12) return hour
  if (part === 'afternoon' || part === 'evening') return hour < 12 ? hour + 12 : hour
  if (part === 'noon') return hour < 4 ? hour + 12 : hour
  if (part === 'night') return hour === 12 ? 0 : hour >= 7 ? hour + 12 : hour
  return hour
}

/** "từ 22h tới 4h", "10h-2h", "8h đến 17h": opening hours and habits. */
function isRange(said: Said, { words, last }: Found): boolean {
  // "22h tới 4h" is taken for "22h tối" where it stands without accents.
  if (words.endsWith(' toi') && numberIn(said.folded[last + 1] ?? '') !== undefined) return true
  const gap =
    said.words[last + 1] === undefined ? '' : said.source.bare.slice(said.words[last]!.end, said.words[last + 1]!.start)
  const [next = '', after = ''] = said.folded.slice(last + 1)
  return (/^\s?[-–]\s?$/.test(gap) && /^\d/.test(next)) || (/^(?:toi|den)$/.test(next) && numberIn(after) !== undefined)
}
