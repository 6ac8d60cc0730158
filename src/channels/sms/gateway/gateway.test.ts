import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channelContext, inMemory, notice, TOKEN } from '../../../../test/support/channel-context.ts'
import { envelope, readOne } from '../../../../test/support/sms.ts'
import { isFault } from '../../../core/fault.ts'
import type { HttpCall, OutgoingHttp } from '../../../platform/outgoing/http.ts'
import { sms } from '../index.ts'
import { SmsSettings } from '../settings.ts'

const GATEWAY = {
  provider: 'gateway',
  hookSecret: 'not-a-real-hook-secret',
  fields: { id: 'data.id', from: 'data.from', text: 'data.text' },
}
const FORM = { ...GATEWAY, fields: { from: 'sender', text: 'message', time: 'received_at' } }
/** The shape of a gateway that answers 200 to everything, as several Vietnamese ones do. */
const SENDING = {
  url: 'https://gateway.example/send/json',
  headers: { 'content-type': 'application/json', authorization: 'Bearer {{secret}}' },
  body: '{"Phone":"{{toNational}}","Content":"{{text}}","Brandname":"PAHT","RequestId":"{{id}}","Key":"{{secret}}"}',
  success: { path: 'CodeResult', equals: ['100'] },
  id: 'SMSID',
  faults: { 101: 'config', 103: 'config', 99: 'unreachable', '429': 'throttled' },
}
const json = (data: object): string => JSON.stringify({ data })

describe('a message', () => {
  it.each<readonly [what: string, settings: object, type: string, body: string, holds: object]>([
    [
      'in JSON',
      GATEWAY,
      'application/json',
      json({ id: 17, from: '84912345678', text: 'Đường hỏng 🚧' }),
      { event: '17', keys: ['17'], sender: { phone: '+84912345678' }, talk: '+84912345678', content: 'Đường hỏng 🚧' },
    ],
    [
      'in a form, without an id',
      FORM,
      'application/x-www-form-urlencoded; charset=utf-8',
      'sender=0912345678&message=Duong+hong&received_at=2026-11-23+08:00:00',
      { event: expect.stringMatching(/^[0-9a-f]{64}$/), sender: { phone: '+84912345678' }, content: 'Duong hong' },
    ],
    ['from a bank', GATEWAY, 'application/json', json({ id: 'a', from: 'VCB', text: 'x' }), { reason: 'no-phone' }],
    [
      'no more',
      GATEWAY,
      'application/json',
      json({ id: 'a', from: '0912345678', text: 'Từ chối' }),
      { reason: 'opt-out' },
    ],
    ['nothing', GATEWAY, 'application/json', json({ id: 'a', from: '0912345678', text: '' }), { reason: 'empty' }],
  ])('%s', async (_, settings, type, body, holds) => {
    expect(await readOne(body, settings, type)).toMatchObject(holds)
  })

  it('without an id is told by its time', async () => {
    const at = (minute: number) =>
      readOne(`sender=0912345678&message=x&received_at=8:0${minute}`, FORM, 'application/x-www-form-urlencoded')
    expect((await at(1)).keys).toEqual((await at(1)).keys)
    expect((await at(1)).keys).not.toEqual((await at(2)).keys)
  })

  it.each([
    '',
    '[]',
    'null',
    '"x"',
    '{"data":[]}',
    json({ id: 'a', text: 'x' }),
    json({ from: '09', text: 'x' }),
    json({ id: {}, from: '0', text: 'x' }),
  ])('%s is unreadable', async (body) => {
    expect(await sms.read(envelope(body, 'application/json'), SmsSettings.parse(GATEWAY))).toHaveProperty('unreadable')
  })

  it('never throws', async () => {
    const settings = [GATEWAY, FORM].map((each) => SmsSettings.parse(each))
    const bodies = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    )
    const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', '')
    await fc.assert(
      fc.asyncProperty(bodies, types, fc.constantFrom(...settings), async (body, type, each) => {
        expect(await sms.read(envelope(body, type), each)).toBeDefined()
      }),
    )
  })
})

describe('who calls', () => {
  const body = Buffer.from(json({ id: 1, from: '0912345678', text: 'Ổ gà 🚧' }))
  const mac = createHmac('sha256', GATEWAY.hookSecret).update(body).digest()
  const HMAC = { ...GATEWAY, hook: 'hmac-sha256', hookHeader: 'X-Signature' }

  it.each<readonly [what: string, settings: object, headers: Record<string, string>, fault: string | undefined]>([
    ['the secret', GATEWAY, { 'x-api-key': GATEWAY.hookSecret }, undefined],
    ['another', GATEWAY, { 'x-api-key': `${GATEWAY.hookSecret}1` }, 'rejected'],
    ['none', GATEWAY, {}, 'rejected'],
    ['in hex', HMAC, { 'x-signature': mac.toString('hex') }, undefined],
    ['in capital hex, named', HMAC, { 'x-signature': `sha256=${mac.toString('hex').toUpperCase()}` }, undefined],
    ['in Base64', HMAC, { 'x-signature': mac.toString('base64') }, undefined],
    ['the secret where its HMAC belongs', HMAC, { 'x-signature': GATEWAY.hookSecret }, 'rejected'],
    [
      "another body's",
      HMAC,
      { 'x-signature': createHmac('sha256', GATEWAY.hookSecret).update('x').digest('hex') },
      'rejected',
    ],
    ['in another header', HMAC, { 'x-api-key': mac.toString('hex') }, 'rejected'],
  ])('%s', (_, settings, headers, fault) => {
    const [webhook] = sms.intakes
    if (webhook?.intake !== 'webhook') throw new Error('no webhook')
    const call = { url: 'https://paht.example/hooks/sources/s', headers, body, at: new Date('2026-11-23T01:00:00Z') }
    expect(webhook.verify(call, SmsSettings.parse(settings))?.fault).toBe(fault)
  })
})

function sendingTo(
  answer: { status?: number; body?: unknown; headers?: Record<string, string> },
  sending: object = SENDING,
) {
  const calls: HttpCall[] = []
  const http: OutgoingHttp = {
    request: async (call) => {
      calls.push(call)
      return {
        status: answer.status ?? 200,
        headers: answer.headers ?? {},
        body: Buffer.from(JSON.stringify(answer.body ?? {})),
      }
    },
  }
  const settings = SmsSettings.parse({ ...GATEWAY, sendSecret: 'k"ey/+not-a-real-one', sending })
  return { calls, ctx: channelContext(settings, { http, memory: inMemory() }) }
}

describe('sends', () => {
  it('JSON with every value escaped for where it stands', async () => {
    const { calls, ctx } = sendingTo({ body: { CodeResult: '100', SMSID: 'G1' } })
    expect(await sms.send!.attempt(notice('Trả lời: "xong"\n\\ 🚧'), ctx)).toEqual({ sent: true, providerIds: ['G1'] })
    expect(calls).toMatchObject([
      { method: 'POST', url: SENDING.url, headers: { authorization: 'Bearer k"ey/+not-a-real-one' } },
    ])
    expect(JSON.parse(String(calls[0]!.body))).toEqual({
      ...{ Phone: '0912345678', Content: 'Tra loi: "xong"\n\\ 🚧', Brandname: 'PAHT', RequestId: `${TOKEN}-1` },
      Key: 'k"ey/+not-a-real-one',
    })
  })

  it('a form, and an address', async () => {
    const form = {
      url: 'https://gateway.example/send?key={{secret}}&to={{toDigits}}',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'to={{to}}&text={{ text }}',
    }
    const { calls, ctx } = sendingTo({ status: 202 }, form)
    expect(await sms.send!.attempt(notice('a&b=c 1+1'), ctx)).toEqual({ sent: true })
    expect(calls[0]!.url).toBe('https://gateway.example/send?key=k%22ey%2F%2Bnot-a-real-one&to=84912345678')
    expect(Object.fromEntries(new URLSearchParams(String(calls[0]!.body)))).toEqual({
      to: '+84912345678',
      text: 'a&b=c 1+1',
    })
  })

  it('XML, and by GET without a body', async () => {
    const xml = { url: 'https://gateway.example/', headers: { 'content-type': 'text/xml' }, body: '<t>{{text}}</t>' }
    const first = sendingTo({}, xml)
    await sms.send!.attempt(notice('a<b & "c"'), first.ctx)
    expect(first.calls[0]!.body).toBe('<t>a&lt;b &amp; &quot;c&quot;</t>')
    const second = sendingTo({}, { url: 'https://gateway.example/?t={{text}}', method: 'GET' })
    await sms.send!.attempt(notice('a b'), second.ctx)
    expect(second.calls[0]).toEqual({ method: 'GET', url: 'https://gateway.example/?t=a%20b', headers: {} })
  })

  it('a long text whole: each part has an id of its own', async () => {
    const { calls, ctx } = sendingTo({ body: { CodeResult: '100' } })
    const long = Array.from({ length: 300 }, (_, i) => `tu${i}`).join(' ')
    expect(await sms.send!.attempt(notice(long), ctx)).toEqual({ sent: true })
    const sent = calls.map(({ body }) => JSON.parse(String(body)) as { Content: string; RequestId: string })
    expect(sent.map(({ RequestId }) => RequestId)).toEqual([1, 2, 3, 4].map((part) => `${TOKEN}-${part}`))
    expect(sent.every(({ Content }) => Content.length <= 459)).toBe(true)
    expect(sent.map(({ Content }) => Content.replace(/^\S+ /, '')).join(' ')).toBe(long)
  })

  it.each<readonly [what: string, answer: Parameters<typeof sendingTo>[0], expected: object]>([
    ['its own code', { body: { CodeResult: 101 } }, { fault: 'config', message: 'The gateway answered 200, 101' }],
    ['another code', { body: { CodeResult: '104' } }, { fault: 'rejected', message: 'The gateway answered 200, 104' }],
    ['none', { body: {} }, { fault: 'rejected', message: 'The gateway answered 200, without a word on success' }],
    [
      'one that names the number',
      { body: { CodeResult: 'invalid phone 0912345678' } },
      { fault: 'rejected', message: 'The gateway answered 200, without a word on success' },
    ],
    ['trouble inside', { body: { CodeResult: '99' } }, { fault: 'unreachable' }],
    [
      'a status that the settings know',
      { status: 429, headers: { 'retry-after': '9' } },
      { fault: 'throttled', retryAfterSeconds: 9 },
    ],
    ['a status that everybody knows', { status: 401 }, { fault: 'config' }],
    [
      'success in an error',
      { status: 500, body: { CodeResult: '100' } },
      { fault: 'unreachable', outcomeUnknown: true },
    ],
  ])('answered with %s', async (_, answer, expected) => {
    const { ctx } = sendingTo(answer)
    const result = await sms.send!.attempt(notice('x'), ctx)
    expect(isFault(result)).toBe(true)
    expect(result).toMatchObject(expected)
  })

  it('not at all where the number only takes messages', async () => {
    const ctx = channelContext(SmsSettings.parse(GATEWAY))
    expect(await sms.send!.attempt(notice('x'), ctx)).toMatchObject({ sent: false })
    expect(await sms.check!(ctx)).toMatchObject({ ok: true })
    expect(await sms.fetchFile!({ ref: 'x', name: 'x' }, ctx)).toMatchObject({ fault: 'rejected' })
    for await (const each of sms.reconcile!(undefined, ctx)) expect.unreachable(JSON.stringify(each))
  })
})
