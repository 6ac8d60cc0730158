import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ports } from '../../core/act.ts'
import { knownToken } from '../../core/settings/tokens.ts'
import type { Say } from '../problems.ts'

const actors = new WeakMap<FastifyRequest, string>()

/** Everything that is staff's answers 401 to a stranger, whatever they sent. */
export function staffOnly(
  ports: Ports,
  say: Say,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  return async (request, reply) => {
    const token = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1]
    const known = token === undefined ? undefined : await knownToken(ports, token)
    if (known === undefined) return say(request, reply, 'unauthorized')
    actors.set(request, `staff:${known}`)
    return undefined
  }
}

/** Who is asking; only behind `staffOnly`. */
export function actorOf(request: FastifyRequest): string {
  const actor = actors.get(request)
  if (actor === undefined) throw new Error('a staff route without its guard')
  return actor
}
