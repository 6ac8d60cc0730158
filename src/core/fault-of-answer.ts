import type { HttpAnswer } from '../platform/outgoing/http.ts'
import { type Fault, fault } from './fault.ts'

/** Statuses that say our address, method or key is wrong: every further case would fail alike, so IT must mend the link first. */
const LINK_IS_WRONG: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 407, 410, 421, 426])

/** Statuses after which the same request may succeed: the time ran out, or it came too early (RFC 8470). */
const TRY_AGAIN: ReadonlySet<number> = new Set([408, 425])

/** RFC 9110 §5.6.7, the one form that is still written. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

const LONGEST_WAIT_SECONDS = 3600

/**
 * Whose fault is this answer? Nothing where it is a 2xx. `at`: against which a Retry-After that is a date is read.
 *
 * 404 is the link's fault, not the case's: a path that does not exist would refuse every case one by one. Where 404 means "I do not
 * have it" (a look-up), and where 409 means "I have it already" (`duplicate`), the connector knows and must look first: without an id
 * to show for it, a conflict is no success, so a person looks at it.
 */
export function faultOfAnswer(answer: HttpAnswer, at: Date): Fault | undefined {
  const { status } = answer
  if (status >= 200 && status < 300) return undefined
  if (status < 400)
    return fault('config', `Answered ${status}: redirects are not followed, the link needs the final address`)
  if (LINK_IS_WRONG.has(status))
    return fault('config', `Answered ${status}: the link's address or credentials are wrong`)
  const wait = retryAfter(answer.headers['retry-after'], at)
  if (status === 429 || (status === 503 && wait !== undefined)) {
    return fault(
      'throttled',
      `Answered ${status}: too much at once`,
      wait === undefined ? {} : { retryAfterSeconds: wait },
    )
  }
  if (status >= 500 || TRY_AGAIN.has(status)) {
    // A gateway or a handler can fail after the office has stored what we sent.
    return fault('unreachable', `Answered ${status}: the other side is in trouble`, { outcomeUnknown: true })
  }
  return fault('rejected', `Answered ${status}: the other side does not take this one`)
}

/** Seconds from 1 to an hour; nothing where the header is absent or says neither seconds nor a date (RFC 9110 §10.2.3). */
function retryAfter(value: string | undefined, at: Date): number | undefined {
  if (value === undefined) return undefined
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : HTTP_DATE.test(value)
      ? Math.ceil((Date.parse(value) - at.getTime()) / 1000)
      : Number.NaN
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS)
}
