import { dayAfter, dayInVietnam, MINUTE_MS, startOfDay } from '../day.ts'
import { type Calendar, isWeekend, type Session } from './calendar.ts'

/** A year that the count went through although the calendar does not know it for certain. */
export interface UncertainYear {
  readonly year: number
  /** `unknown`: not in the calendar, only weekends were left out. `provisional`: in it, but the year's notice was not out. */
  readonly status: 'unknown' | 'provisional'
}

export interface Due {
  readonly at: Date
  /** Empty when every day that was counted is settled; otherwise the deadline has to be computed again when the notice comes. */
  readonly uncertain: readonly UncertainYear[]
}

/** Is the day in Vietnam that holds this instant a working day? In a year that the calendar does not have, only weekends are off. */
export function isWorkingDay(at: Date, calendar: Calendar): boolean {
  return works(dayInVietnam(at), calendar)
}

/**
 * The end of the `days`-th working day after `from`, at the hour when that day closes. The day of the event is not counted (Bộ luật Dân sự
 * 2015, Điều 147 khoản 2), whether it is a working day or not. `days` is a whole number from 1 up.
 */
export function addWorkingDays(from: Date, days: number, calendar: Calendar): Due {
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`${days} working days`)
  let day = dayInVietnam(from)
  const years = new Set<number>()
  for (let left = days; left > 0; ) {
    day = dayAfter(day)
    years.add(yearOf(day))
    if (works(day, calendar)) left--
  }
  return { at: closingOf(day, calendar), uncertain: uncertaintyOf(years, calendar) }
}

/** The closing hour of the `days`-th working day before the day of `at`. */
export function workingDaysBefore(at: Date, days: number, calendar: Calendar): Date {
  let day = dayInVietnam(at)
  for (let left = days; left > 0; ) {
    day = dayAfter(day, -1)
    if (works(day, calendar)) left--
  }
  return closingOf(day, calendar)
}

export function works(day: string, calendar: Calendar): boolean {
  return calendar.worked.has(day) || !(isWeekend(day) || calendar.off.has(day))
}

/** Those of its season, whether the day is worked or not. */
export function sessionsOn(day: string, { hours }: Calendar): readonly Session[] {
  return (hours.findLast(({ from }) => from <= day) ?? hours[0]!).sessions
}

export const yearOf = (day: string): number => Number(day.slice(0, 4))

export function uncertaintyOf(years: Iterable<number>, calendar: Calendar): UncertainYear[] {
  return [...years].flatMap((year) => {
    const status = calendar.years.get(year) ?? 'unknown'
    return status === 'official' ? [] : [{ year, status }]
  })
}

function closingOf(day: string, calendar: Calendar): Date {
  return new Date(startOfDay(day) + sessionsOn(day, calendar).at(-1)![1] * MINUTE_MS)
}
