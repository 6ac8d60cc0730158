import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Fault, fault } from '../../../core/fault.ts'
import type { HookCall } from '../../channel.ts'
import type { GatewaySettings } from '../settings.ts'

export function verifyGateway({ headers, body }: HookCall, settings: GatewaySettings): Fault | undefined {
  const { hook, hookHeader, hookSecret } = settings
  const given = headers[hookHeader]
  if (!given) return fault('rejected', `${hookHeader} is missing`)
  const holds =
    hook === 'header' ? same(given, hookSecret) : isHmac(given, createHmac('sha256', hookSecret).update(body).digest())
  return holds ? undefined : fault('rejected', `${hookHeader} does not match`)
}

/** In hex or Base64, with `sha256=` before it or not: gateways do not agree. */
function isHmac(given: string, expected: Buffer): boolean {
  const bare = given.trim().replace(/^sha256=/i, '')
  return same(bare.toLowerCase(), expected.toString('hex')) || same(bare, expected.toString('base64'))
}

/** In the same time whatever is different, length included. */
function same(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(left!, right!)
}
