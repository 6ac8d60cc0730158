import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shippedCalendar } from '../../../test/support/calendars.ts'
import type { Calendar } from './calendar.ts'
import { dueAfter, instantBefore, Span } from './span.ts'

const dienBien = shippedCalendar('dien-bien')
const giaLai = shippedCalendar('gia-lai')
const caMau = shippedCalendar('ca-mau')
const dakLak = shippedCalendar('dak-lak')
const hcmc = shippedCalendar('hcmc')

const at = (local: string) => new Date(`${local.length === 16 ? `${local}:00` : local}+07:00`)
const intake: Span = { onWorkingDay: { hours: 2 }, onDayOff: { hours: 12 } }
const END = ':59.999'

const zone = process.env['TZ']
describe.each(['Asia/Ho_Chi_Minh', 'America/Los_Angeles', 'Pacific/Kiritimati'])('on a machine in %s', (tz) => {
  beforeEach(() => {
    process.env['TZ'] = tz
  })
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  it.each<[string, Calendar, Span, string, string]>([
    // Điện Biên, Quyết định 663/QĐ-UBND
    ['Điều 7 khoản 3: 24/11 is skipped', dienBien, { workingDays: 6 }, '2026-11-20T09:00', '2026-12-01T17:00'],
    ['the same, received on a Saturday', dienBien, { workingDays: 6 }, '2026-11-21T09:00', '2026-12-01T17:00'],
    ['the same, after hours', dienBien, { workingDays: 6 }, '2026-11-20T23:59:59', '2026-12-01T17:00'],
    ['Điều 7 khoản 2 over Tết', dienBien, { workingDays: 1 }, '2026-02-13T10:00', '2026-02-23T17:00'],
    [
      'Điều 7 khoản 4 over 2/9, with the exchanged 31/8',
      dienBien,
      { workingDays: 2 },
      '2026-08-28T10:00',
      '2026-09-04T17:00',
    ],
    ['Điều 6: at once', dienBien, { minutes: 0 }, '2026-11-22T03:00', '2026-11-22T03:00'],
    // Bình Định, the draft of 2021
    ['Điều 6.3 at the end of the week', giaLai, { workingHours: 1 }, '2026-11-20T16:45', '2026-11-23T08:15'],
    [
      'Điều 6.3 on the holiday of 1/5/2025, with 2/5 exchanged',
      giaLai,
      { workingHours: 1 },
      '2025-05-01T09:00',
      '2025-05-05T08:30',
    ],
    [
      'the clock of that event starts at the first working minute',
      giaLai,
      { workingMinutes: 0 },
      '2025-05-01T09:00',
      '2025-05-05T07:30',
    ],
    ['Điều 7.1a over noon', giaLai, { workingMinutes: 30 }, '2026-11-20T11:15', '2026-11-20T13:45'],
    ['a span that fills the morning ends with it', giaLai, { workingHours: 4 }, '2026-11-20T07:30', '2026-11-20T11:30'],
    ['a minute more is of the afternoon', giaLai, { workingMinutes: 241 }, '2026-11-20T07:30', '2026-11-20T13:31'],
    ['from the closing minute', giaLai, { workingMinutes: 1 }, '2026-11-23T17:00', '2026-11-25T07:31'],
    ['the second before closing counts', giaLai, { workingMinutes: 1 }, '2026-11-20T16:59:30', '2026-11-23T07:30:30'],
    ['on a Saturday that is worked', giaLai, { workingHours: 1 }, '2025-04-26T09:00', '2025-04-26T10:00'],
    ['into a Saturday that is worked', giaLai, { workingHours: 1 }, '2025-04-25T16:30', '2025-04-26T08:00'],
    ['over Tết', giaLai, { workingHours: 1 }, '2026-02-13T16:30', '2026-02-23T08:00'],
    ['over New Year, with 2/1 exchanged', giaLai, { workingHours: 1 }, '2025-12-31T16:30', '2026-01-05T08:00'],
    // Cà Mau, Quyết định 17/2022/QĐ-UBND
    ['Điều 7.2 on a Saturday', caMau, intake, '2026-11-21T10:00', '2026-11-21T22:00'],
    ['Điều 7.2 on a Saturday that is worked', caMau, intake, '2025-04-26T10:00', '2025-04-26T12:00'],
    ['Điều 7.2 in the evening of a working day', caMau, intake, '2026-11-20T23:00', '2026-11-21T01:00'],
    ['Điều 7.2 in the last minute of a day off', caMau, intake, '2026-11-22T23:59', '2026-11-23T11:59'],
    ['Điều 7.2 a minute later', caMau, intake, '2026-11-23T00:00', '2026-11-23T02:00'],
    ['Điều 7.2 on the holiday of 24/11', caMau, intake, '2026-11-24T10:00', '2026-11-24T22:00'],
    ['Điều 7.2 on 31/8, a Monday exchanged', caMau, intake, '2026-08-31T10:00', '2026-08-31T22:00'],
    // Đắk Lắk, công văn 4/2023
    ['II.B3.2: urgent on a Saturday', dakLak, { workingDays: 1 }, '2026-11-21T09:00', '2026-11-23T17:00'],
    ['the alarm that runs beside it', dakLak, { hours: 24 }, '2026-11-21T09:00', '2026-11-22T09:00'],
    ['II.B2.3', dakLak, { workingHours: 4 }, '2026-11-20T15:00', '2026-11-23T09:30'],
    // Thành phố Hồ Chí Minh, Quyết định 4874/QĐ-UBND
    ['Điều 6.2 over midnight', hcmc, { minutes: 5 }, '2026-11-22T23:58', '2026-11-23T00:03'],
    ['Điều 7.1b', hcmc, { hours: 8 }, '2026-11-22T20:00', '2026-11-23T04:00'],
    ['Điều 7.3', hcmc, { days: 10 }, '2026-11-23T09:00', `2026-12-03T23:59${END}`],
    ['Điều 7.3 from the first minute of the day', hcmc, { days: 10 }, '2026-11-23T00:00', `2026-12-03T23:59${END}`],
    ['Điều 7.3 to a Saturday', hcmc, { days: 10 }, '2026-11-25T09:00', `2026-12-07T23:59${END}`],
    ['Điều 7.3 with coordination', hcmc, { days: 15 }, '2026-11-23T09:00', `2026-12-08T23:59${END}`],
    ['days to the eve of a Saturday that is worked', hcmc, { days: 1 }, '2026-08-21T09:00', `2026-08-22T23:59${END}`],
    ['days into Tết', hcmc, { days: 3 }, '2026-02-14T09:00', `2026-02-23T23:59${END}`],
    ['days over the leap day', hcmc, { days: 2 }, '2028-02-28T09:00', `2028-03-01T23:59${END}`],
    ['office hours of the city', hcmc, { workingHours: 1 }, '2026-11-20T11:15', '2026-11-20T13:45'],
  ])('%s', (_, calendar, span, from, due) => {
    expect(dueAfter(at(from), span, calendar).at).toEqual(at(due))
  })
})

describe('hours that change', () => {
  const seasonal: Calendar = {
    ...dienBien,
    hours: [
      {
        from: '2026-01-01',
        sessions: [
          [450, 690],
          [810, 1020],
        ],
      },
      {
        from: '2026-04-16',
        sessions: [
          [420, 690],
          [810, 1050],
        ],
      },
      { from: '2026-10-16', sessions: [[450, 1050]] },
    ],
  }
  it.each<[string, Span, string, string]>([
    ['before the first entry the first counts', { workingHours: 1 }, '2025-12-24T16:45', '2025-12-25T08:15'],
    ['the day before the change closes as before', { workingDays: 1 }, '2026-04-14T10:00', '2026-04-15T17:00'],
    ['the day of the change closes as of then', { workingDays: 1 }, '2026-04-15T10:00', '2026-04-16T17:30'],
    ['minutes over the change open as of then', { workingHours: 1 }, '2026-04-15T16:30', '2026-04-16T07:30'],
    ['without a noon break', { workingHours: 5 }, '2026-10-15T17:15', '2026-10-16T12:15'],
  ])('%s', (_, span, from, due) => {
    expect(dueAfter(at(from), span, seasonal).at).toEqual(at(due))
  })
})

describe('a calendar that changed', () => {
  const exchanged: Calendar = {
    ...dienBien,
    off: new Set([...dienBien.off, '2026-11-23']),
    worked: new Set([...dienBien.worked, '2026-11-28']),
  }
  it.each<[string, Span, string, string, string]>([
    ['six days with 23/11 for 28/11', { workingDays: 6 }, '2026-11-20T09:00', '2026-12-01T17:00', '2026-12-01T17:00'],
    ['three days', { workingDays: 3 }, '2026-11-20T09:00', '2026-11-26T17:00', '2026-11-27T17:00'],
    ['an hour', { workingHours: 1 }, '2026-11-20T16:45', '2026-11-23T08:15', '2026-11-25T08:15'],
    ['2 h on a working day', intake, '2026-11-28T10:00', '2026-11-28T22:00', '2026-11-28T12:00'],
  ])('%s', (_, span, from, before, after) => {
    expect(dueAfter(at(from), span, dienBien).at).toEqual(at(before))
    expect(dueAfter(at(from), span, exchanged).at).toEqual(at(after))
  })
})

describe('says which years it is not sure of', () => {
  it.each<[string, Span, string, readonly [number, string][]]>([
    ['working minutes into a year without notice', { workingHours: 1 }, '2026-12-31T16:30', [[2027, 'provisional']]],
    ['working minutes that end before it', { workingMinutes: 30 }, '2026-12-31T16:30', []],
    ['days that end in it', { days: 1 }, '2026-12-31T10:00', [[2027, 'provisional']]],
    ['the day that classifies', intake, '2028-01-03T10:00', [[2028, 'unknown']]],
    ['hours by the wall clock are sure', { hours: 9 }, '2028-01-03T10:00', []],
    [
      'each year once',
      { onWorkingDay: { workingDays: 1 }, onDayOff: { hours: 1 } },
      '2028-01-03T10:00',
      [[2028, 'unknown']],
    ],
  ])('%s', (_, span, from, years) => {
    expect(dueAfter(at(from), span, dienBien).uncertain).toEqual(years.map(([year, status]) => ({ year, status })))
  })
})

describe('before a deadline', () => {
  it.each<[string, Span, string, string]>([
    ['minutes', { minutes: 30 }, '2026-12-01T17:00', '2026-12-01T16:30'],
    ['hours over midnight', { hours: 18 }, '2026-12-01T17:00', '2026-11-30T23:00'],
    ['a working day, at its close', { workingDays: 1 }, '2026-11-25T17:00', '2026-11-23T17:00'],
    ['working days over a weekend', { workingDays: 2 }, '2026-12-01T17:00', '2026-11-27T17:00'],
    ['working hours over noon', { workingHours: 4 }, '2026-12-01T17:00', '2026-12-01T11:00'],
    ['working hours to the opening', { workingMinutes: 210 }, '2026-12-01T17:00', '2026-12-01T13:30'],
    ['working hours over days off', { workingHours: 1 }, '2026-11-25T08:00', '2026-11-23T16:30'],
    ['days', { days: 2 }, '2026-12-01T17:00', '2026-11-29T17:00'],
    [
      'by the day of the deadline',
      { onWorkingDay: { hours: 1 }, onDayOff: { hours: 3 } },
      '2026-11-22T17:00',
      '2026-11-22T14:00',
    ],
  ])('%s', (_, span, due, before) => {
    expect(instantBefore(at(due), span, dienBien)).toEqual(at(before))
  })
})

it.each([
  {},
  { minutes: -1 },
  { hours: 1.5 },
  { workingDays: 0 },
  { days: 0 },
  { minutes: 5, hours: 1 },
  { workingDays: 40_000 },
  { onWorkingDay: { hours: 2 } },
  { onWorkingDay: { hours: 2 }, onDayOff: { onWorkingDay: { hours: 1 }, onDayOff: { hours: 1 } } },
])('is no span: %j', (span) => {
  expect(Span.safeParse(span).success).toBe(false)
})
