import { STATUS_CODES } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { isRefused, type Refused } from '../core/cases/refused.ts'
import { type Fault, isFault } from '../core/fault.ts'
import type { Officer } from '../core/people/officer.ts'
import type { Route, StaffRoute } from './contract/route.ts'
import { type ProblemName, problemOfFault, problemOfRefused, type Say } from './problems.ts'
import { type Guard, signedInOf } from './staff/guard.ts'

type Read<T> = T extends z.ZodType ? z.output<T> : undefined

export interface Call<R extends Route> {
  readonly params: Read<R['params']>
  readonly query: Read<R['query']>
  readonly body: Read<R['body']>
  /** Who asks; only staff's routes have one. */
  readonly officer: R extends StaffRoute ? Officer : undefined
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

type Success<R extends Route> = R['reply'] extends { 200: infer T } ? Read<T> : never
/** `what`: a word of `problem:what`; `values`: what else its sentence names. */
export interface Refusal {
  readonly problem: ProblemName
  readonly what?: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** What a handler answers: the reply that the contract names, a Fault, or the name of a problem. */
export type Answer<R extends Route> = Success<R> | Fault | Refused | Refusal

export interface Serving {
  readonly app: FastifyInstance
  readonly say: Say
  /** Asked before anything of a request to staff is read. */
  readonly guard: Guard
}

/** Serves one route of the contract: checked in, handled, checked out; what the reply's schema does not name does not leave. */
export function serve<const R extends Route>(
  { app, say, guard }: Serving,
  route: R,
  handle: (call: Call<R>) => Promise<Answer<R>>,
): void {
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    ...(route.may !== undefined && { onRequest: guard(route.may) }),
    handler: async (request, reply) => {
      const { params, query, body } = request
      const officer = route.may === undefined ? undefined : signedInOf(request).officer
      const answer = await handle({ params, query, body, officer, request, reply } as unknown as Call<R>)
      if (isFault(answer)) {
        const { name, more } = problemOfFault(answer)
        return say(request, reply, name, more)
      }
      if (isRefused(answer)) {
        const { name, more } = problemOfRefused(answer)
        return say(request, reply, name, more)
      }
      if (isProblem(answer)) return say(request, reply, answer.problem, { values: valuesOf(answer) })
      return reply.code(200).send(answer)
    },
  })
}

const valuesOf = ({ what, values }: Refusal) => ({ ...values, ...(what !== undefined && { what }) })

function isProblem(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'problem' in answer
}

export function schemaOf(route: Route): Record<string, unknown> {
  return {
    summary: route.summary,
    tags: route.tags,
    ...(route.params !== undefined && { params: route.params }),
    ...(route.query !== undefined && { querystring: route.query }),
    ...(route.body !== undefined && { body: route.body }),
    response: Object.fromEntries(
      Object.entries(route.reply).map(([status, reply]) => [status, described(status, reply)]),
    ),
    ...(route.may !== undefined && { security: [{ token: [] }, { cookie: [] }] }),
    ...(route.app !== undefined && { security: [...(route.app === 'too' ? [{}] : []), { app: [] }] }),
  }
}

/** A problem has a content type of its own (RFC 9457 §3). Of all else the bare schema is given: it holds whatever content type a reply names. */
function described(status: string, reply: z.ZodType): unknown {
  const description = STATUS_CODES[status] ?? status
  if (Number(status) < 400) return reply
  return { description, content: { 'application/problem+json': { schema: reply } } }
}
