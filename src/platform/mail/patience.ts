/** Until a connection stands: name looked up, TLS agreed on, greeting heard. */
const CONNECT_MS = 15_000

export interface Patience {
  readonly connectMs: number
  /** How long a server may owe an answer. */
  readonly answerMs: number
  /** IDLE is begun anew after so long: the only sign of life on a quiet connection, and what keeps firewalls from forgetting it. */
  readonly idleMs: number
}

/**
 * A line that dies in silence is noticed by the answer to the next DONE that does not come: two waits, which together last as long as the
 * watchdog. The second is the longer, else every quiet stretch of IDLE would count as a death. RFC 2177 asks for IDLE anew every 29 minutes.
 */
export function patienceOf(watchdogSeconds: number): Patience {
  const idleMs = Math.floor((watchdogSeconds * 1000) / 3)
  return { connectMs: CONNECT_MS, idleMs, answerMs: watchdogSeconds * 1000 - idleMs }
}

/** For a look, a test of the settings, a letter. RFC 5321 §4.5.3.2.6 lets a server take ten minutes after the last dot; who is that slow is asked again. */
export const SHORT: Patience = patienceOf(90)
