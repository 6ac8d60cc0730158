import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { calendarOf, readCalendar } from './calendar.ts'

describe('the national calendar', () => {
  const read = readCalendar(readFileSync(new URL('../../../data/calendars/vn.yaml', import.meta.url), 'utf8'))
  const calendar = 'value' in read ? calendarOf([read.value], 'vn@0') : undefined

  it.each([
    [2025, 'official', '01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02', '04-26'],
    [
      2026,
      'official',
      '01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24',
      '01-10 08-22',
    ],
    [2027, 'provisional', '01-01 02-05 02-08 02-09 02-10 02-11 04-16 04-30 05-03 09-02 09-03 11-24', ''],
  ])('%i', (year, status, off, worked) => {
    const days = (set: ReadonlySet<string> | undefined) =>
      [...(set ?? [])]
        .filter((day) => day.startsWith(`${year}-`))
        .map((day) => day.slice(5))
        .join(' ')
    expect(calendar?.years.get(year)).toBe(status)
    expect(days(calendar?.off)).toBe(off)
    expect(days(calendar?.worked)).toBe(worked)
  })
})

describe('names the line of', () => {
  const good = `id: vn
hours: [{ from: 2020-01-01, sessions: [['07:30', '11:30'], ['13:30', '17:00']], source: a decision }]
years:
  - year: 2026
    status: official
    source: a notice
    days:
      - { day: 2026-01-01, is: off, why: new year }
      - { day: 2026-01-10, is: worked, why: exchange }
`
  it('nothing, when all is well', () => expect(readCalendar(good)).toHaveProperty('value'))

  it.each([
    ['a day off on a weekend', ['2026-01-01', '2026-01-03'], 8, /weekend/],
    ['a worked weekday', ['2026-01-10', '2026-01-12'], 9, /weekday/],
    ['a day of another year', ['2026-01-01', '2025-01-01'], 8, /not in 2026/],
    ['a day that does not exist', ['2026-01-01', '2026-02-30'], 8, /date/],
    [
      'a day that stands twice',
      [
        'is: worked, why: exchange }',
        'is: worked, why: exchange }\n      - { day: 2026-01-10, is: worked, why: again }',
      ],
      10,
      /twice/,
    ],
    ['an hour that does not exist', ["'17:00'", "'25:00'"], 2, /time of day/],
    ['a session that ends before it begins', ["'17:00'", "'13:00'"], 2, /must follow/],
    ['sessions that overlap', ["'13:30'", "'11:00'"], 2, /must follow/],
    ['no hours where nothing is extended', [/hours: .*/, 'hours: []'], 2, /no hours/],
    ['hours out of order', [/hours: \[(.*)\]/, 'hours: [$1, $1]'], 2, /not after/],
    ['a rule that nobody knows', ['id: vn', 'id: vn\ncloses: 5'], 1, /closes/],
  ] as const)('%s', (_, [from, to]: readonly [string | RegExp, string], line, problem) => {
    expect(readCalendar(good.replace(from, to))).toMatchObject({
      problems: [{ line, problem: expect.stringMatching(problem) }],
    })
  })
})

describe('a calendar that extends another', () => {
  const file = (text: string) => {
    const read = readCalendar(text)
    if ('problems' in read) throw new Error(JSON.stringify(read.problems))
    return read.value
  }
  const nation = file(`
id: vn
hours: [{ from: 2020-01-01, sessions: [['07:30', '17:00']], source: a }]
years:
  - year: 2026
    status: official
    source: a notice
    days: [{ day: 2026-01-01, is: off, why: new year }, { day: 2026-01-10, is: worked, why: exchange }]`)
  const own = (more: string) => calendarOf([file(`id: here\nextends: vn\n${more}`), nation], 'here@1 vn@1')

  it('has the days and hours of that one', () => {
    const calendar = own('')
    expect([...calendar.off, ...calendar.worked]).toEqual(['2026-01-01', '2026-01-10'])
    expect(calendar).toMatchObject({ id: 'here', version: 'here@1 vn@1', hours: [{ sessions: [[450, 1020]] }] })
  })
  it('has its own hours, and days of its own count over those', () => {
    const day = (date: string, is: string) => `{ day: ${date}, is: ${is}, why: a, source: b }`
    const calendar = own(`hours: [{ from: 2020-01-01, sessions: [['07:00', '16:30']], source: a }]
days: [${day('2026-01-01', 'worked')}, ${day('2026-01-10', 'off')}, ${day('2026-03-02', 'off')}, ${day('2026-03-07', 'worked')}]`)
    expect([[...calendar.off], [...calendar.worked]]).toEqual([['2026-03-02'], ['2026-03-07']])
    expect(calendar.hours[0]!.sessions).toEqual([[420, 990]])
  })
  it('may have a whole year of its own', () => {
    const calendar = own('years: [{ year: 2026, status: provisional, source: a, days: [] }]')
    expect([...calendar.off, ...calendar.worked]).toEqual([])
    expect(calendar.years.get(2026)).toBe('provisional')
  })
})
