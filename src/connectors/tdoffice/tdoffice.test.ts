import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AT, DELIVERY, DOCUMENT, LINK, ORGAN, SECRET_KEY } from '../../../test/support/tdoffice.ts'
import { type Fault, fault } from '../../core/fault.ts'
import type { HttpAnswer, HttpCall, OutgoingHttp } from '../../platform/outgoing/http.ts'
import type { DeliverContext } from '../connector.ts'
import { tdoffice } from './index.ts'
import { TdofficeSettings } from './settings.ts'
import { documentXml } from './write.ts'

const SETTINGS = TdofficeSettings.parse(LINK)

const SCRIPT = '<script>alert(1)</script>'

function answer(status: number, body: unknown = '', headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }
}

const accepted = (docId: unknown) => answer(200, { success: true, message: 'OK', docId })
const refused = (errorCode: unknown, docId: unknown = null, status = 400) =>
  answer(status, { success: false, message: SCRIPT, data: { docId, status: 'error', errorCode, errorDesc: SCRIPT } })
const listed = (...docIds: unknown[]) =>
  answer(200, { success: true, data: docIds.map((docId) => ({ docId, to: 'H18.98.03' })) })
const given = (edxml: unknown) => answer(200, { success: true, data: { edxml } })

type Reply = HttpAnswer | Fault | ((call: HttpCall) => HttpAnswer | Fault)

/** An exchange that says the next of these each time, and the last for ever. */
function scripted(...replies: Reply[]) {
  const calls: HttpCall[] = []
  const saved: unknown[] = []
  const http: OutgoingHttp = {
    request: async (call) => {
      const reply = replies[Math.min(calls.push(call), replies.length) - 1]!
      return typeof reply === 'function' ? reply(call) : reply
    },
  }
  const ctx: DeliverContext<TdofficeSettings> = {
    settings: SETTINGS,
    at: AT,
    http,
    progress: null,
    saveProgress: async (progress) => void saved.push(progress),
  }
  return { calls, saved, ctx }
}

const lost = fault('unreachable', 'timeout', { outcomeUnknown: true })
const nothing = fault('unreachable', 'ECONNREFUSED')

describe('deliver', () => {
  it.each<[string, Reply, object]>([
    ['an id', accepted('d-1'), { pending: true, officeRef: 'd-1' }],
    ['a number for an id', accepted(42), { pending: true, officeRef: '42' }],
    ['no id', accepted(undefined), { fault: 'unreachable', outcomeUnknown: true }],
    ['an id that is an object', accepted({ $ne: 1 }), { fault: 'unreachable', outcomeUnknown: true }],
    ['an id with a NUL', accepted('d\0'), { fault: 'unreachable', outcomeUnknown: true }],
    ['a page', answer(200, `<html>${SCRIPT}`), { fault: 'config', outcomeUnknown: true }],
    ['JSON null', answer(200, 'null'), { fault: 'config', outcomeUnknown: true }],
    ['half a JSON', answer(200, '{"success":tr'), { fault: 'config', outcomeUnknown: true }],
    ['a refusal with 200', refused('18', null, 200), { fault: 'rejected' }],
    ['a refusal without a code', answer(400, { success: false }), { fault: 'rejected' }],
    ['code 10', refused('10'), { fault: 'rejected' }],
    ['code 15', refused('15'), { fault: 'config' }],
    ['code 15 with 401', refused('15', null, 401), { fault: 'config' }],
    ['code 18', refused('18'), { fault: 'rejected' }],
    ['code 19', refused(19), { fault: 'config' }],
    ['code 20', refused('20'), { fault: 'unreachable', outcomeUnknown: true }],
    ['code 21', refused('21'), { fault: 'rejected' }],
    ['code 22', refused('22'), { fault: 'rejected' }],
    ['code 22 with a docId', refused('22', 'd-9'), { fault: 'rejected' }],
    ['code 23', refused('23'), { fault: 'rejected' }],
    ['a code nobody knows', refused(SCRIPT), { fault: 'rejected' }],
    ['400 without JSON', answer(400, SCRIPT), { fault: 'rejected' }],
    ['302', answer(302, '', { location: 'https://elsewhere.example/' }), { fault: 'config' }],
    ['401', answer(401), { fault: 'config' }],
    ['403', answer(403, { success: false }), { fault: 'config' }],
    ['404', answer(404), { fault: 'config' }],
    ['413', answer(413), { fault: 'rejected' }],
    ['429', answer(429, '', { 'retry-after': '30' }), { fault: 'throttled', retryAfterSeconds: 30 }],
    ['503', refused('20', null, 503), { fault: 'unreachable', outcomeUnknown: true }],
    ['nothing in time', lost, lost],
    ['nothing at all', nothing, nothing],
  ])('reads %s', async (_, said, expected) => {
    const { ctx, calls, saved } = scripted(said)
    const result = await tdoffice.deliver(DELIVERY, ctx)
    expect(result).toMatchObject(expected)
    expect(JSON.stringify(result)).not.toContain('script')
    expect(calls).toHaveLength(1)
    expect(saved).toEqual('pending' in result ? [{ docId: result.officeRef }] : [])
  })

  const ours = async () => (await documentXml(DELIVERY, DOCUMENT, { settings: SETTINGS, at: AT })).toString()

  it.each<[string, () => Promise<Reply>, object]>([
    ['this one: the exchange has it', async () => given(await ours()), { pending: true, officeRef: 'd-1' }],
    ['another', async () => given((await ours()).replaceAll('123/PC', '124/PC')), { fault: 'rejected' }],
    ['none that can be read', async () => nothing, { fault: 'unreachable', outcomeUnknown: true }],
  ])('a refusal that names a document is read: %s', async (_, named, expected) => {
    const { ctx, calls, saved } = scripted(refused('24', 'd-1'), await named())
    const result = await tdoffice.deliver(DELIVERY, ctx)
    expect(result).toMatchObject(expected)
    expect(calls[1]?.url).toBe('https://exchange.example/v1/getEdoc?docId=d-1')
    expect(saved).toHaveLength('pending' in result ? 1 : 0)
  })

  it('uploads the document with its credentials in headers', async () => {
    const { ctx, calls } = scripted(accepted('d-1'))
    await tdoffice.deliver(DELIVERY, ctx)
    expect(calls[0]).toMatchObject({
      method: 'POST',
      url: 'https://exchange.example/v1/sendEdoc',
      headers: { 'X-SystemId': ORGAN, 'X-SecretKey': SECRET_KEY },
    })
    const form = await new Response(new Uint8Array(calls[0]?.body as Buffer), {
      headers: calls[0]!.headers!,
    }).formData()
    expect(form.get('messageType')).toBe('edoc')
    expect(await (form.get('edocFile') as File).text()).toBe(await ours())
  })

  it('does not send again what the exchange has, whatever became of the attempt', async () => {
    const { ctx, calls } = scripted(nothing)
    const after = { ...ctx, progress: { docId: 'd-1' } }
    expect(await tdoffice.deliver(DELIVERY, after)).toEqual({ pending: true, officeRef: 'd-1' })
    expect(await tdoffice.lookup!(DELIVERY, after)).toEqual({ pending: true, officeRef: 'd-1' })
    expect(calls).toEqual([])
  })

  it('is done only when its progress is committed', async () => {
    const { ctx } = scripted(accepted('d-1'))
    const saveProgress = () => Promise.reject(new Error('the lease is lost'))
    await expect(tdoffice.deliver(DELIVERY, { ...ctx, saveProgress })).rejects.toThrow('the lease is lost')
  })

  it('sends nothing without a number', async () => {
    const { ctx, calls } = scripted(accepted('d-1'))
    const { document: _, ...unnumbered } = DELIVERY
    expect(await tdoffice.deliver(unnumbered, ctx)).toMatchObject({ fault: 'ours' })
    expect(await tdoffice.lookup!(unnumbered, ctx)).toMatchObject({ fault: 'ours' })
    expect(calls).toEqual([])
  })

  it('numbers by the organ, in the form of the standard', () => {
    expect(tdoffice.documents!.book(SETTINGS)).toBe(ORGAN)
    expect(tdoffice.documents!.idOf(SETTINGS, 123, '2026-11-20')).toBe(DOCUMENT.id)
  })
})

describe('lookup', () => {
  const other = given(
    '<edXML><MessageHeader><DocumentId>H18.99.01,2026/11/20,1/PC-IOC</DocumentId></MessageHeader></edXML>',
  )
  const ours = given(`<edXML><MessageHeader><DocumentId>${DOCUMENT.id}</DocumentId></MessageHeader></edXML>`)
  const inBase64 = given(
    Buffer.from(`<MessageHeader><DocumentId>${DOCUMENT.id}</DocumentId></MessageHeader>`).toString('base64'),
  )
  const to = (...receivers: unknown[]) =>
    answer(200, { success: true, data: receivers.map((receiver, n) => ({ docId: `d-${n}`, to: receiver })) })

  it.each<[string, Reply[], object | 'absent']>([
    ['a list with it', [listed('d-1', 'd-2'), other, ours], { pending: true, officeRef: 'd-1' }],
    ['it in Base64', [listed('d-1'), inBase64], { pending: true, officeRef: 'd-1' }],
    ['an empty list', [listed()], 'absent'],
    ['a list of others', [listed('d-1', 'd-2'), other], 'absent'],
    ['receivers that are others', [to('H18.98.04', 'H18.98.05,H18.98.06', ['H18.98.07']), lost], 'absent'],
    ['a receiver in the old form', [to('000.03.98.H18'), ours], { pending: true, officeRef: 'd-0' }],
    ['no receiver', [to(undefined), ours], { pending: true, officeRef: 'd-0' }],
    ['several receivers', [to('["H18.98.04","H18.98.03"]'), ours], { pending: true, officeRef: 'd-0' }],
    ['one that is not given', [listed('d-1'), refused('10', null, 404)], { fault: 'unreachable' }],
    ['one that is no edXML', [listed('d-1'), given('<html/>')], { fault: 'unreachable' }],
    ['one without its edXML', [listed('d-1'), answer(200, { success: true, data: {} })], { fault: 'unreachable' }],
    ['one not in time', [listed('d-1', 'd-2'), lost], lost],
    ['a list not in time', [lost], lost],
    ['a path that is not there', [answer(404)], { fault: 'config' }],
    ['a refusal', [refused('10')], { fault: 'config' }],
    ['a page', [answer(200, '<html>')], { fault: 'config' }],
    ['no list', [answer(200, { success: true, data: 'none' })], { fault: 'config' }],
    ['entries without docId', [answer(200, { success: true, data: [{}] })], { fault: 'config' }],
    ['401', [answer(401)], { fault: 'config' }],
    ['429', [answer(429)], { fault: 'throttled' }],
  ])('reads %s', async (_, replies, expected) => {
    const { ctx } = scripted(...replies)
    const found = await tdoffice.lookup!(DELIVERY, ctx)
    if (expected === 'absent') expect(found).toBe('absent')
    else expect(found).toMatchObject(expected)
  })

  it('asks from the day of the number to today, a week at a time', async () => {
    const { ctx, calls } = scripted(listed())
    expect(await tdoffice.lookup!(DELIVERY, { ...ctx, at: new Date('2026-11-28T17:00:00Z') })).toBe('absent')
    expect(calls.map(({ url }) => new URL(url).pathname + decodeURIComponent(new URL(url).search))).toEqual([
      '/v1/getSentEdocList?messageType=edoc&fromDate=2026/11/19&toDate=2026/11/25',
      '/v1/getSentEdocList?messageType=edoc&fromDate=2026/11/26&toDate=2026/12/02',
    ])
  })

  it('is what to do whenever the outcome is unknown', () => {
    expect(tdoffice.whenUnknown(SETTINGS)).toBe('lookup')
  })
})

describe('check', () => {
  it.each<[string, Reply[], object]>([
    ['all holds', [listed('d-1'), listed()], { ok: true, note: 'today: 1 documents received, 0 sent' }],
    ['the key is wrong', [refused('15', null, 401)], { fault: 'config' }],
    ['the sent list lies elsewhere', [listed(), answer(404)], { fault: 'config' }],
  ])('says when %s, and only reads', async (_, replies, expected) => {
    const { ctx, calls } = scripted(...replies)
    expect(await tdoffice.check(ctx)).toMatchObject(expected)
    expect(calls.every(({ method }) => method === 'GET')).toBe(true)
  })
})

describe('settings', () => {
  const { allow: _, ...given_ } = SETTINGS
  it.each<[string, object]>([
    ['no secret', { secretKey: undefined }],
    ['a secret that is no header', { secretKey: 'a\r\nb' }],
    ['another transport', { transport: 'vxp' }],
    ['clear text over the internet', { baseUrl: 'http://exchange.example' }],
    ['a notation with a comma', { organ: { ...SETTINGS.organ, notation: 'PC,IOC' } }],
    ['an organ id longer than 35', { organ: { ...SETTINGS.organ, organId: 'H'.repeat(36) } }],
    ['a signer without a name', { organ: { ...SETTINGS.organ, signer: { fullName: ' ' } } }],
    ['a path with a query', { sentListPath: '/v1/list?x=1' }],
    ['a poll once an hour', { pollSeconds: 3_600 }],
    ['a field nobody knows', { retries: 3 }],
  ])('refuse %s', (_case, change) => {
    expect(TdofficeSettings.safeParse({ ...given_, ...change }).success).toBe(false)
  })

  it('take clear text into a named network, and know how often to look', () => {
    const inside = TdofficeSettings.parse({ ...given_, baseUrl: 'http://10.1.2.3/lgsp', allow: ['10.0.0.0/8'] })
    expect(inside.pollSeconds).toBe(60)
  })

  it('are all in the README', () => {
    const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
    for (const name of Object.keys({ ...TdofficeSettings.shape, ...TdofficeSettings.shape.organ.shape })) {
      expect(readme).toContain(`\`${name}\``)
    }
  })
})
