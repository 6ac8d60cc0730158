import { dayInVietnam } from '../profile/profile.ts'
import { type Calendar, isWeekend } from './calendar.ts'

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
 * The end of the `days`-th working day after `from`, at the calendar's closing hour. The day of the event is not counted (Bộ luật Dân sự 2015,
 * Điều 147 khoản 2), whether it is a working day or not. `days` is a whole number from 1 up.
 */
export function addWorkingDays(from: Date, days: number, calendar: Calendar): Due {
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`${days} working days`)
  let day = dayInVietnam(from)
  const years = new Set<number>()
  for (let left = days; left > 0; ) {
    day = dayAfter(day)
    years.add(Number(day.slice(0, 4)))
    if (works(day, calendar)) left--
  }
  return {
    at: new Date(`${day}T${calendar.closes}:00+07:00`),
    uncertain: [...years].flatMap((year) => uncertainty(year, calendar)),
  }
}

function works(day: string, calendar: Calendar): boolean {
  return calendar.worked.has(day) || !(isWeekend(day) || calendar.off.has(day))
}

function uncertainty(year: number, calendar: Calendar): UncertainYear[] {
  const status = calendar.years.get(year) ?? 'unknown'
  return status === 'official' ? [] : [{ year, status }]
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
}
