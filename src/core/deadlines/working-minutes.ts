import { dayAfter, dayInVietnam, MINUTE_MS, startOfDay } from '../day.ts'
import type { Calendar } from './calendar.ts'
import { type Due, sessionsOn, uncertaintyOf, works, yearOf } from './working-days.ts'

/**
 * So many minutes of office hours after `from`. An event out of hours counts from the first working minute after it; what ends with a session
 * ends then, not at the start of the next. Adding a and then b minutes gives what a + b give.
 */
export function addWorkingMinutes(from: Date, minutes: number, calendar: Calendar): Due {
  const at = from.getTime()
  const years = new Set<number>()
  let left = minutes * MINUTE_MS
  for (let day = dayInVietnam(from); ; day = dayAfter(day)) {
    years.add(yearOf(day))
    for (const [begin, end] of openOn(day, calendar)) {
      const start = Math.max(at, begin)
      if (start > end) continue
      if (left <= end - start) return { at: new Date(start + left), uncertain: uncertaintyOf(years, calendar) }
      left -= end - start
    }
  }
}

/** So many minutes of office hours before `until`; where that is out of hours, before the last working minute. */
export function workingMinutesBefore(until: Date, minutes: number, calendar: Calendar): Date {
  const at = until.getTime()
  let left = minutes * MINUTE_MS
  for (let day = dayInVietnam(until); ; day = dayAfter(day, -1)) {
    for (const [begin, end] of openOn(day, calendar).toReversed()) {
      const stop = Math.min(at, end)
      if (stop < begin) continue
      if (left <= stop - begin) return new Date(stop - left)
      left -= stop - begin
    }
  }
}

/** The sessions of a day as instants; none on a day off. */
function openOn(day: string, calendar: Calendar): readonly (readonly [begin: number, end: number])[] {
  if (!works(day, calendar)) return []
  const midnight = startOfDay(day)
  return sessionsOn(day, calendar).map(
    ([opens, closes]) => [midnight + opens * MINUTE_MS, midnight + closes * MINUTE_MS] as const,
  )
}
