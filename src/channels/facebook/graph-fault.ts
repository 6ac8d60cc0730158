import { z } from 'zod'
import { type Fault, fault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { HttpAnswer } from '../../platform/outgoing/http.ts'

/** https://developers.facebook.com/docs/graph-api/guides/error-handling */
const GraphError = z.object({
  error: z.object({ code: z.int(), error_subcode: z.int().optional(), is_transient: z.boolean().optional() }),
})

/** Token expired, withdrawn, or its owner's password changed (subcodes 458 to 467). */
const SIGN_IN: ReadonlySet<number> = new Set([102, 190])

/**
 * App, user, page, custom; 80001 and 80006: of pages and of Messenger, counted over an hour.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
const THROTTLED: ReadonlySet<number> = new Set([4, 17, 32, 613, 80001, 80006])
const WAIT_SECONDS = 300

/** 551: the person cannot be reached. 10900, 10903: that comment was answered before, or cannot be. */
const CLOSED: ReadonlySet<number> = new Set([551, 10900, 10903])
/** Of code 10: the window for answers is over. */
const WINDOW_OVER: ReadonlySet<number> = new Set([2018065, 2018278])
/** Of 100, nobody by that id; of 200, the person cannot be reached. */
const CLOSED_BY_SUBCODE: ReadonlySet<number> = new Set([...WINDOW_OVER, 2018001, 1545041])

/** The same request may go through later. 1200: it was surely not sent. */
const TROUBLE: ReadonlySet<number> = new Set([1, 2, 1200])

/**
 * Whose fault a refusal is: https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes. Meta's own words stay
 * out of it, they name people.
 */
export function faultOfGraph(answer: HttpAnswer, at: Date): Fault {
  const found = GraphError.safeParse(parsed(answer.body))
  if (!found.success) return faultOfAnswer(answer, at) ?? fault('config', 'Not an answer of the Graph API')
  const { code, error_subcode: subcode = 0, is_transient: transient } = found.data.error
  const name = subcode === 0 ? `${code}` : `${code}/${subcode}`
  if (SIGN_IN.has(code)) return fault('config', `The token of the page no longer holds (${name}): sign in again`)
  if (THROTTLED.has(code)) return fault('throttled', `Too many calls (${name})`, { retryAfterSeconds: WAIT_SECONDS })
  if (CLOSED.has(code) || CLOSED_BY_SUBCODE.has(subcode)) return fault('closed', closedWord(code, subcode, name))
  if (transient || TROUBLE.has(code) || answer.status >= 500)
    return fault('unreachable', `The Graph API is in trouble (${name})`, code === 1200 ? {} : { outcomeUnknown: true })
  // 368: blocked for a while for breaking its policies; 10 and 200 to 299: a permission is missing.
  if (code === 368 || code === 10 || code === 3 || (code >= 200 && code < 300))
    return fault('config', `The app or the page may not do this (${name}): check permissions and page quality`)
  return fault('rejected', `The Graph API does not take this (${name})`)
}

function closedWord(code: number, subcode: number, name: string): string {
  if (code === 10900) return `${ANSWERED_BEFORE} (${name})`
  return WINDOW_OVER.has(subcode) ? `${OUTSIDE_WINDOW} (${name})` : `Cannot be reached (${name})`
}

const OUTSIDE_WINDOW = 'outside-window'
const ANSWERED_BEFORE = 'answered-before'

/** The address stays good: whoever writes again can be answered again. */
export function isOutsideWindow({ fault: code, message }: Fault): boolean {
  return code === 'closed' && message.startsWith(OUTSIDE_WINDOW)
}

/** A comment's one answer in private has gone. */
export function isAnsweredBefore({ fault: code, message }: Fault): boolean {
  return code === 'closed' && message.startsWith(ANSWERED_BEFORE)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
