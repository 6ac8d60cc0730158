import { readFileSync, watchFile } from 'node:fs'
import type { Clock } from './clock.ts'

const LOOK_MS = 100

/**
 * The system's clock, ahead by as many milliseconds as stand in a file: for demonstrations and trials, in which days pass in seconds. The file
 * may change while the product runs; `onMove`: it did.
 */
export function trialClock(file: string, onMove: () => void): Clock {
  const atStart = readAhead(file)
  if (atStart === undefined) throw new Error(`${file} does not hold a number of milliseconds`)
  let ahead = atStart
  watchFile(file, { interval: LOOK_MS, persistent: false }, () => {
    const then = readAhead(file)
    // In the middle of being written: it will be looked at again. For a moment without it everything due would be moved to another day.
    if (then === undefined) return
    ahead = then
    onMove()
  })
  return { now: () => new Date(Date.now() + ahead) }
}

/** `undefined`: gone, empty, or no number. */
function readAhead(file: string): number | undefined {
  try {
    const written = readFileSync(file, 'utf8').trim()
    const milliseconds = written === '' ? Number.NaN : Number(written)
    return Number.isFinite(milliseconds) ? milliseconds : undefined
  } catch {
    return undefined
  }
}
