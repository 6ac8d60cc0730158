import type { Clock } from '../platform/clock/clock.ts'

const WINDOW_MS = 60_000
/** Counts what each asks within a minute; each process by itself. */
export function rateOf(clock: Clock, most: number): (who: string) => 'in-time' | 'too-many' {
  let since = 0
  const asked = new Map<string, number>()
  return (who) => {
    const now = clock.now().getTime()
    if (Math.abs(now - since) >= WINDOW_MS) {
      since = now
      asked.clear()
    }
    const count = (asked.get(who) ?? 0) + 1
    asked.set(who, count)
    return count > most ? 'too-many' : 'in-time'
  }
}
