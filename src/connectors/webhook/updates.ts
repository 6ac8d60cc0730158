import { isUtf8 } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { type Fault, fault } from '../../core/fault.ts'
import { UPDATE_KINDS } from '../../core/words.ts'
import type { OfficeUpdate, UpdateWebhook } from '../connector.ts'
import type { WebhookSettings } from './settings.ts'

/** Standard Webhooks: how far the office's clock and ours may differ. */
const TOLERANCE_SECONDS = 300

const Id = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u)

const Update = z.object({
  event: Id,
  of: Id,
  kind: Id,
  at: z.iso.datetime({ offset: true }),
  text: z.string().max(20_000).default(''),
})

const Updates = z.array(Update).min(1).max(100)

export const updates: UpdateWebhook<WebhookSettings> = { update: 'webhook', verify, read }

/**
 * The library makes the signature; when it was made is judged here, because its own `verify` reads the machine's clock and takes
 * bytes that are no UTF-8 for others that decode alike.
 */
function verify(
  headers: Readonly<Record<string, string | undefined>>,
  raw: Buffer,
  settings: WebhookSettings,
  at: Date,
): Fault | undefined {
  if (settings.callbackSecret === undefined) return fault('config', 'The link has no secret for updates')
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (!id || !timestamp || !signatures) return fault('rejected', 'A webhook-… header is missing')
  // A full stop in the id would blur where it ends and the signed timestamp begins.
  if (id.includes('.') || !/^\d{1,12}$/.test(timestamp)) return fault('rejected', 'A webhook-… header is malformed')
  if (!isUtf8(raw)) return fault('rejected', 'The body is not UTF-8')
  const expected = new Webhook(settings.callbackSecret).sign(id, new Date(Number(timestamp) * 1000), raw)
  // Several, divided by spaces, while the office changes its secret.
  if (!signatures.split(' ').some((signature) => same(signature, expected))) {
    return fault('rejected', 'The signature does not match')
  }
  const off = Math.abs(at.getTime() / 1000 - Number(timestamp))
  return off > TOLERANCE_SECONDS
    ? fault('rejected', `The signature is ${Math.round(off)} s away from our clock`)
    : undefined
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** All of them or none: an office whose tenth update is malformed learns which, and sends them again once mended. */
function read(raw: Buffer): readonly OfficeUpdate[] | Fault {
  const json = parsed(raw)
  if (json === undefined) return fault('rejected', 'The body is not JSON')
  const alone = !Array.isArray(json.value)
  const found = Updates.safeParse(alone ? [json.value] : json.value)
  if (!found.success) {
    const where = found.error.issues[0]?.path.slice(alone ? 1 : 0).join('.')
    return fault('rejected', `Not an update as documented: ${where || 'body'}`)
  }
  return found.data.map(({ event, of, kind, at, text }) => ({
    event,
    of,
    kind: UPDATE_KINDS.find((known) => known === kind) ?? 'unknown',
    at: new Date(at),
    text: storable(text),
    rawCode: kind,
  }))
}

function parsed(raw: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(raw.toString()) }
  } catch {
    return undefined
  }
}

/** PostgreSQL keeps no NUL in a text, and RFC 8785 (the history's canonical JSON) knows no half of a surrogate pair. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', '')).toString()
}
