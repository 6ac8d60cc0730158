import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { calendarOf, readCalendar } from './calendar.ts'
import { addWorkingDays, isWorkingDay } from './working-days.ts'

const read = readCalendar(readFileSync(new URL('../../../data/calendars/vn.yaml', import.meta.url), 'utf8'))
if (!('value' in read)) throw new Error(JSON.stringify(read.problems))
const calendar = calendarOf([read.value], 'vn@0')
const zone = process.env['TZ']

describe.each(['Asia/Ho_Chi_Minh', 'America/Los_Angeles', 'Pacific/Kiritimati'])('on a machine in %s', (tz) => {
  beforeEach(() => {
    process.env['TZ'] = tz
    expect(new Date(0).getTimezoneOffset()).toBe(
      { 'Asia/Ho_Chi_Minh': -480, 'America/Los_Angeles': 480, 'Pacific/Kiritimati': 640 }[tz],
    )
  })
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  it.each([
    ['24/11 is a holiday: 23, 25, 26, 27, 30/11, 1/12', '2026-11-20T09:00', 6, '2026-12-01'],
    ['the same from the first minute of the day', '2026-11-20T00:00', 6, '2026-12-01'],
    ['the same from the last', '2026-11-20T23:59', 6, '2026-12-01'],
    ['a minute later the next day is not counted, a Saturday', '2026-11-21T00:00', 6, '2026-12-01'],
    ['from a Monday', '2026-11-23T00:00', 6, '2026-12-02'],
    ['one day from a Friday', '2026-11-20T16:45', 1, '2026-11-23'],
    ['a Saturday worked in exchange counts: 26/4/2025', '2025-04-25T10:00', 1, '2025-04-26'],
    ['30/4, 1/5 and the exchanged 2/5/2025', '2025-04-29T10:00', 1, '2025-05-05'],
    ['over Tết 2026', '2026-02-13T10:00', 1, '2026-02-23'],
    ['over 2/9/2026, with the exchanged 31/8', '2026-08-28T10:00', 2, '2026-09-04'],
  ])('%s', (_, from, days, due) => {
    expect(addWorkingDays(new Date(`${from}:00+07:00`), days, calendar)).toEqual({
      at: new Date(`${due}T17:00:00+07:00`),
      uncertain: [],
    })
  })

  it.each([
    ['2026-11-24T08:00', false],
    ['2026-11-24T00:00', false],
    ['2026-11-23T23:59', true],
    ['2026-11-25T00:00', true],
    ['2026-11-22T12:00', false],
    ['2026-08-22T12:00', true],
    ['2025-05-02T12:00', false],
  ])('is %s a working day?', (at, expected) =>
    expect(isWorkingDay(new Date(`${at}:00+07:00`), calendar)).toBe(expected),
  )
})

describe('a year that is not settled', () => {
  it.each([
    ['provisional', '2026-12-30T10:00', 2, '2027-01-04', [{ year: 2027, status: 'provisional' }]],
    ['missing, before the calendar', '2024-12-30T10:00', 2, '2025-01-02', [{ year: 2024, status: 'unknown' }]],
    [
      'missing, after it',
      '2027-12-30T10:00',
      2,
      '2028-01-03',
      [
        { year: 2027, status: 'provisional' },
        { year: 2028, status: 'unknown' },
      ],
    ],
    ['only beyond the deadline', '2026-12-30T10:00', 1, '2026-12-31', []],
  ])('%s', (_, from, days, due, uncertain) => {
    expect(addWorkingDays(new Date(`${from}:00+07:00`), days, calendar)).toEqual({
      at: new Date(`${due}T17:00:00+07:00`),
      uncertain,
    })
  })
})

it('ends at the closing hour that it is given', () => {
  const hours = [{ from: '2026-01-01', sessions: [[450, 1050]] as const }]
  expect(addWorkingDays(new Date('2026-11-20T09:00:00+07:00'), 6, { ...calendar, hours }).at).toEqual(
    new Date('2026-12-01T10:30:00Z'),
  )
})

it.each([0, -1, 1.5, Number.NaN])('refuses to count %s days', (days) => {
  expect(() => addWorkingDays(new Date(0), days, calendar)).toThrow(RangeError)
})
