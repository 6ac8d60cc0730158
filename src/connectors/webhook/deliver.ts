import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { DeliveryKind } from '../../core/words.ts'
import type { HttpAnswer } from '../../platform/outgoing/http.ts'
import type { ConnectorContext, OutgoingDelivery, Taken } from '../connector.ts'
import type { WebhookSettings } from './settings.ts'

type Context = ConnectorContext<WebhookSettings>

const TYPES: Readonly<Record<DeliveryKind, string>> = {
  case: 'case.forwarded',
  addition: 'case.addition',
  replacement: 'case.replacement',
  withdrawal: 'case.withdrawal',
  reminder: 'case.reminder',
}

export async function deliver(delivery: OutgoingDelivery, ctx: Context): Promise<Taken | Fault> {
  const body = { type: TYPES[delivery.kind], timestamp: ctx.at.toISOString(), data: dataOf(delivery) }
  const answer = await post(delivery.key, body, ctx)
  if (isFault(answer)) return answer
  const id = idIn(answer.body)
  if (answer.status === 409 && id !== undefined) {
    return fault('duplicate', 'The office has it already', { existingId: id })
  }
  return faultOfAnswer(answer, ctx.at) ?? taken(id)
}

/** Asks by our key; used where the settings name an address for it. */
export async function lookup(delivery: OutgoingDelivery, ctx: Context): Promise<Taken | 'absent' | Fault> {
  const answer = await ask(delivery.key, ctx)
  if (isFault(answer)) return answer
  if (answer.status === 404) return 'absent'
  const refused = faultOfAnswer(answer, ctx.at)
  if (refused !== undefined) {
    // A question has no content that could be refused: then the address is wrong, and no case must pay for it.
    return refused.fault === 'rejected' ? fault('config', refused.message) : refused
  }
  const id = idIn(answer.body)
  return id === undefined ? fault('config', `The look-up answered ${answer.status} without an id`) : taken(id)
}

/** Sends a `link.test` that the office stores nothing of, and asks for a delivery that nobody ever sent. */
export async function check(ctx: Context): Promise<{ ok: true; note: string } | Fault> {
  // A full stop would blur where the signed id ends (Standard Webhooks, signature scheme).
  const key = `test-${randomUUID()}`
  const answer = await post(key, { type: 'link.test', timestamp: ctx.at.toISOString(), data: { key } }, ctx)
  if (isFault(answer)) return answer
  const refused = faultOfAnswer(answer, ctx.at)
  if (refused !== undefined) return refused
  if (ctx.settings.lookupUrl === undefined) return { ok: true, note: `link.test: ${answer.status}` }
  const asked = await ask(key, ctx)
  if (isFault(asked)) return asked
  return asked.status === 404
    ? { ok: true, note: `link.test: ${answer.status}; look-up of an unknown key: 404` }
    : fault('config', `The look-up of a key that was never delivered answered ${asked.status}, not 404`)
}

/** Named field by field: what is not written here does not leave. */
function dataOf(delivery: OutgoingDelivery) {
  return {
    key: delivery.key,
    caseId: delivery.caseId,
    assignmentId: delivery.assignmentId,
    code: delivery.code,
    agency: { code: delivery.agency.code, name: delivery.agency.name },
    title: delivery.title,
    text: delivery.text,
    address: delivery.address,
    point: delivery.point && { lat: delivery.point.lat, lng: delivery.point.lng },
    unit: delivery.unit && { code: delivery.unit.code, name: delivery.unit.name },
    urgent: delivery.urgent,
    receivedAt: delivery.receivedAt.toISOString(),
    dueAt: delivery.dueAt?.toISOString(),
    reportCount: delivery.reportCount,
    reporter: delivery.reporter && {
      name: delivery.reporter.name,
      phone: delivery.reporter.phone,
      email: delivery.reporter.email,
    },
    files: delivery.files.map(({ name, type, size, url }) => ({ name, type, size, url })),
  }
}

function post(id: string, message: object, ctx: Context): Promise<HttpAnswer | Fault> {
  const body = JSON.stringify(message)
  const headers = { 'content-type': 'application/json', ...signed(id, body, ctx) }
  return ctx.http.request({ method: 'POST', url: ctx.settings.url, headers, body })
}

async function ask(key: string, ctx: Context): Promise<HttpAnswer | Fault> {
  const { lookupUrl } = ctx.settings
  if (lookupUrl === undefined) return fault('config', 'The link has no address at which to ask for a delivery')
  const url = lookupUrl.replaceAll('{key}', encodeURIComponent(key))
  return ctx.http.request({ method: 'GET', url, headers: signed(key, '', ctx) })
}

/** The id is our key in every attempt; the timestamp is that of this attempt. */
function signed(id: string, body: string, { settings, at }: Context): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(settings.secret).sign(id, at, body),
  }
}

function taken(officeRef: string | undefined): Taken {
  return officeRef === undefined ? { taken: true } : { taken: true, officeRef }
}

/** The office's own id, where the answer is JSON with a usable one. An odd body is no fault: the status has said what happened. */
function idIn(body: Buffer): string | undefined {
  const answer = parsed(body)
  if (typeof answer !== 'object' || answer === null || !('id' in answer)) return undefined
  const id = typeof answer.id === 'number' ? String(answer.id) : answer.id
  // Control characters: PostgreSQL keeps no NUL in a text, and no office names a case so.
  return typeof id === 'string' && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(id) ? id : undefined
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
