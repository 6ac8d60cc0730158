import type { FaultCode } from './words.ts'

/**
 * A failure that the product expects, as a returned value: whose fault it is decides what happens next (`delivery/decide.ts`).
 * Throwing is for bugs and for outages of our own (the database is away).
 */
export interface Fault {
  readonly fault: FaultCode
  /** For the person who can mend it; holds no secret and no personal data. */
  readonly message: string
  /** `throttled`: seconds after which the other side will take us again. */
  readonly retryAfterSeconds?: number
  /** `duplicate`: the id under which the office already has it. */
  readonly existingId?: string
  /** True when the other side may have acted although we saw a failure (a reply was lost after the request was sent). */
  readonly outcomeUnknown?: boolean
  readonly cause?: unknown
}

export function fault(code: FaultCode, message: string, more: Omit<Fault, 'fault' | 'message'> = {}): Fault {
  return { fault: code, message, ...more }
}

export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'fault' in value && 'message' in value
}
