import type { Fault } from '../fault.ts'

export interface AttemptFacts {
  /** Attempts so far, this one included. */
  readonly attempts: number
  readonly firstAttemptAt: Date
  readonly now: Date
  /** 0 ≤ random < 1; spreads the retries of many deliveries by ±20 %. */
  readonly random: number
}

export type Next =
  | { readonly next: 'retry'; readonly at: Date }
  /** The office has it already, under this id of its own. */
  | { readonly next: 'taken'; readonly officeRef?: string }
  /** Triage must look: the office will not take it as it is. */
  | { readonly next: 'reject' }
  /** IT must mend the link; the delivery waits with it. */
  | { readonly next: 'pause-link' }
  /** Seven days of failures: a list with an owner. */
  | { readonly next: 'exhausted' }
  /** A bug or a wrong mapping of ours: dead letter, replayable. */
  | { readonly next: 'failed' }

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Then hourly. */
const SCHEDULE = [10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR]
const GIVE_UP_AFTER = 7 * 24 * HOUR

/** Whose fault it is decides what happens next. Pure: the same facts, the same answer. */
export function decide(fault: Fault, facts: AttemptFacts): Next {
  switch (fault.fault) {
    case 'duplicate':
      return { next: 'taken', ...(fault.existingId !== undefined && { officeRef: fault.existingId }) }
    case 'rejected':
    case 'closed':
      return { next: 'reject' }
    case 'config':
      return { next: 'pause-link' }
    case 'ours':
      return { next: 'failed' }
    case 'throttled':
      return retry(
        facts,
        fault.retryAfterSeconds === undefined ? wait(facts) : clamp(fault.retryAfterSeconds * SECOND, SECOND, HOUR),
      )
    case 'unreachable':
      return retry(facts, wait(facts))
  }
}

function wait({ attempts, random }: AttemptFacts): number {
  const base = SCHEDULE[Math.min(attempts, SCHEDULE.length) - 1] ?? SCHEDULE[0]!
  return Math.round(base * (0.8 + 0.4 * random))
}

function retry({ firstAttemptAt, now }: AttemptFacts, milliseconds: number): Next {
  const at = new Date(now.getTime() + milliseconds)
  return at.getTime() - firstAttemptAt.getTime() > GIVE_UP_AFTER ? { next: 'exhausted' } : { next: 'retry', at }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max)
}
