import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Ports } from '../../core/act.ts'
import { logSecurity } from '../../core/people/log.ts'
import { may } from '../../core/people/may.ts'
import type { Officer } from '../../core/people/officer.ts'
import { knownSession, SESSION_PREFIX, type Session } from '../../core/people/session.ts'
import { knownToken } from '../../core/people/tokens.ts'
import type { StaffRoute } from '../contract/route.ts'
import type { ProblemName, Say } from '../problems.ts'
import { sessionIn } from '../session/cookie.ts'
import { isOurPage } from '../session/origin.ts'

export interface SignedIn {
  readonly officer: Officer
  /** As it was shown. */
  readonly token: string
  /** Of a person; a program's token has none. */
  readonly session?: Session
}

const signedIn = new WeakMap<FastifyRequest, SignedIn>()

type Asked = StaffRoute['may']
export type Guard = (asked: Asked) => onRequestAsyncHookHandler

/**
 * Everything that is staff's answers 401 to a stranger, whatever they sent, and 403 to an officer who may not, before anything of the request is
 * read. Whose case it is, the operation itself looks at (`core/people/scope.ts`).
 */
export function makeGuard(ports: Ports, say: Say): Guard {
  return (asked) => async (request, reply) => {
    const shown = shownIn(request, ports.publicUrl)
    const known = shown && (await whoseIs(ports, shown.token))
    if (known === undefined) return say(request, reply, 'unauthorized')
    signedIn.set(request, known)
    const hindrance = shown?.byCookie && !isOurPage(request, ports.publicUrl) ? 'cross-site' : hindranceOf(known, asked)
    if (hindrance === 'forbidden') return refuse(ports, say, { request, reply, action: asked })
    return hindrance && say(request, reply, hindrance)
  }
}

/** What setting up a second factor and changing the password are for. */
const MENDED_BY_SELF: ReadonlySet<Session['state']> = new Set(['must-enrol', 'must-change'])

function hindranceOf({ officer, session }: SignedIn, asked: Asked): ProblemName | undefined {
  if (asked === 'begun') return undefined
  const state = session?.state ?? 'open'
  if (state !== 'open' && !(asked === 'self' && MENDED_BY_SELF.has(state))) return state
  return asked === 'self' || may(officer, asked) ? undefined : 'forbidden'
}

function shownIn(request: FastifyRequest, publicUrl: string): { token: string; byCookie: boolean } | undefined {
  const { authorization } = request.headers
  const byCookie = authorization === undefined
  const shown = byCookie ? sessionIn(request, publicUrl) : /^Bearer (.*)$/.exec(authorization)?.[1]
  return shown !== undefined && /^[\w-]{20,200}$/.test(shown) ? { token: shown, byCookie } : undefined
}

async function whoseIs(ports: Ports, token: string): Promise<SignedIn | undefined> {
  if (!token.startsWith(SESSION_PREFIX)) {
    const officer = await knownToken(ports, token)
    return officer && { officer, token }
  }
  const session = await knownSession(ports, token)
  return session && { officer: session.officer, token, session }
}

/** 403, and a line in the security log. */
export async function refuse(
  ports: Ports,
  say: Say,
  {
    request,
    reply,
    action,
  }: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly action: string },
): Promise<FastifyReply> {
  await logSecurity(ports.db, ports.clock.now(), {
    event: 'access.refused',
    actor: signedInOf(request).officer.actor,
    source: request.ip,
    detail: { action, route: `${request.method} ${request.routeOptions.url ?? ''}` },
  })
  return say(request, reply, 'forbidden')
}

/** Who is asking; only behind the guard. */
export function signedInOf(request: FastifyRequest): SignedIn {
  const known = signedIn.get(request)
  if (known === undefined) throw new Error('a staff route without its guard')
  return known
}
