import { STATUS_CODES } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { z } from 'zod'
import { type Fault, isFault } from '../core/fault.ts'
import type { Route } from './contract/route.ts'
import { type ProblemName, problemOfFault, type Say } from './problems.ts'

type Read<T> = T extends z.ZodType ? z.output<T> : undefined

export interface Call<R extends Route> {
  readonly params: Read<R['params']>
  readonly query: Read<R['query']>
  readonly body: Read<R['body']>
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

type Success<R extends Route> = R['reply'] extends { 200: infer T } ? Read<T> : never
/** What a handler answers: the reply that the contract names, a Fault, or the name of a problem. */
export type Answer<R extends Route> = Success<R> | Fault | { readonly problem: ProblemName; readonly what?: string }

export interface Serving {
  readonly app: FastifyInstance
  readonly say: Say
  /** Asked before anything of the request is read. */
  readonly before?: onRequestAsyncHookHandler
}

/** Serves one route of the contract: checked in, handled, checked out; what the reply's schema does not name does not leave. */
export function serve<const R extends Route>(
  { app, say, before }: Serving,
  route: R,
  handle: (call: Call<R>) => Promise<Answer<R>>,
): void {
  app.route({
    method: route.method,
    url: route.url,
    schema: schemaOf(route),
    ...(before !== undefined && { onRequest: before }),
    handler: async (request, reply) => {
      const { params, query, body } = request
      const answer = await handle({ params, query, body, request, reply } as Call<R>)
      if (isFault(answer)) {
        const { name, more } = problemOfFault(answer)
        return say(request, reply, name, more)
      }
      if (isProblem(answer))
        return say(request, reply, answer.problem, answer.what === undefined ? {} : { values: { what: answer.what } })
      return reply.code(200).send(answer)
    },
  })
}

function isProblem(answer: unknown): answer is { problem: ProblemName; what?: string } {
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
    ...(route.tags.includes('staff') && { security: [{ token: [] }] }),
  }
}

/** A problem has a content type of its own (RFC 9457 §3). Of all else the bare schema is given: it holds whatever content type a reply names. */
function described(status: string, reply: z.ZodType): unknown {
  const description = STATUS_CODES[status] ?? status
  if (Number(status) < 400) return reply
  return { description, content: { 'application/problem+json': { schema: reply } } }
}
