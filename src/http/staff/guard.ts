import { eq } from 'drizzle-orm'
import type { FastifyRequest, preHandlerHookHandler } from 'fastify'
import type { Ports } from '../../core/act.ts'
import { apiTokens } from '../../core/tables/index.ts'
import type { Say } from '../problems.ts'

const actors = new WeakMap<FastifyRequest, string>()

/** Everything that is staff's answers 401 to a stranger. The token is looked up by its keyed hash. */
export function staffOnly(ports: Ports, say: Say): preHandlerHookHandler {
  return async (request, reply) => {
    const token = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1]
    const [known] =
      token === undefined
        ? []
        : await ports.db
            .select({ id: apiTokens.id })
            .from(apiTokens)
            .where(eq(apiTokens.hash, ports.secrets.index('api-token', token)))
    if (known === undefined) return say(request, reply, 'unauthorized')
    actors.set(request, `staff:${known.id}`)
    return undefined
  }
}

/** Who is asking; only behind `staffOnly`. */
export function actorOf(request: FastifyRequest): string {
  const actor = actors.get(request)
  if (actor === undefined) throw new Error('a staff route without its guard')
  return actor
}
