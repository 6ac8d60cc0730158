import { z } from 'zod'
import { DAY_MS, dayAfter, dayInVietnam, MINUTE_MS, startOfDay } from '../day.ts'
import type { Calendar } from './calendar.ts'
import {
  addWorkingDays,
  type Due,
  isWorkingDay,
  uncertaintyOf,
  workingDaysBefore,
  works,
  yearOf,
} from './working-days.ts'
import { addWorkingMinutes, workingMinutesBefore } from './working-minutes.ts'

/** Ten years: what is longer is a slip of the pen, and would be counted day by day. */
const MOST_DAYS = 3660
const minutes = z
  .int()
  .min(0)
  .max(MOST_DAYS * 1440)
const hours = z
  .int()
  .min(0)
  .max(MOST_DAYS * 24)
const days = z.int().min(1).max(MOST_DAYS)

const PLAIN = [
  z.strictObject({ minutes }).describe('By the clock on the wall; 0 is at once'),
  z.strictObject({ hours }).describe('By the clock on the wall'),
  z.strictObject({ workingMinutes: minutes }).describe('Of office hours, from the first working minute on'),
  z.strictObject({ workingHours: hours }).describe('Of office hours, from the first working minute on'),
  z.strictObject({ workingDays: days }).describe('Days that are worked; the day of the event is not counted'),
  z.strictObject({ days }).describe('Calendar days; the day of the event is not counted'),
] as const
const ONE_OF = 'one of minutes, hours, workingMinutes, workingHours, workingDays, days: a whole number'
const PlainSpan = z.union(PLAIN, { error: ONE_OF })

/** How long something may take, in the unit that the article names. */
export const Span = z.union(
  [
    ...PLAIN,
    z
      .strictObject({ onWorkingDay: PlainSpan, onDayOff: PlainSpan })
      .describe('By the calendar day of the event that starts it'),
  ],
  { error: `${ONE_OF}; or onWorkingDay and onDayOff, each with one of these` },
)
export type Span = z.output<typeof Span>

/**
 * When a span that an event at `from` starts is over: the last instant that is in time.
 *
 * - `minutes`, `hours`: by the wall clock. `workingMinutes`, `workingHours`: within the sessions of the calendar.
 * - `workingDays`: the closing hour of the last one, whose rule for an end on a day off is moot: it never is one.
 * - `days`: the end of the last day, which is at 24:00 (Bộ luật Dân sự 2015, Điều 148 khoản 6); where that is a day off, of the next working
 *   day (khoản 5). The instant is the day's last millisecond, so that whoever writes down its day writes the day that the law names.
 * - `onWorkingDay`, `onDayOff`: by the day in Vietnam that holds the event. Across midnight this is not monotone, by its own words: 2 h from
 *   Monday 0:01 end before 12 h from Sunday 23:59 do.
 */
export function dueAfter(from: Date, span: Span, calendar: Calendar): Due {
  if ('minutes' in span) return { at: new Date(from.getTime() + span.minutes * MINUTE_MS), uncertain: [] }
  if ('hours' in span) return { at: new Date(from.getTime() + span.hours * 60 * MINUTE_MS), uncertain: [] }
  if ('workingMinutes' in span) return addWorkingMinutes(from, span.workingMinutes, calendar)
  if ('workingHours' in span) return addWorkingMinutes(from, span.workingHours * 60, calendar)
  if ('workingDays' in span) return addWorkingDays(from, span.workingDays, calendar)
  if ('days' in span) return addDays(from, span.days, calendar)
  const own = uncertaintyOf([yearOf(dayInVietnam(from))], calendar)
  const due = dueAfter(from, isWorkingDay(from, calendar) ? span.onWorkingDay : span.onDayOff, calendar)
  const later = due.uncertain.filter(({ year }) => own.every((known) => known.year !== year))
  return { at: due.at, uncertain: [...own, ...later] }
}

/** The instant that lies a span before another: working days before it end at their closing hour, days at the same time of day. */
export function instantBefore(at: Date, span: Span, calendar: Calendar): Date {
  if ('minutes' in span) return new Date(at.getTime() - span.minutes * MINUTE_MS)
  if ('hours' in span) return new Date(at.getTime() - span.hours * 60 * MINUTE_MS)
  if ('workingMinutes' in span) return workingMinutesBefore(at, span.workingMinutes, calendar)
  if ('workingHours' in span) return workingMinutesBefore(at, span.workingHours * 60, calendar)
  if ('workingDays' in span) return workingDaysBefore(at, span.workingDays, calendar)
  if ('days' in span) return new Date(at.getTime() - span.days * DAY_MS)
  return instantBefore(at, isWorkingDay(at, calendar) ? span.onWorkingDay : span.onDayOff, calendar)
}

function addDays(from: Date, count: number, calendar: Calendar): Due {
  let day = dayAfter(dayInVietnam(from), count)
  const years = new Set([yearOf(day)])
  while (!works(day, calendar)) {
    day = dayAfter(day)
    years.add(yearOf(day))
  }
  return { at: new Date(startOfDay(dayAfter(day)) - 1), uncertain: uncertaintyOf(years, calendar) }
}
