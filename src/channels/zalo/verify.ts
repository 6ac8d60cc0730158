import { createHash, timingSafeEqual } from 'node:crypto'
import { type Fault, fault } from '../../core/fault.ts'
import type { HookCall } from '../channel.ts'
import { parsed } from './parsed.ts'
import type { ZaloSettings } from './settings.ts'

/**
 * https://developers.zalo.me/docs/official-account/webhook/tong-quan: `mac=` and SHA-256 of app id, body, timestamp and the account's secret key, one
 * after the other. No HMAC, and over the bytes as they came: the same JSON written anew has another mac.
 */
export function verifyZalo({ headers, body }: HookCall, settings: ZaloSettings): Fault | undefined {
  const signature = headers['x-zevent-signature']
  if (!signature) return fault('rejected', 'X-ZEvent-Signature is missing')
  const mac = Buffer.from(
    signature
      .trim()
      .replace(/^mac\s*=\s*/i, '')
      .toLowerCase(),
  )
  const holds = timestampsOf(headers, body).some((timestamp) =>
    same(mac, Buffer.from(macOf(body, timestamp, settings))),
  )
  return holds
    ? undefined
    : fault('rejected', 'X-ZEvent-Signature does not match: are app id and secret key of this account the right ones?')
}

/** Of the body; some accounts get it in a header too. Figures alone, so that nothing of the body can pass for it. */
function timestampsOf(headers: HookCall['headers'], body: Buffer): string[] {
  const event = parsed(body)
  const inside = typeof event === 'object' && event !== null && 'timestamp' in event ? event.timestamp : undefined
  return [inside, headers['x-zevent-timestamp']].flatMap((timestamp) =>
    /^\d{1,20}$/.test(String(timestamp)) ? [String(timestamp)] : [],
  )
}

function macOf(body: Buffer, timestamp: string, { appId, secretKey }: ZaloSettings): string {
  return createHash('sha256').update(appId).update(body).update(timestamp).update(secretKey).digest('hex')
}

function same(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
