import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FieldProblem } from '../channels/channel.ts'
import { languageOf, type Translate } from '../platform/locales/locales.ts'
import type { Say } from './problems.ts'

/** Of the client's own making (draft-ietf-httpapi-idempotency-key-header), taken whole: its length is bounded by that of all headers, 16 kB. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? `key:${key}` : undefined
}

interface Answering {
  readonly say: Say
  readonly translate: Translate
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** All that is wrong with a form, each with its field, in the language of whoever filled it in. */
export function sayProblems(
  { say, translate, request, reply }: Answering,
  name: 'invalid' | 'too-large',
  problems: readonly FieldProblem[],
): FastifyReply {
  const language = languageOf(request.headers['accept-language'])
  const errors = problems.map(({ field, problem, values }) => ({
    field,
    message: translate(language, `portal:${problem}`, values),
  }))
  return say(request, reply, name, errors.length === 0 ? {} : { errors })
}
