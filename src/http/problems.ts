import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refused } from '../core/cases/refused.ts'
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
  'invalid-field': 422,
  unauthorized: 401,
  'wrong-login': 401,
  forbidden: 403,
  'cross-site': 403,
  idle: 403,
  'second-step': 403,
  'must-enrol': 403,
  'must-change': 403,
  'password-short': 422,
  'password-classes': 422,
  'password-used': 422,
  'wrong-code': 422,
  'wrong-password': 422,
  secret: 403,
  'too-many': 429,
  'bad-signature': 401,
  'not-found': 404,
  'no-such': 404,
  stale: 409,
  'not-now': 409,
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
  /** Fields that are wrong, as keys of `problem:field`. */
  readonly fields?: readonly { readonly field: string; readonly problem: string }[]
  readonly changes?: Problem['changes']
  /** `what`, where something is not there: a word of `problem:what`. */
  readonly values?: Readonly<Record<string, string | number>>
}

export type Say = (request: FastifyRequest, reply: FastifyReply, name: ProblemName, more?: ProblemMore) => FastifyReply

/** Answers in the client's language, as RFC 9457. */
export function makeSay(translate: Translate): Say {
  return (request, reply, name, { errors, fields, changes, values } = {}) => {
    const language: Language = languageOf(request.headers['accept-language'])
    const what = values?.['what']
    const filled = what === undefined ? values : { ...values, what: translate(language, `problem:what.${what}`) }
    const problem: Problem = {
      type: `urn:paht:problem:${name}`,
      title: translate(language, `problem:${name}`, filled),
      status: STATUS[name],
      ...(errors !== undefined && { errors }),
      ...(fields !== undefined && {
        errors: fields.map(({ field, problem: which }) => ({
          field,
          message: translate(language, `problem:field.${which}`),
        })),
      }),
      ...(changes !== undefined && { changes }),
    }
    if (name === 'away') reply.header('retry-after', '5')
    return reply.code(STATUS[name]).type('application/problem+json').send(problem)
  }
}

export function problemOfFault(fault: Fault): { readonly name: ProblemName; readonly more: ProblemMore } {
  return { name: OF_FAULT[fault.fault] ?? 'ours', more: { values: { message: fault.message } } }
}

export function problemOfRefused(refused: Refused): { readonly name: ProblemName; readonly more: ProblemMore } {
  switch (refused.refused) {
    case 'missing':
      return { name: 'no-such', more: { values: { what: refused.what } } }
    case 'forbidden':
      return { name: 'forbidden', more: {} }
    case 'stale':
      return {
        name: 'stale',
        more: { changes: refused.changes.map((change) => ({ ...change, at: change.at.toISOString() })) },
      }
    case 'not-now':
      return { name: 'not-now', more: { values: { status: refused.status } } }
    case 'invalid':
      return { name: 'invalid-field', more: { fields: [{ field: refused.field, problem: refused.problem }] } }
  }
}
