import { BlockList, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ClientSource } from '../../core/clients/client-sources.ts'
import { type Language, languageOf } from '../../platform/locales/locales.ts'
import type { Intake } from '../citizen/intake.ts'
import { Wrong, type WrongThing } from './wrong.ts'

/** What this protocol reads of its sources' settings; their channel has checked them. */
const Settings = z.object({
  jurisdictionId: z.string(),
  apiKey: z.string(),
  hideCategories: z.array(z.string()),
  readFrom: z.array(z.string()),
  extendedStatuses: z.boolean(),
})

export interface Client extends ClientSource {
  readonly set: z.output<typeof Settings>
}

/** Parameters, by name: every value that was sent, empty ones left out. */
export type Params = ReadonlyMap<string, readonly string[]>

export interface Asking {
  readonly client: Client
  /** It proved that it is this client: by the key, or by where it asks from. */
  readonly proved: boolean
  readonly language: Language
}

/** All clients that there are. */
export async function clientsOf({ sources }: Intake): Promise<Client[]> {
  const all = await sources.clients('open311')
  return all.map((source) => ({ ...source, set: Settings.parse(source.settings) }))
}

/**
 * Who asks. A jurisdiction may be left out where a key says which, or where only one is served. A wrong key is refused even where none is
 * needed: a client shall learn of it at once.
 */
export async function askingOf(on: Intake, request: FastifyRequest, params: Params): Promise<Asking> {
  const language = languageOf(request.headers['accept-language'])
  const wrong = (status: 400 | 403 | 404, which: string): Wrong => new Wrong(status, say(on, language, which))
  const { secrets } = on.ports
  const [jurisdiction, key] = [one(params, 'jurisdiction_id'), one(params, 'api_key')]
  const all = await clientsOf(on)
  const named = all.filter(({ set }) => jurisdiction === undefined || set.jurisdictionId === jurisdiction)
  if (named.length === 0) throw wrong(404, 'no-jurisdiction')
  if (key !== undefined) {
    const client = named.find(({ set }) => secrets.sameToken(set.apiKey, key))
    if (client === undefined) throw wrong(403, 'wrong-key')
    return { client, proved: true, language }
  }
  const near = named.find(({ set }) => isWithin(set.readFrom, request.ip))
  const client = near ?? named[0]!
  if (named.some(({ set }) => set.jurisdictionId !== client.set.jurisdictionId)) throw wrong(400, 'which-jurisdiction')
  return { client, proved: near !== undefined, language }
}

/** The same, of whom it must be known: for the key alone where something is written. */
export async function clientOf(
  on: Intake,
  request: FastifyRequest,
  params: Params,
  by: 'key' | 'key-or-network',
): Promise<Asking> {
  const asking = await askingOf(on, request, params)
  const needsKey = by === 'key' && one(params, 'api_key') === undefined
  if (!asking.proved || needsKey) throw new Wrong(403, say(on, asking.language, 'no-key'))
  return asking
}

export const one = (params: Params, name: string): string | undefined => params.get(name)?.[0]

/** `a,b` and `name=a&name=b` alike; undefined where none is named. */
export function listOf(params: Params, name: string): string[] | undefined {
  const values = (params.get(name) ?? []).flatMap((value) => value.split(',')).map((value) => value.trim())
  const named = [...new Set(values.filter((value) => value !== ''))]
  return named.length === 0 ? undefined : named
}

export function say({ translate }: Pick<Intake, 'translate'>, language: Language, which: string): WrongThing {
  return { description: translate(language, `open311:${which}`) }
}

function isWithin(networks: readonly string[], ip: string): boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}
