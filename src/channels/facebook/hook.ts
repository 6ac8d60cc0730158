import { createHmac, timingSafeEqual } from 'node:crypto'
import { fault } from '../../core/fault.ts'
import type { Webhook } from '../channel.ts'
import type { FacebookSettings } from './settings.ts'

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export const webhook: Webhook<FacebookSettings> = {
  intake: 'webhook',
  // Up to 1000 updates in one body; the longest comment (8,000 letters) is 16 to 48 kB of `\u` escapes, most are a line.
  maxBytes: 16 * 1024 * 1024,
  challenge: (query, { verifyToken }) =>
    query['hub.mode'] === 'subscribe' && same(query['hub.verify_token'] ?? '', verifyToken)
      ? query['hub.challenge']
      : undefined,
  verify: ({ headers, body }, { appSecret }) => {
    const signature = headers['x-hub-signature-256']
    if (signature === undefined) return fault('rejected', 'X-Hub-Signature-256 is missing')
    // Over the bytes as they came: written anew, `\u1ec7` and `/` come out otherwise than Meta signed them.
    const expected = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
    return same(signature, expected) ? undefined : fault('rejected', 'X-Hub-Signature-256 does not match')
  },
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
