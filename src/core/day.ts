export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
/** Asia/Ho_Chi_Minh is UTC+7 all year. */
const AHEAD_MS = 7 * 3600_000

/** The calendar day in Asia/Ho_Chi_Minh, `YYYY-MM-DD`, whatever zone the machine is in. */
export function dayInVietnam(at: Date): string {
  return new Date(at.getTime() + AHEAD_MS).toISOString().slice(0, 10)
}

/** The same day's year, without writing the day down: each report's code needs one. */
export function yearInVietnam(at: Date): number {
  return new Date(at.getTime() + AHEAD_MS).getUTCFullYear()
}

/** The first millisecond of a day in Vietnam. */
export function startOfDay(day: string): number {
  return Date.parse(day) - AHEAD_MS
}

/** The day that many days later; fewer than 0: earlier. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}
