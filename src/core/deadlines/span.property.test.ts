import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedCalendar } from '../../../test/support/calendars.ts'
import { dayInVietnam, MINUTE_MS, startOfDay } from '../day.ts'
import type { Calendar } from './calendar.ts'
import { dueAfter, instantBefore, type Span } from './span.ts'
import { isWorkingDay, sessionsOn, works } from './working-days.ts'

/** The years that the calendar knows, one before and one after. */
const event = fc.date({
  min: new Date('2024-06-01T00:00:00Z'),
  max: new Date('2028-06-30T00:00:00Z'),
  noInvalidDate: true,
})
const seasons: Calendar = {
  ...shippedCalendar('dien-bien'),
  hours: [
    {
      from: '2025-04-16',
      sessions: [
        [420, 690],
        [810, 1050],
      ],
    },
    {
      from: '2025-10-16',
      sessions: [
        [450, 690],
        [810, 1020],
      ],
    },
    { from: '2026-04-16', sessions: [[360, 1080]] },
  ],
}
const calendar = fc.constantFrom(shippedCalendar('hcmc'), shippedCalendar('dien-bien'), seasons)
const UNITS = ['minutes', 'hours', 'workingMinutes', 'workingHours', 'workingDays', 'days'] as const
const unit = fc.constantFrom(...UNITS)
const spanOf = (of: (typeof UNITS)[number], n: number) =>
  ({ [of]: n }) as unknown as Exclude<Span, { onWorkingDay: unknown }>
const count = fc.integer({ min: 1, max: 40 })
const plain = fc.tuple(unit, count).map(([of, n]) => spanOf(of, n))
const due = (from: Date, span: Span, by: Calendar) => dueAfter(from, span, by).at.getTime()
const RUNS = { numRuns: 1500 }

describe('a deadline', () => {
  it('is never before its event', () => {
    fc.assert(
      fc.property(event, plain, calendar, (from, span, by) => due(from, span, by) >= from.getTime()),
      RUNS,
    )
  })

  it('is never earlier for a later event', () => {
    const pair = fc
      .tuple(event, fc.integer({ min: 0, max: 10 * 1440 }))
      .map(([from, more]) => [from, new Date(from.getTime() + more * MINUTE_MS)] as const)
    fc.assert(
      fc.property(pair, plain, calendar, ([from, later], span, by) => due(from, span, by) <= due(later, span, by)),
      RUNS,
    )
  })

  it('is never earlier for a longer span', () => {
    fc.assert(
      fc.property(event, unit, count, count, calendar, (from, of, n, more, by) => {
        expect(due(from, spanOf(of, n), by)).toBeLessThanOrEqual(due(from, spanOf(of, n + more), by))
      }),
      RUNS,
    )
  })

  it('is the same however the span is split', () => {
    const splittable = fc.constantFrom('minutes', 'hours', 'workingMinutes', 'workingHours', 'workingDays' as const)
    fc.assert(
      fc.property(event, splittable, count, count, calendar, (from, of, n, more, by) => {
        expect(due(new Date(due(from, spanOf(of, n), by)), spanOf(of, more), by)).toBe(
          due(from, spanOf(of, n + more), by),
        )
      }),
      RUNS,
    )
    fc.assert(
      fc.property(event, fc.nat(3000), fc.nat(3000), calendar, (from, n, more, by) => {
        const split = due(new Date(due(from, { workingMinutes: n }, by)), { workingMinutes: more }, by)
        expect(split).toBe(due(from, { workingMinutes: n + more }, by))
      }),
      RUNS,
    )
  })

  it('by the kind of day is the one of that day', () => {
    fc.assert(
      fc.property(event, plain, plain, calendar, (from, onWorkingDay, onDayOff, by) => {
        const own = isWorkingDay(from, by) ? onWorkingDay : onDayOff
        expect(due(from, { onWorkingDay, onDayOff }, by)).toBe(due(from, own, by))
      }),
      RUNS,
    )
  })

  it('ends in office hours where it is counted in them, and on a working day where it is counted in days', () => {
    fc.assert(
      fc.property(
        event,
        fc.constantFrom('workingMinutes', 'workingHours', 'workingDays', 'days' as const),
        count,
        calendar,
        (from, of, n, by) => {
          const at = new Date(due(from, spanOf(of, n), by))
          const day = dayInVietnam(at)
          expect(works(day, by)).toBe(true)
          if (of === 'days') return
          const minute = (at.getTime() - startOfDay(day)) / MINUTE_MS
          expect(sessionsOn(day, by).some(([opens, closes]) => minute >= opens && minute <= closes)).toBe(true)
        },
      ),
      RUNS,
    )
  })

  it('is unsure of no year but those from its event to its end', () => {
    fc.assert(
      fc.property(event, plain, calendar, (from, span, by) => {
        const { at, uncertain } = dueAfter(from, span, by)
        for (const { year, status } of uncertain) {
          expect(year).toBeGreaterThanOrEqual(Number(dayInVietnam(from).slice(0, 4)))
          expect(year).toBeLessThanOrEqual(Number(dayInVietnam(at).slice(0, 4)))
          expect(by.years.get(year) ?? 'unknown').toBe(status)
        }
      }),
      RUNS,
    )
  })
})

describe('office minutes', () => {
  /** Minute by minute, as one would count on one's fingers. */
  function counted(from: number, minutes: number, by: Calendar): number {
    for (let [at, left] = [from, minutes]; ; at += MINUTE_MS) {
      if (left === 0) return at
      const day = dayInVietnam(new Date(at))
      const minute = (at - startOfDay(day)) / MINUTE_MS
      if (works(day, by) && sessionsOn(day, by).some(([opens, closes]) => minute >= opens && minute < closes)) left--
    }
  }

  it('are those that one counts', () => {
    fc.assert(
      fc.property(event, fc.integer({ min: 1, max: 900 }), calendar, (near, minutes, by) => {
        const from = Math.floor(near.getTime() / MINUTE_MS) * MINUTE_MS
        expect(due(new Date(from), { workingMinutes: minutes }, by)).toBe(counted(from, minutes, by))
      }),
      { numRuns: 60 },
    )
  })
})

describe('a time before a deadline', () => {
  it('is not after it, and the span from then on is over by it', () => {
    fc.assert(
      fc.property(event, unit, count, calendar, (at, of, n, by) => {
        const before = instantBefore(at, spanOf(of, n), by)
        expect(before.getTime()).toBeLessThan(at.getTime() + 1)
        // Days before are at the same time of day, and days after end with the day.
        if (of !== 'days' && of !== 'workingDays')
          expect(due(before, spanOf(of, n), by)).toBeLessThanOrEqual(at.getTime())
      }),
      RUNS,
    )
  })
})
