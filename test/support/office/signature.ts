import { createHmac, timingSafeEqual } from 'node:crypto'

/** Standard Webhooks, symmetric: `v1,` and the Base64 of HMAC-SHA-256 over `id.timestamp.body`. */
export function sign(secret: string, message: { id: string; timestamp: number; body: Buffer }): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${message.id}.${message.timestamp}.`).update(message.body)
  return `v1,${mac.digest('base64')}`
}

export type Complaint = { readonly status: 400 | 401; readonly why: string }

const TOLERANCE_SECONDS = 300

/** What is wrong with a signed request, in the order in which an office finds out; nothing where all holds. */
export function complaint(
  request: { headers: Readonly<Record<string, string | string[] | undefined>>; body: Buffer },
  by: { secret: string; now: Date },
): Complaint | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signatures } = request.headers
  if (typeof id !== 'string' || id === '') return { status: 400, why: 'webhook-id is missing' }
  if (typeof stamp !== 'string' || !/^\d+$/.test(stamp)) return { status: 400, why: 'webhook-timestamp is missing' }
  if (typeof signatures !== 'string') return { status: 401, why: 'webhook-signature is missing' }
  const timestamp = Number(stamp)
  if (Math.abs(by.now.getTime() / 1000 - timestamp) > TOLERANCE_SECONDS)
    return { status: 400, why: 'webhook-timestamp is stale' }
  const expected = Buffer.from(sign(by.secret, { id, timestamp, body: request.body }))
  const matches = signatures
    .split(' ')
    .map((signature) => Buffer.from(signature))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
  return matches ? undefined : { status: 401, why: 'webhook-signature does not match' }
}
