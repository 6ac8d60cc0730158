import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Fault, fault } from '../../core/fault.ts'
import type { HookCall, Webhook } from '../channel.ts'
import type { HotlineSettings } from './settings.ts'

/** An hour of talk as JSON with a time for each word is under 2 MB; recordings come by their address. */
const MAX_BYTES = 4 * 1024 * 1024

export const hook: Webhook<HotlineSettings> = { intake: 'webhook', maxBytes: MAX_BYTES, verify }

/** What a call says is known by its ids, so one that is sent again under its old signature changes nothing: no time need be signed. */
function verify({ headers, body }: HookCall, { secret, signatureHeader }: HotlineSettings): Fault | undefined {
  if (secret === undefined) return fault('config', 'The source has no secret')
  const given = headers[signatureHeader]?.trim().replace(/^sha256=/i, '')
  if (!given) return fault('rejected', `The header ${signatureHeader} is missing`)
  const expected = createHmac('sha256', secret).update(body).digest()
  const signature = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : Buffer.from(given, 'base64')
  const holds = signature.length === expected.length && timingSafeEqual(signature, expected)
  return holds ? undefined : fault('rejected', 'The signature does not match')
}
