import { describe, expect, it } from 'vitest'
import { type Fault, fault } from '../fault.ts'
import { FAULT_CODES } from '../words.ts'
import { type AttemptFacts, decide, type Next } from './decide.ts'

const FIRST = new Date('2026-10-19T02:00:00Z')
const SECOND = 1000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR

const facts = (more: Partial<AttemptFacts> = {}): AttemptFacts => ({
  attempts: 1,
  firstAttemptAt: FIRST,
  now: FIRST,
  random: 0.5,
  ...more,
})

/** Seconds until the next attempt. */
function waits(next: Next, now: Date = FIRST): number | undefined {
  return next.next === 'retry' ? (next.at.getTime() - now.getTime()) / SECOND : undefined
}

describe('what happens next', () => {
  it.each<[Fault, Next]>([
    [fault('unreachable', 'down'), { next: 'retry', at: new Date(FIRST.getTime() + 10 * SECOND) }],
    [fault('throttled', 'slow'), { next: 'retry', at: new Date(FIRST.getTime() + 10 * SECOND) }],
    [fault('rejected', '422'), { next: 'reject' }],
    [fault('closed', 'over'), { next: 'reject' }],
    [fault('config', '401'), { next: 'pause-link' }],
    [fault('ours', 'bug'), { next: 'failed' }],
    [fault('duplicate', '409', { existingId: 'VP-1' }), { next: 'taken', officeRef: 'VP-1' }],
    [fault('duplicate', '409'), { next: 'taken' }],
  ])('depends on whose fault it is: %o', (found, next) => {
    expect(decide(found, facts())).toEqual(next)
  })

  it.each(FAULT_CODES)('is decided for %s by the facts alone', (code) => {
    expect(decide(fault(code, 'x'), facts())).toEqual(decide(fault(code, 'x'), facts()))
  })

  it.each(['rejected', 'closed', 'config', 'ours', 'duplicate'] as const)(
    'is the same for %s after many attempts and long after the seventh day',
    (code) => {
      const late = facts({ attempts: 500, now: new Date(FIRST.getTime() + 30 * DAY) })
      expect(decide(fault(code, 'x'), late)).toEqual(decide(fault(code, 'x'), facts()))
    },
  )
})

describe('the schedule', () => {
  const schedule = [10, 60, 300, 900, 1800, 3600, 3600, 3600].map((seconds, i) => [i + 1, seconds] as const)

  it.each(schedule)('after attempt %i waits %i s, give or take a fifth', (attempts, seconds) => {
    const wait = (random: number) => waits(decide(fault('unreachable', 'x'), facts({ attempts, random })))
    expect(wait(0.5)).toBe(seconds)
    expect(wait(0)).toBeCloseTo(seconds * 0.8, 3)
    expect(wait(1 - Number.EPSILON)).toBeCloseTo(seconds * 1.2, 3)
  })

  it.each([0, 0.25, 0.5, 0.75, 1 - Number.EPSILON])(
    'tries for seven days and then gives it to a person (chance %d)',
    (random) => {
      let now = FIRST
      let attempts = 1
      for (;;) {
        const next = decide(fault('unreachable', 'x'), facts({ attempts, now, random }))
        if (next.next === 'exhausted') break
        if (next.next !== 'retry') throw new Error(next.next)
        now = next.at
        attempts++
      }
      const spent = now.getTime() - FIRST.getTime()
      expect(spent).toBeLessThanOrEqual(7 * DAY)
      expect(spent).toBeGreaterThan(7 * DAY - 1.2 * HOUR)
      expect(attempts).toBeGreaterThan(140)
      expect(attempts).toBeLessThan(220)
    },
  )

  it('ends with the seventh day to the millisecond', () => {
    const at = (milliseconds: number) =>
      decide(
        fault('throttled', 'x', { retryAfterSeconds: 60 }),
        facts({ attempts: 9, now: new Date(FIRST.getTime() + milliseconds) }),
      ).next
    expect(at(7 * DAY - 60 * SECOND)).toBe('retry')
    expect(at(7 * DAY - 60 * SECOND + 1)).toBe('exhausted')
  })
})

describe('an office that names the time', () => {
  it.each([
    [30, 30],
    [0, 1],
    [-5, 1],
    [3600, 3600],
    [86_400, 3600],
    [Number.MAX_SAFE_INTEGER, 3600],
  ])('in %i s is asked again in %i s: between a second and an hour', (retryAfterSeconds, seconds) => {
    const next = decide(fault('throttled', 'x', { retryAfterSeconds }), facts({ attempts: 4 }))
    expect(waits(next)).toBe(seconds)
  })
})
