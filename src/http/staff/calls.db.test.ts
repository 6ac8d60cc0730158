import { createHmac } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SignedInOfficer, signedInAs } from '../../../test/support/people.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { callSource } from '../../core/calls/call-source.ts'
import { logCall } from '../../core/calls/log-call.ts'
import { isFault } from '../../core/fault.ts'
import { type Accept, makeAccept } from '../../core/intake/accept.ts'
import { openItem } from '../../core/intake/open-sealed.ts'
import { applyConfig } from '../../core/settings/apply.ts'
import { ConfigFile } from '../../core/settings/config-file.ts'
import { cases, history, reports, submissions } from '../../core/tables/index.ts'

const SECRET = 'what the call centre signs with'
const CALL = { source: 'hotline', phone: '0912 345 678', content: 'Cháy nhà ở bản Nậm Pồ', category: 'other' }

const TALK = [
  { speaker: 'ĐTV', text: 'Đường dây nóng xin nghe' },
  { speaker: 'KH', text: 'Cây đổ ở bản Nậm Pồ' },
]

let t: TestServer
let operator: SignedInOfficer
let other: SignedInOfficer
beforeAll(async () => {
  t = await testServer()
  const hotline = { kind: 'hotline', profile: 'dien-bien', name: 'Đường dây nóng' }
  const config = ConfigFile.parse({
    sources: [
      { ...hotline, id: 'hotline', settings: { secret: SECRET } },
      { ...hotline, id: 'closed', state: 'off', settings: { secret: SECRET } },
    ],
  })
  const applied = await applyConfig(t.ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
  operator = await signedInAs(t.ports, ['operator'])
  other = await signedInAs(t.ports, ['triage'])
})
afterAll(() => t.close())

interface Said {
  readonly status: number
  readonly body: {
    readonly code: string
    readonly message: string
    readonly type: string
    readonly errors?: readonly { readonly field: string; readonly message: string }[]
  }
}

async function log(call: object | string, key?: string, by = operator): Promise<Said> {
  const answer = await fetch(`${t.url}/api/v1/calls`, {
    method: 'POST',
    headers: {
      ...by.headers,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: typeof call === 'string' ? call : JSON.stringify(call),
  })
  return { status: answer.status, body: (await answer.json()) as Said['body'] }
}

async function hook(payload: object): Promise<number> {
  const body = JSON.stringify(payload)
  const signature = createHmac('sha256', SECRET).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-signature': signature }
  return (await fetch(`${t.url}/hooks/sources/hotline`, { method: 'POST', headers, body })).status
}

async function reportOf(code: string) {
  const [found] = await t.ports.db
    .select()
    .from(reports)
    .innerJoin(cases, eq(cases.id, reports.caseId))
    .where(eq(reports.code, code))
  return found!
}

async function itemOf(code: string) {
  const [submission] = await t.ports.db.select().from(submissions).where(eq(submissions.code, code))
  return (await openItem(t.ports.db, t.ports.secrets, submission!))!.item
}

const loggedBy = async (caseId: string) =>
  (
    await t.ports.db
      .select({ actor: history.actor })
      .from(history)
      .where(and(eq(history.chain, `case:${caseId}`), eq(history.kind, 'report.logged')))
  ).map(({ actor }) => actor)

const count = () => t.ports.db.$count(submissions)

describe('what an officer writes down while somebody calls', () => {
  it('is a report with a code to read to them, and its history says who took it', async () => {
    const all = {
      ...CALL,
      name: 'Lò Văn Mẫu',
      address: 'bản Nậm Pồ',
      lat: 22.1,
      lng: '102,5',
      identitySecret: true,
      startedAt: '2026-10-19T08:55:00+07:00',
    }
    const { status, body } = await log(all)
    expect([status, body.message]).toEqual([201, expect.stringContaining(body.code)])
    expect(await itemOf(body.code)).toMatchObject({
      sender: { name: all.name, phone: all.phone },
      point: { lat: 22.1, lng: 102.5 },
      context: 'Cuộc gọi đến đường dây nóng lúc 08:55 ngày 19/10/2026',
      identitySecret: true,
    })
    await t.work()
    const { report } = await reportOf(body.code)
    expect(report).toMatchObject({ channel: 'hotline', sourceId: 'hotline', identitySecret: true })
    expect(await loggedBy(report.caseId)).toEqual([operator.actor])
  })

  it('is one report however often it is sent, of each officer by themselves', async () => {
    const before = await count()
    const sent = await Promise.all(Array.from({ length: 20 }, () => log(CALL, 'one key')))
    expect(new Set(sent.map(({ status, body }) => `${status} ${body.code}`)).size).toBe(1)
    await t.work()
    expect((await log(CALL, 'one key')).body.code).toBe(sent[0]!.body.code)
    expect((await log({ ...CALL, content: 'Khác' }, 'one key')).status).toBe(422)
    expect((await log(CALL, 'one key', other)).body.code).not.toBe(sent[0]!.body.code)
    expect(await count()).toBe(before + 2)
    await t.work()
    expect(await loggedBy((await reportOf(sent[0]!.body.code)).report.caseId)).toEqual([operator.actor])
  })

  it('needs not say who calls', async () => {
    const { body } = await log({ ...CALL, phone: '0912345678', withheld: true })
    expect((await itemOf(body.code)).sender).toEqual({})
    const nobody = await log({ source: 'hotline', content: 'Cháy' })
    expect([nobody.status, (await itemOf(nobody.body.code)).sender]).toEqual([201, {}])
  })

  it.each<readonly [what: string, call: object | string, status: number, field: string | undefined]>([
    ['nothing said', { ...CALL, content: ' ' }, 400, 'content'],
    ['no content', { source: 'hotline' }, 400, 'content'],
    ['too much', { ...CALL, content: 'x'.repeat(10_001) }, 400, 'content'],
    ['half a number', { ...CALL, phone: '0987' }, 400, 'phone'],
    ['half a pin', { ...CALL, lat: 21 }, 400, 'lat'],
    ['no time', { ...CALL, startedAt: 'sáng nay' }, 400, 'startedAt'],
    ['no kind of urgent matter', { ...CALL, urgent: 'boredom' }, 400, 'urgent'],
    ['an endless id', { ...CALL, callId: 'x'.repeat(201) }, 400, 'callId'],
    ['fields of another kind', { ...CALL, content: {}, phone: [] }, 400, 'phone'],
    ['no JSON', '{"source":', 400, undefined],
    ['a list', [], 404, undefined],
    ['no source', { ...CALL, source: undefined }, 404, undefined],
    ['a source of another channel', { ...CALL, source: 'portal' }, 404, undefined],
    ['a source that is off', { ...CALL, source: 'closed' }, 404, undefined],
    ['a source that cannot be', { ...CALL, source: 'x\u0000' }, 404, undefined],
  ])('is refused aloud: %s', async (_, call, status, field) => {
    const before = await count()
    const { body, ...said } = await log(call)
    expect([said.status, body.errors?.map((error) => error.field)[0]]).toEqual([status, field])
    expect(JSON.stringify(body)).not.toMatch(/0987|Nậm Pồ/)
    expect(await count()).toBe(before)
  })

  it('brings no files', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(CALL)) form.set(name, value)
    const answer = await fetch(`${t.url}/api/v1/calls`, { method: 'POST', headers: operator.headers, body: form })
    expect(answer.status).toBe(415)
  })
})

describe('what the call centre tells of the same call', () => {
  it.each([
    ['read', '0912000111'],
    ['not read yet', '0912000222'],
  ])(
    'before it, %s: both are one case, which is as urgent as the officer says, and the code is the officer’s',
    async (when, phone) => {
      expect(await hook({ callId: when, from: phone })).toBe(200)
      if (when === 'read') await t.work()
      const call = { ...CALL, phone, callId: when, urgent: 'fire' }
      const { status, body } = await log(call, when)
      expect(status).toBe(201)
      expect((await log(call, when)).body.code).toBe(body.code)
      await t.work()
      expect((await log(call, when)).body.code).toBe(body.code)
      const { report, case: own } = await reportOf(body.code)
      const [root] = await t.ports.db.select().from(cases).where(eq(cases.id, own.joinedTo!))
      expect([root?.urgent, await loggedBy(report.caseId)]).toEqual([true, [operator.actor]])
    },
  )

  it('in that very moment: the same as before it', async () => {
    const accept = makeAccept(t.ports)
    const source = (await callSource(t.ports, { id: 'hotline', channel: 'hotline' }))!
    const form = t.ports.channels.get('hotline')!.intakes.find((intake) => intake.intake === 'form')!
    const checked = form.check({ ...CALL, callId: 'meanwhile' }, source.demands)
    if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
    const envelope = { event: 'form:x', contentType: 'application/json', body: Buffer.from('{}'), files: [] }
    const arrival = { source, envelope, item: checked.submitted(envelope), receivedAt: t.ports.clock.now() }
    const officer = { ...operator, roles: ['operator'], agencies: [] } as const
    const take = (first: Accept) => logCall(t.ports, first, officer, { ...arrival, key: t.ports.secrets.newDataKey() })
    let told = false
    const taken = await take(async (arriving) => {
      if (!told) expect(await hook({ callId: 'meanwhile', from: '0912000444' })).toBe(200)
      told = true
      return accept(arriving)
    })
    expect(taken).toMatchObject({ accepted: 'fresh' })
    expect(await take(accept)).toEqual({ ...taken, accepted: 'again' })
  })

  it('after it is more about the same report', async () => {
    const { body } = await log({ ...CALL, callId: 'after' })
    await t.work()
    const before = await count()
    expect(await hook({ callId: 'after', from: '0912000222', turns: TALK })).toBe(200)
    await t.work()
    expect(await count()).toBe(before)
    const { report } = await reportOf(body.code)
    expect(report.text).toBe(`${CALL.content}\nCây đổ ở bản Nậm Pồ`)
    expect((await itemOf(body.code)).sender.phone).toBe(CALL.phone)
  })
})

describe('a call that the call centre tells of by itself', () => {
  const call = (callId: string) => ({ callId, from: '0912000333', startedAt: '2026-10-19T08:55:00+07:00' })
  const whole = (callId: string) => ({ ...call(callId), turns: TALK })
  const reportsOf = async (from: number) =>
    (await t.ports.db.select().from(reports).orderBy(reports.receivedAt, reports.id)).slice(from)

  it.each<readonly [what: string, payloads: readonly ((id: string) => object)[], title: string]>([
    ['at once', [whole], 'Cây đổ ở bản Nậm Pồ'],
    ['by and by', [call, whole], 'Cuộc gọi đến đường dây nóng lúc 08:55 ngày 19/10/2026'],
    ['in the wrong order', [whole, call], 'Cây đổ ở bản Nậm Pồ'],
    [
      'again and again',
      [call, call, whole, whole, call, whole],
      'Cuộc gọi đến đường dây nóng lúc 08:55 ngày 19/10/2026',
    ],
  ])('is one report: %s', async (what, payloads, title) => {
    const from = await t.ports.db.$count(reports)
    for (const payload of payloads) {
      expect(await hook(payload(what))).toBe(200)
      await t.work()
    }
    expect(await reportsOf(from)).toMatchObject([{ channel: 'hotline', title, text: 'Cây đổ ở bản Nậm Pồ' }])
  })

  it('and that was cut off is a report with what there is', async () => {
    const from = await t.ports.db.$count(reports)
    await hook(call('cut off'))
    await t.work()
    expect(await reportsOf(from)).toMatchObject([{ title: expect.stringContaining('Cuộc gọi'), text: '' }])
  })

  it('is not taken from anybody else', async () => {
    const body = JSON.stringify(call('forged'))
    const headers = { 'content-type': 'application/json', 'x-signature': 'ab'.repeat(32) }
    const before = await count()
    expect((await fetch(`${t.url}/hooks/sources/hotline`, { method: 'POST', headers, body })).status).toBe(401)
    expect(await count()).toBe(before)
  })
})
