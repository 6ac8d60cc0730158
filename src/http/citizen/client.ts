import type { FastifyReply, FastifyRequest } from 'fastify'
import { clientOfToken, isClientToken, type KeyedClient, keyedClients } from '../../core/clients/client-token.ts'
import type { Opening } from '../../core/notices/view.ts'
import type { Intake } from './intake.ts'

type On = Pick<Intake, 'ports' | 'sources'>

/** Whoever shows a token must be known by it: an app whose hour is over shall get another one, and not be taken for a stranger. */
export const NOT_KNOWN = { problem: 'unauthorized' } as const
export type NotKnown = typeof NOT_KNOWN

/** Every app that there is. */
export const appsOf = async ({ ports, sources }: On): Promise<KeyedClient[]> =>
  keyedClients(ports, await sources.clients('portal'))

/** The app that asks; undefined where anybody else does, whatever they show: for that these routes have no use. */
export async function appOf(
  on: On,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<KeyedClient | NotKnown | undefined> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || !isClientToken(token)) return undefined
  const client = clientOfToken(on.ports, await appsOf(on), token)
  if (client !== undefined) return client
  // RFC 6750 §3.1
  reply.header('www-authenticate', 'Bearer error="invalid_token"')
  return NOT_KNOWN
}

export interface OpeningShown extends Opening {
  readonly app?: KeyedClient
}

interface Shown {
  readonly params: { readonly code: string }
  readonly query: {
    readonly phone?: string | undefined
    readonly key?: string | undefined
    readonly userId?: string | undefined
  }
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** By what a report is to be opened: an app needs neither digits nor key for what came by it. */
export async function openingOf(on: On, { params, query, request, reply }: Shown): Promise<OpeningShown | NotKnown> {
  const app = await appOf(on, request, reply)
  if (app !== undefined && 'problem' in app) return app
  return {
    ...{ code: params.code, lastFour: query.phone?.trim(), key: query.key },
    ...(app !== undefined && { app, client: { sourceId: app.id, userId: query.userId?.trim() } }),
  }
}
