import type { ClientKey } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import type { ClientSource } from './client-sources.ts'

type At = Pick<Ports, 'secrets' | 'clock'>

/** A program whose source has a key of its own. */
export interface KeyedClient extends ClientSource {
  readonly key: ClientKey
}

const LASTS_SECONDS = 3600

/** What tells a client's token from one of staff. */
const PREFIX = 'app_'

/** Of these sources those that are programs' own. */
export function keyedClients({ channels }: Pick<Ports, 'channels'>, all: readonly ClientSource[]): KeyedClient[] {
  return all.flatMap((source) => {
    const key = channels.get(source.channel)?.client?.(source.settings)
    return key === undefined ? [] : [{ ...source, key }]
  })
}

/** Whose id and secret these are. Both are compared with those of every client, in constant time each. */
export function clientOfKey({ secrets }: At, all: readonly KeyedClient[], shown: ClientKey): KeyedClient | undefined {
  return all.filter(({ key }) => secrets.sameToken(key.id, shown.id) && secrets.sameToken(key.secret, shown.secret))[0]
}

export interface ClientToken {
  readonly token: string
  readonly lastsSeconds: number
}

/** Proves for an hour that its bearer is this client. It is kept nowhere: it holds its own end, and a MAC that no other secret, id or source would give. */
export function tokenFor(at: At, client: KeyedClient): ClientToken {
  const until = Math.floor(at.clock.now().getTime() / 1000) + LASTS_SECONDS
  return { token: `${PREFIX}${until.toString(36)}_${proofOf(at, client, until)}`, lastsSeconds: LASTS_SECONDS }
}

/** It looks like one, good or not. */
export const isClientToken = (token: string): boolean => token.startsWith(PREFIX)

/** The client whose token it is; undefined once it has ended, and when its client has another secret or is switched off. */
export function clientOfToken(at: At, all: readonly KeyedClient[], token: string): KeyedClient | undefined {
  const parts = /^app_([0-9a-z]{1,10})_([\w-]{22})$/.exec(token)
  if (parts === null) return undefined
  const until = Number.parseInt(parts[1]!, 36)
  if (until <= at.clock.now().getTime() / 1000) return undefined
  return all.find((client) => at.secrets.sameToken(parts[2]!, proofOf(at, client, until)))
}

function proofOf({ secrets }: At, { id, key }: KeyedClient, until: number): string {
  return secrets.token('client', JSON.stringify([id, key.id, key.secret, until]))
}
