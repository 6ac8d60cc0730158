import { DAY_MS, startOfDay } from '../../core/day.ts'

const AHEAD_MS = 7 * 3600_000
const SECOND_MS = 1000

/** As GeoReport asks (W3C Date and Time Formats), in Vietnam's time; to the second, since many clients refuse fractions. */
export function written(at: Date): string {
  return `${new Date(at.getTime() + AHEAD_MS).toISOString().slice(0, 19)}+07:00`
}

const MOST_MS = 90 * DAY_MS

export interface Span {
  readonly from: Date
  readonly to: Date
}

/** Both ends are in it. A side that is left open is 90 days away, which is the most that may lie between them; without both, the newest 90 days. */
export function spanOf(
  { start, end }: { readonly start: string | undefined; readonly end: string | undefined },
  now: Date,
): Span | 'not-a-time' | 'span-too-long' {
  const from = start === undefined ? undefined : timeOf(start, 'start')
  const to = end === undefined ? undefined : timeOf(end, 'end')
  const unreadable = (start !== undefined && from === undefined) || (end !== undefined && to === undefined)
  if (unreadable || (from !== undefined && to !== undefined && from > to)) return 'not-a-time'
  const last = to ?? (from === undefined ? now : new Date(Math.min(now.getTime(), from.getTime() + MOST_MS)))
  const first = from ?? new Date(last.getTime() - MOST_MS)
  // A day as the end is taken whole.
  const most = end !== undefined && DAY.test(end) ? MOST_MS + DAY_MS : MOST_MS
  return last.getTime() - first.getTime() > most ? 'span-too-long' : { from: first, to: last }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** A plus that was not written `%2B` arrives as a space. Fractions are rounded into the span, since no time that we tell has any. */
export function timeOf(text: string, side: 'start' | 'end'): Date | undefined {
  if (DAY.test(text)) {
    const day = startOfDay(text)
    if (Number.isNaN(day)) return undefined
    return new Date(side === 'start' ? day : day + DAY_MS - SECOND_MS)
  }
  const time = text.replace(/ (\d{2}:\d{2})$/, '+$1')
  const at = TIME.test(time) ? Date.parse(time) : Number.NaN
  if (Number.isNaN(at)) return undefined
  const whole = side === 'start' ? Math.ceil(at / SECOND_MS) : Math.floor(at / SECOND_MS)
  return new Date(whole * SECOND_MS)
}
