import type { Fault } from '../fault.ts'
import { type AttemptFacts, decide } from './decide.ts'

/** Credentials are refused: IT mends them meanwhile. */
const CONFIG_RETRY_MS = 15 * 60_000

/** When a message to a reporter, or to a program, is tried again; undefined where it is not. */
export function nextAttempt(fault: Fault, facts: Omit<AttemptFacts, 'random'>): Date | undefined {
  const next = decide(fault, { ...facts, random: Math.random() })
  if (next.next === 'retry') return next.at
  return next.next === 'pause-link' ? new Date(facts.now.getTime() + CONFIG_RETRY_MS) : undefined
}
