import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { mayReach, networksOf } from './addresses.ts'

export const FORBIDDEN = 'ADDRESS_FORBIDDEN'

/**
 * Opens sockets to permitted addresses only. The check sits inside the name look-up of the connection itself, so the address
 * that was judged is the one connected to: a name that answers differently a moment later (DNS rebinding) gains nothing.
 */
export function guardedConnector(to: {
  readonly allow: readonly string[]
  readonly timeoutMs: number
  readonly lookup: LookupFunction
}): buildConnector.connector {
  const allowed = networksOf(to.allow)
  const permitted = (address: string) => mayReach(address, allowed)
  const connect = buildConnector({ timeout: to.timeoutMs, lookup: guardedLookup(to.lookup, permitted) })
  return (options, done) => {
    // A literal address is never looked up.
    if (isIP(options.hostname) !== 0 && !permitted(options.hostname)) done(forbidden(options.hostname), null)
    else connect(options, done)
  }
}

function guardedLookup(lookup: LookupFunction, permitted: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) =>
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error) return done(error, [])
      const all = typeof found === 'string' ? [{ address: found, family: family ?? isIP(found) }] : found
      const open = all.filter(({ address }) => permitted(address))
      const first = open[0]
      if (!first) return done(forbidden(`${hostname} (${all.map(({ address }) => address).join(', ')})`), [])
      if (options.all) return done(null, open)
      return done(null, first.address, first.family)
    })
}

function forbidden(what: string): Error {
  return Object.assign(new Error(`${what} is not an address that may be reached`), { code: FORBIDDEN })
}
