import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../core/fault.ts'
import type { FaultCode } from '../core/words.ts'
import { type Language, languageOf, type Translate } from '../platform/locales/locales.ts'
import type { Problem } from './contract/problem.ts'

/** Every problem that a client may see: its status, and by its name its sentence in `locales/*\/problem.json`. */
const STATUS = {
  invalid: 400,
  unreadable: 400,
  'too-large': 413,
  'unsupported-type': 415,
  'other-content': 422,
  rejected: 422,
  unauthorized: 401,
  'bad-signature': 401,
  'not-found': 404,
  'no-such': 404,
  stale: 409,
  away: 503,
  ours: 500,
} as const
export type ProblemName = keyof typeof STATUS

const OF_FAULT: Partial<Record<FaultCode, ProblemName>> = {
  rejected: 'rejected',
  config: 'rejected',
  closed: 'rejected',
  duplicate: 'stale',
  unreachable: 'away',
  throttled: 'away',
}

export interface ProblemMore {
  readonly errors?: Problem['errors']
  readonly values?: Readonly<Record<string, string | number>>
}

export type Say = (request: FastifyRequest, reply: FastifyReply, name: ProblemName, more?: ProblemMore) => FastifyReply

/** Answers in the client's language, as RFC 9457. */
export function makeSay(translate: Translate): Say {
  return (request, reply, name, { errors, values } = {}) => {
    const language: Language = languageOf(request.headers['accept-language'])
    const problem: Problem = {
      type: `urn:paht:problem:${name}`,
      title: translate(language, `problem:${name}`, values),
      status: STATUS[name],
      ...(errors !== undefined && { errors }),
    }
    if (name === 'away') reply.header('retry-after', '5')
    return reply.code(STATUS[name]).type('application/problem+json').send(problem)
  }
}

export function problemOfFault(fault: Fault): { readonly name: ProblemName; readonly more: ProblemMore } {
  return { name: OF_FAULT[fault.fault] ?? 'ours', more: { values: { message: fault.message } } }
}
