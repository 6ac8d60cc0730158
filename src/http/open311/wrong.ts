import type { FastifyReply, FastifyRequest } from 'fastify'
import { send } from './answer.ts'

/**
 * What is wrong with a request. GeoReport knows 404 for what is not there, 403 for a key and 400 for everything else, and lets the body say it
 * more finely; 429 and 503 mean "later" to every client.
 */
export class Wrong extends Error {
  readonly status: 400 | 403 | 404 | 429 | 500 | 503
  readonly errors: readonly WrongThing[]

  constructor(status: Wrong['status'], ...errors: readonly WrongThing[]) {
    super(errors.map(({ description }) => description).join(' '))
    this.status = status
    this.errors = errors
  }
}

export interface WrongThing {
  readonly code?: number
  readonly description: string
}

const LATER_SECONDS: Readonly<Partial<Record<Wrong['status'], string>>> = { 429: '60', 503: '5' }

export function sendWrong(request: FastifyRequest, reply: FastifyReply, { status, errors }: Wrong): FastifyReply {
  const later = LATER_SECONDS[status]
  if (later !== undefined) reply.header('retry-after', later)
  const holds = errors.map(({ code = status, description }) => ({ code, description }))
  return send(request, reply.code(status), { root: 'errors', holds })
}
