import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openOffice } from '../../../test/support/office/office.ts'
import { type Fault, fault } from '../../core/fault.ts'
import { DELIVERY_KINDS } from '../../core/words.ts'
import type { HttpAnswer, HttpCall, OutgoingHttp } from '../../platform/outgoing/http.ts'
import { makeOutgoing } from '../../platform/outgoing/outgoing.ts'
import type { OutgoingDelivery } from '../connector.ts'
import { webhook } from './index.ts'
import type { WebhookSettings } from './settings.ts'
import { updates } from './updates.ts'

const AT = new Date('2026-08-20T03:00:00Z')
const SECRET = 'whsec_YW4gaW52ZW50ZWQgc2VjcmV0IG9mIDMyIGJ5dGVzISE='
const CALLBACK_SECRET = 'whsec_YW5vdGhlciBvbmUsIGZvciB0aGUgd2F5IGJhY2sgOik='

const SETTINGS: WebhookSettings = {
  url: 'https://office.example/paht/deliveries',
  secret: SECRET,
  callbackSecret: CALLBACK_SECRET,
  lookupUrl: 'https://office.example/paht/deliveries/{key}',
}

const DELIVERY: OutgoingDelivery = {
  key: '0198c5b2-7a10-7c3e-9d41-5f2e8a6b1c07',
  kind: 'case',
  caseId: '0198c5b2-7a0e-7b11-8a52-3d1c9e7f4b26',
  assignmentId: '0198c5b2-7a0f-7d90-b1f3-6e4a2c8d5f19',
  code: 'DB-26-0004-K7',
  agency: { code: 'H18.12.3', name: 'UBND phường Điện Biên Phủ' },
  title: 'Hố ga mất nắp',
  text: 'Nắp hố ga trước số nhà 12 đã mất từ tối qua, rất nguy hiểm.',
  address: '12 đường 7/5',
  point: { lat: 21.3861, lng: 103.0167 },
  unit: { code: '03127', name: 'Phường Điện Biên Phủ' },
  urgent: true,
  receivedAt: new Date('2026-08-20T02:58:11Z'),
  dueAt: new Date('2026-08-21T10:00:00Z'),
  reportCount: 2,
  reporter: { name: 'Lò Văn Mẫu', phone: '+84900000001' },
  files: [
    {
      name: 'anh-1.jpg',
      type: 'image/jpeg',
      size: 184_213,
      url: 'https://hub.example/files/9f2c?until=1787799600&sig=Zk3',
      read: () => Promise.reject(new Error('the office fetches files by their link')),
    },
  ],
}

/** One exchange and it is done: there is no progress to keep. */
const IN_ONE_PART = {
  progress: null,
  saveProgress: () => Promise.reject(new Error('a webhook has no parts')),
}

const SCRIPT = '<script>alert(1)</script>'

function answer(status: number, body = '', headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: Buffer.from(body) }
}

/** An office that says the next of these each time, and the last for ever. */
function scripted(...answers: (HttpAnswer | Fault)[]) {
  const calls: HttpCall[] = []
  const http: OutgoingHttp = {
    request: async (call) => answers[Math.min(calls.push(call), answers.length) - 1]!,
  }
  return { calls, ctx: { settings: SETTINGS, at: AT, http, ...IN_ONE_PART } }
}

function hmac(secret: string, id: string, timestamp: number | string, body: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

describe('deliver', () => {
  const lost = fault('unreachable', 'timeout', { outcomeUnknown: true })
  const refused = fault('unreachable', 'ECONNREFUSED')

  it.each<[string, HttpAnswer | Fault, unknown]>([
    ['an id', answer(200, '{"id":"VP-1"}'), { taken: true, officeRef: 'VP-1' }],
    ['a number for an id', answer(201, '{"id":42}'), { taken: true, officeRef: '42' }],
    ['no body', answer(204), { taken: true }],
    ['a page', answer(200, `<html>${SCRIPT}`), { taken: true }],
    ['JSON without an id', answer(202, '{"ok":true}'), { taken: true }],
    ['JSON null', answer(200, 'null'), { taken: true }],
    ['half a JSON', answer(200, '{"id":"VP-'), { taken: true }],
    ['bytes that are no text', { ...answer(200), body: Buffer.from([0xff, 0xfe, 0x00]) }, { taken: true }],
    ['an id that is an object', answer(200, '{"id":{"$ne":1}}'), { taken: true }],
    ['an id with a NUL', answer(200, '{"id":"VP\\u0000"}'), { taken: true }],
    ['an id longer than any', answer(200, JSON.stringify({ id: 'x'.repeat(201) })), { taken: true }],
    [
      'a script for an id, which stays text',
      answer(200, JSON.stringify({ id: SCRIPT })),
      { taken: true, officeRef: SCRIPT },
    ],
    ['409 with an id', answer(409, '{"id":"VP-1"}'), { fault: 'duplicate', existingId: 'VP-1' }],
    ['409 without', answer(409, 'Conflict'), { fault: 'rejected' }],
    ['400', answer(400, SCRIPT), { fault: 'rejected' }],
    ['422', answer(422), { fault: 'rejected' }],
    ['302', answer(302, '', { location: 'https://elsewhere.example/' }), { fault: 'config' }],
    ['401', answer(401), { fault: 'config' }],
    ['404', answer(404), { fault: 'config' }],
    ['410', answer(410), { fault: 'config' }],
    ['429', answer(429, '', { 'retry-after': '30' }), { fault: 'throttled', retryAfterSeconds: 30 }],
    [
      '503 with a date',
      answer(503, '', { 'retry-after': 'Thu, 20 Aug 2026 03:01:00 GMT' }),
      { fault: 'throttled', retryAfterSeconds: 60 },
    ],
    ['503', answer(503), { fault: 'unreachable', outcomeUnknown: true }],
    ['500', answer(500, SCRIPT), { fault: 'unreachable', outcomeUnknown: true }],
    ['nothing in time', lost, lost],
    ['nothing at all', refused, refused],
  ])('reads %s', async (_, said, expected) => {
    const { ctx, calls } = scripted(said)
    const result = await webhook.deliver(DELIVERY, ctx)
    expect(result).toMatchObject(expected as object)
    if ('taken' in result) expect(result).toEqual(expected)
    // What the office writes may repeat a citizen's words: it is in the trace, never in a message.
    else expect((result as Fault).message).not.toContain('script')
    expect(calls).toHaveLength(1)
  })

  it('sends the same key and the same data in all attempts, and signs each anew', async () => {
    const { ctx, calls } = scripted(answer(500), lost, answer(200))
    for (const minutes of [0, 1, 5]) {
      await webhook.deliver(DELIVERY, { ...ctx, at: new Date(AT.getTime() + minutes * 60_000) })
    }
    expect(new Set(calls.map(({ headers }) => headers?.['webhook-id']))).toEqual(new Set([DELIVERY.key]))
    expect(calls.map(({ headers }) => headers?.['webhook-timestamp'])).toEqual([
      '1787194800',
      '1787194860',
      '1787195100',
    ])
    for (const { headers, body } of calls) {
      const stamp = headers?.['webhook-timestamp'] ?? ''
      expect(headers?.['webhook-signature']).toBe(hmac(SECRET, DELIVERY.key, stamp, String(body)))
      expect(JSON.parse(String(body)).data).toEqual(JSON.parse(String(calls[0]?.body)).data)
    }
  })

  it.each(DELIVERY_KINDS)('names a type for the kind %s', async (kind) => {
    const { ctx, calls } = scripted(answer(200))
    await webhook.deliver({ ...DELIVERY, kind }, ctx)
    const type = JSON.parse(String(calls[0]?.body)).type
    expect(type).toBe(kind === 'case' ? 'case.forwarded' : `case.${kind}`)
    expect(readme).toContain(`| \`${type}\` |`)
  })

  it('sends nothing of a delivery beyond what is documented', async () => {
    const { ctx, calls } = scripted(answer(200))
    const overfull = {
      ...DELIVERY,
      reporterId: 'mark-1',
      agency: { ...DELIVERY.agency, phone: 'mark-2' },
      point: { ...DELIVERY.point!, accuracy: 'mark-3' },
      reporter: { ...DELIVERY.reporter, nationalId: 'mark-4' },
      files: [{ ...DELIVERY.files[0]!, path: 'mark-5' }],
    }
    await webhook.deliver(overfull, ctx)
    expect(String(calls[0]?.body)).not.toContain('mark-')
  })

  it('leaves out what is absent instead of sending null', async () => {
    const { ctx, calls } = scripted(answer(200))
    const { address: _a, point: _p, unit: _u, dueAt: _d, reporter: _r, ...bare } = DELIVERY
    await webhook.deliver({ ...bare, files: [] }, ctx)
    const { data } = JSON.parse(String(calls[0]?.body))
    expect(Object.keys(data)).toEqual([
      ...['key', 'caseId', 'assignmentId', 'code', 'agency', 'title', 'text'],
      ...['urgent', 'receivedAt', 'reportCount', 'files'],
    ])
  })
})

describe('lookup', () => {
  it.each<[string, HttpAnswer | Fault, unknown]>([
    ['200 with an id', answer(200, '{"id":"VP-1"}'), { taken: true, officeRef: 'VP-1' }],
    ['404', answer(404, 'whatever'), 'absent'],
    ['200 without an id', answer(200, '<html>'), { fault: 'config' }],
    ['204', answer(204), { fault: 'config' }],
    ['400', answer(400), { fault: 'config' }],
    ['401', answer(401), { fault: 'config' }],
    ['410', answer(410), { fault: 'config' }],
    ['302', answer(302), { fault: 'config' }],
    ['429', answer(429), { fault: 'throttled' }],
    ['500', answer(500), { fault: 'unreachable' }],
    ['nothing', fault('unreachable', 'ECONNREFUSED'), { fault: 'unreachable' }],
  ])('reads %s', async (_, said, expected) => {
    const { ctx } = scripted(said)
    const found = await webhook.lookup!(DELIVERY, ctx)
    if (typeof expected === 'string') expect(found).toBe(expected)
    else expect(found).toMatchObject(expected as object)
  })

  it('asks for the key, escaped, signed over an empty body at the time of asking', async () => {
    const { ctx, calls } = scripted(answer(404))
    await webhook.lookup!({ ...DELIVERY, key: 'a/../b?c' }, ctx)
    expect(calls).toEqual([
      {
        method: 'GET',
        url: 'https://office.example/paht/deliveries/a%2F..%2Fb%3Fc',
        headers: {
          'webhook-id': 'a/../b?c',
          'webhook-timestamp': '1787194800',
          'webhook-signature': hmac(SECRET, 'a/../b?c', 1787194800, ''),
        },
      },
    ])
  })

  it('is what to do when the outcome is unknown, where the settings allow it; else the key makes sending again safe', () => {
    const { lookupUrl: _, ...without } = SETTINGS
    expect(webhook.whenUnknown(SETTINGS)).toBe('lookup')
    expect(webhook.whenUnknown(without)).toBe('again')
  })
})

describe('check', () => {
  it.each<[string, HttpAnswer[], unknown]>([
    ['both hold', [answer(204), answer(404)], { ok: true }],
    ['the secret is wrong', [answer(401)], { fault: 'config' }],
    ['the look-up knows what nobody sent', [answer(204), answer(200, '{"id":"1"}')], { fault: 'config' }],
    ['the look-up is not signed as it wants', [answer(204), answer(401)], { fault: 'config' }],
  ])('says when %s', async (_, said, expected) => {
    const { ctx, calls } = scripted(...said)
    expect(await webhook.check(ctx)).toMatchObject(expected as object)
    expect(JSON.parse(String(calls[0]?.body))).toMatchObject({ type: 'link.test' })
    expect(calls[0]?.headers?.['webhook-id']).not.toContain('.')
  })
})

describe('over the wire, with an office that stores', () => {
  async function office(behaviour: object, timeoutMs = 2_000) {
    const store = join(mkdtempSync(join(tmpdir(), 'office-')), 'store.jsonl')
    const hub = { url: 'http://127.0.0.1:9', link: 'l1', callbackSecret: CALLBACK_SECRET }
    const opened = await openOffice({
      port: 0,
      store,
      secret: SECRET,
      hub,
      behaviour: { now: AT.toISOString(), ...behaviour },
    })
    onTestFinished(() => opened.close())
    const base = `http://127.0.0.1:${opened.port}`
    const settings = {
      secret: SECRET,
      url: `${base}/deliveries`,
      lookupUrl: `${base}/deliveries/{key}`,
      allow: ['127.0.0.1/32'],
    }
    const http = makeOutgoing({
      timeoutMs,
      maxAnswerBytes: 65_536,
      allow: settings.allow,
      secrets: [SECRET],
      trace: (exchange) => expect(JSON.stringify(exchange)).not.toContain(SECRET),
    })
    const ctx = { settings, at: AT, http, ...IN_ONE_PART }
    const held = async () => (await (await fetch(`${base}/ledger`)).json()) as { kind: string }[]
    return { ctx, held }
  }

  it('takes every kind as documented, and the test stores nothing', async () => {
    const { ctx, held } = await office({})
    expect(await webhook.check(ctx)).toMatchObject({ ok: true })
    expect(await held()).toEqual([])
    for (const kind of DELIVERY_KINDS) {
      expect(await webhook.deliver({ ...DELIVERY, kind, key: kind }, ctx)).toMatchObject({ taken: true })
    }
    expect((await held()).map(({ kind }) => kind)).toEqual(DELIVERY_KINDS)
  })

  it.each([
    ['a reply lost after it was stored', { loseReplies: { nth: 1 } }],
    ['a timeout after it was stored', { slowMs: 1_500 }],
  ])('%s is unknown, found by asking, and harmless to send again', async (_, behaviour) => {
    const { ctx, held } = await office(behaviour, 500)
    expect(await webhook.deliver(DELIVERY, ctx)).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
    expect(await webhook.lookup!(DELIVERY, ctx)).toEqual({ taken: true, officeRef: 'VP-000001' })
    await webhook.deliver(DELIVERY, ctx)
    expect(await held()).toMatchObject([{ id: 'VP-000001', key: DELIVERY.key, times: 2 }])
  })

  it('asked for what never arrived, the office says so', async () => {
    const { ctx } = await office({})
    expect(await webhook.lookup!(DELIVERY, ctx)).toBe('absent')
  })

  it('two attempts at once with one key are one delivery', async () => {
    const { ctx, held } = await office({})
    const both = await Promise.all([webhook.deliver(DELIVERY, ctx), webhook.deliver(DELIVERY, ctx)])
    expect(both).toEqual([
      { taken: true, officeRef: 'VP-000001' },
      { taken: true, officeRef: 'VP-000001' },
    ])
    expect(await held()).toMatchObject([{ times: 2 }])
  })

  it('long text arrives whole', async () => {
    const { ctx } = await office({})
    expect(await webhook.deliver({ ...DELIVERY, text: 'Dài '.repeat(20_000) }, ctx)).toMatchObject({ taken: true })
  })

  it('is refused with a secret that is not the office’s', async () => {
    const { ctx } = await office({})
    const settings = { ...ctx.settings, secret: CALLBACK_SECRET }
    expect(await webhook.deliver(DELIVERY, { ...ctx, settings })).toMatchObject({ fault: 'config' })
  })
})

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

describe('the README', () => {
  /** The headers and the body of its examples, in order. */
  const examples = [...readme.matchAll(/```http\n([\s\S]*?)\n\n([\s\S]*?)\n```/g)].map(([, head = '', body = '']) => ({
    headers: Object.fromEntries(
      head
        .split('\n')
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    ),
    body,
  }))

  it('shows byte for byte what we send', async () => {
    const { ctx, calls } = scripted(answer(200))
    await webhook.deliver(DELIVERY, ctx)
    expect(readme).toContain(SECRET)
    expect({ host: 'office.example', ...calls[0]?.headers }).toEqual(examples[0]?.headers)
    expect(calls[0]?.body).toBe(examples[0]?.body)
  })

  it('shows an update that we verify and read', () => {
    expect(webhook.updates).toEqual([updates])
    const { headers, body } = examples[1]!
    expect(readme).toContain(CALLBACK_SECRET)
    expect(updates.verify(headers, Buffer.from(body), SETTINGS, new Date('2026-08-20T09:20:00Z'))).toBeUndefined()
    expect(updates.read(Buffer.from(body))).toMatchObject([{ kind: 'answer', text: 'Đã lắp nắp hố ga mới.' }])
  })
})
