import { setTimeout as pause } from 'node:timers/promises'

/** What is not opened takes this long whatever the reason: longer than the slowest way of finding out. */
const REFUSAL_MS = 400

/** Unknown, wrong and closed look alike, in time too. `started`: by `performance.now()`. */
export async function refuseSlowly(started: number): Promise<{ readonly problem: 'not-found' }> {
  await pause(Math.max(0, REFUSAL_MS - (performance.now() - started)))
  return { problem: 'not-found' }
}
