import { setTimeout as later } from 'node:timers/promises'

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
