import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCalendar } from './calendar.ts'

describe('the national calendar', () => {
  const read = readCalendar(readFileSync(new URL('../../../data/calendars/vn.yaml', import.meta.url), 'utf8'))
  const calendar = 'value' in read ? read.value : undefined

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
  const good = `closes: '17:00'
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
    ['a day off on a weekend', ['2026-01-01', '2026-01-03'], 7, /weekend/],
    ['a worked weekday', ['2026-01-10', '2026-01-12'], 8, /weekday/],
    ['a day of another year', ['2026-01-01', '2025-01-01'], 7, /not in 2026/],
    ['a day that does not exist', ['2026-01-01', '2026-02-30'], 7, /date/],
    [
      'a day that stands twice',
      [
        'is: worked, why: exchange }',
        'is: worked, why: exchange }\n      - { day: 2026-01-10, is: worked, why: again }',
      ],
      9,
      /twice/,
    ],
    ['an hour that does not exist', ["'17:00'", "'25:00'"], 1, /time of day/],
  ] as const)('%s', (_, [from, to], line, problem) => {
    expect(readCalendar(good.replace(from, to))).toMatchObject({
      problems: [{ line, problem: expect.stringMatching(problem) }],
    })
  })
})
