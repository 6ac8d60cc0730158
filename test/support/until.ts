import { setTimeout as later } from 'node:timers/promises'

/** Sooner than a test is ended, which would not say what it waited for. */
const DEADLINE_MS = 60_000

/** Looks again and again until there is something to see; the deadline is there only so that a test ends. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  { deadlineMs = DEADLINE_MS, everyMs = 25 }: { readonly deadlineMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (performance.now() > end) throw new Error(`not within ${deadlineMs / 1000} s: ${what}`)
    await later(everyMs)
  }
}

/** So long without any progress, on a machine that has much else to do, and nothing will come any more. */
const STALL_MS = 90_000

/** Waits until there are so many. However slow: it ends only when for long there came no more. */
export async function grown(what: string, count: () => Promise<number> | number, to: number): Promise<number> {
  let most = Number.NEGATIVE_INFINITY
  let since = performance.now()
  for (;;) {
    const now = await count()
    if (now >= to) return now
    if (now > most) [most, since] = [now, performance.now()]
    if (performance.now() - since > STALL_MS) throw new Error(`${now} of ${to}, and no more: ${what}`)
    await later(100)
  }
}
