import { readFileSync, watchFile } from 'node:fs'
import type { Clock } from './clock.ts'

const LOOK_MS = 100

/**
 * The system's clock, ahead by as many milliseconds as stand in a file: for demonstrations and trials, in which days pass in seconds. The file
 * may change while the product runs; `onMove`: it did.
 */
export function trialClock(file: string, onMove: () => void): Clock {
  let ahead = readAhead(file)
  watchFile(file, { interval: LOOK_MS, persistent: false }, () => {
    ahead = readAhead(file)
    onMove()
  })
  return { now: () => new Date(Date.now() + ahead) }
}

function readAhead(file: string): number {
  const milliseconds = Number(readFileSync(file, 'utf8'))
  if (!Number.isFinite(milliseconds)) throw new Error(`${file} does not hold a number of milliseconds`)
  return milliseconds
}
