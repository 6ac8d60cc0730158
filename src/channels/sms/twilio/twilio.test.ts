import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { channelContext, inMemory, notice, outgoing } from '../../../../test/support/channel-context.ts'
import { envelope, readOne, TWILIO } from '../../../../test/support/sms.ts'
import { startTwilio, type TwilioProcess } from '../../../../test/support/twilio/process.ts'
import { fault, isFault } from '../../../core/fault.ts'
import type { OutgoingHttp } from '../../../platform/outgoing/http.ts'
import type { Reconciled } from '../../channel.ts'
import { sms } from '../index.ts'
import { SmsSettings } from '../settings.ts'

const SERVICE = `MG${'3d'.repeat(16)}`
const HOOK = 'https://paht.dienbien.example/hooks/sources/source-1'
const CALM = {
  down: null,
  throttle: false,
  loseReplies: null,
  optedOut: [],
  landlines: [],
  suspended: false,
  pageSize: 1000,
}
const LAN = '+84912345678'
const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x0d, 0x0a, 0x26])

let twilio: TwilioProcess
beforeAll(async () => {
  twilio = await startTwilio({ ...TWILIO, service: SERVICE })
})
beforeEach(() => twilio.control(CALM).then(() => undefined))
afterAll(() => twilio.kill())

function context(
  settings: object = {},
  more: { http?: OutgoingHttp; memory?: ReturnType<typeof inMemory>; at?: Date } = {},
) {
  const parsed = SmsSettings.parse({ ...TWILIO, apiUrl: `${twilio.url}/`, allow: ['127.0.0.0/8'], ...settings })
  return channelContext(parsed, { http: outgoing([TWILIO.authToken]), ...more })
}

const send = (short: string, ctx = context(), to = LAN) => sms.send!.attempt(notice(short, { to }), ctx)
const sidsTo = async (to: string) => (await twilio.sent()).filter((sent) => sent.to === to).map(({ sid }) => sid)
const bodies = async (to: string) => (await twilio.sent()).filter((sent) => sent.to === to).map(({ body }) => body)

describe('sends', () => {
  it('from the number, without accents, and wants to hear what becomes of it', async () => {
    const sent = await send('Đã tiếp nhận phản ánh DB-26-7K3M-9QXT.')
    const [last] = (await twilio.sent()).slice(-1)
    expect(last).toMatchObject({
      ...{ from: TWILIO.number, to: LAN, body: 'Da tiep nhan phan anh DB-26-7K3M-9QXT.', statusCallback: HOOK },
    })
    expect(sent).toEqual({ sent: true, providerIds: [last!.sid] })
    const called = await twilio.status({ sid: last!.sid, status: 'delivered', reach: `${twilio.url}/nowhere` })
    expect(await readOne(called.body, TWILIO)).toMatchObject({ receipt: 'delivered', providerIds: [last!.sid] })
  })

  it('by a messaging service, with accents where the setting says so', async () => {
    await send('Đã tiếp nhận.', context({ messagingServiceSid: SERVICE, accents: true }))
    expect((await twilio.sent()).at(-1)).toMatchObject({ from: null, body: 'Đã tiếp nhận.' })
  })

  it('a long text whole, in as many messages as it takes, and goes on after a fault where it stopped', async () => {
    const to = '+84912000001'
    const memory = inMemory()
    const long = Array.from({ length: 900 }, (_, i) => `chữ${i}`).join(' ')
    let calls = 0
    const way = outgoing([])
    const busy = fault('throttled', 'later')
    const http: OutgoingHttp = { request: async (call) => (++calls === 3 ? busy : way.request(call)) }
    expect(await send(long, context({}, { http, memory }), to)).toBe(busy)
    const sent = await send(long, context({}, { memory }), to)
    expect(sent).toEqual({ sent: true, providerIds: await sidsTo(to) })
    const parts = await bodies(to)
    expect(parts.map((part) => /^\((\d\/\d)\)/.exec(part)?.[1])).toEqual(['1/4', '2/4', '3/4', '4/4'])
    expect(parts.map((part) => part.replace(/^\S+ /, '')).join(' ')).toBe(long.replaceAll('ữ', 'u'))
    expect(parts.every((part) => part.length <= 1600)).toBe(true)
  })
})

describe('what Twilio refuses', () => {
  it.each<readonly [what: string, set: object, to: string, settings: object, expected: object]>([
    [
      'who opted out',
      { optedOut: ['+84912000002'] },
      '+84912000002',
      {},
      { fault: 'closed', message: 'Twilio error 21610: opted out' },
    ],
    ['a landline', { landlines: ['+842153000000'] }, '+842153000000', {}, { fault: 'closed' }],
    ['no number', {}, '+0912', {}, { fault: 'closed', message: 'Twilio error 21211: not a valid number' }],
    ['a wrong token', {}, LAN, { authToken: 'another-auth-token' }, { fault: 'config' }],
    ['a number that is not ours', {}, LAN, { number: '+842873009999' }, { fault: 'config' }],
    ['a service that is not there', {}, LAN, { messagingServiceSid: `MG${'4e'.repeat(16)}` }, { fault: 'config' }],
    ['too much at once', { throttle: true }, LAN, {}, { fault: 'throttled', retryAfterSeconds: 7 }],
    ['while it is in trouble', { down: '503' }, LAN, {}, { fault: 'unreachable', outcomeUnknown: true }],
    ['while it is away', { down: 'closed' }, LAN, {}, { fault: 'unreachable', outcomeUnknown: true }],
  ])('%s', async (_, set, to, settings, expected) => {
    await twilio.control(set)
    const before = await twilio.sent()
    const answer = await send('Da tiep nhan.', context(settings), to)
    expect(answer).toMatchObject(expected)
    expect(JSON.stringify(answer)).not.toContain(to)
    expect(await twilio.sent()).toEqual(before)
  })

  it('a lost reply leaves open whether it was taken, and then it is left', async () => {
    await twilio.control({ loseReplies: { nth: 1 } })
    expect(await send('Da tiep nhan.', context(), '+84912000003')).toMatchObject({
      fault: 'unreachable',
      outcomeUnknown: true,
    })
    expect(await bodies('+84912000003')).toHaveLength(1)
    expect(sms.send!.whenUnknown).toBe('leave')
  })

  it('an answer that is not Twilio’s', async () => {
    const http: OutgoingHttp = { request: async () => ({ status: 200, headers: {}, body: Buffer.from('<html>') }) }
    expect(await send('x', context({}, { http }))).toMatchObject({ fault: 'config', outcomeUnknown: true })
  })
})

describe('files', () => {
  const media = [{ type: 'image/jpeg', base64: PHOTO.toString('base64') }]
  async function received() {
    const { body } = await twilio.receive({ from: LAN, body: '', media, hook: HOOK, reach: `${twilio.url}/nowhere` })
    const item = await readOne(body!, TWILIO)
    if (item.item !== 'submitted') throw new Error(item.item)
    return item.remote![0]!
  }

  it('come by the redirect, which gets no password', async () => {
    const file = await received()
    expect(await sms.fetchFile!(file, context())).toEqual({ bytes: PHOTO, type: 'image/jpeg' })
  })

  it('are asked for at the configured address alone, whatever a message says', async () => {
    const { ref, name } = await received()
    const elsewhere = { ref: ref.replace(twilio.url, 'https://attacker.example'), name }
    expect(await sms.fetchFile!(elsewhere, context())).toMatchObject({ type: 'image/jpeg' })
  })

  it.each(['https://attacker.example/x', 'file:///etc/passwd', 'no address', '', 'https://x/2010-04-01/../secret'])(
    '%s is no file of Twilio’s',
    async (ref) => {
      const nowhere = { request: async () => Promise.reject(new Error('asked')) }
      expect(await sms.fetchFile!({ ref, name: 'x' }, context({}, { http: nowhere }))).toMatchObject({
        fault: 'rejected',
      })
    },
  )

  it.each(['https://attacker.example/', 'http://media.twiliocdn.com/x', 'https://nottwilio.com/', '//10.0.0.1/', ''])(
    'a redirect to %s is not followed',
    async (location) => {
      const { ref, name } = await received()
      let asked = 0
      const http: OutgoingHttp = {
        request: async () => {
          asked += 1
          return { status: 302, headers: location === '' ? {} : { location }, body: Buffer.alloc(0) }
        },
      }
      expect(await sms.fetchFile!({ ref, name }, context({}, { http }))).toMatchObject({ fault: 'config' })
      expect(asked).toBe(1)
    },
  )

  it('that are gone, and a wrong token', async () => {
    const { ref, name } = await received()
    expect(await sms.fetchFile!({ ref: `${ref}0`, name }, context())).toMatchObject({ fault: 'rejected' })
    const wrong = context({ authToken: 'another-auth-token' })
    expect(await sms.fetchFile!({ ref, name }, wrong)).toMatchObject({ fault: 'config' })
  })
})

describe('what came while nobody answered', () => {
  async function listed(cursor: unknown, ctx: ReturnType<typeof context>) {
    const found: Reconciled[] = []
    for await (const each of sms.reconcile!(cursor, ctx)) {
      if (isFault(each)) return each
      found.push(each)
    }
    return found
  }

  it('is listed page by page, oldest first, with its files, and read into the same keys', async () => {
    await twilio.control({ pageSize: 2 })
    const hook = { hook: HOOK, reach: `${twilio.url}/nowhere` }
    const media = [{ type: 'image/png', base64: PHOTO.toString('base64') }]
    const sids: string[] = []
    const calls: string[] = []
    for (const hour of ['01', '03', '02', '05', '04']) {
      const at = `2030-01-01T${hour}:00:00Z`
      const { sid, body } = await twilio.receive({
        from: LAN,
        body: `Lúc ${hour} giờ 🚧`,
        at,
        ...hook,
        ...(hour === '03' && { media }),
      })
      sids.push(sid)
      calls.push(body!)
    }
    const found = await listed('2030-01-01T01:30:00.000Z', context())
    if (isFault(found)) throw new Error(found.message)
    expect(found.map(({ cursor }) => cursor)).toEqual(
      ['02', '03', '04', '05'].map((hour) => `2030-01-01T${hour}:00:00.000Z`),
    )
    const items = await Promise.all(found.map(({ envelope: { body } }) => readOne(body, TWILIO)))
    expect(items.map(({ event }) => event)).toEqual([sids[2], sids[1], sids[4], sids[3]])
    // What the webhook brought and what the list brings is the same.
    const brought = await Promise.all([calls[2]!, calls[1]!].map((body) => readOne(body, TWILIO)))
    expect(items.slice(0, 2)).toEqual(brought)
    const [, withPhoto] = items
    const photo = withPhoto?.item === 'submitted' ? withPhoto.remote![0]! : expect.unreachable()
    expect(await sms.fetchFile!(photo, context())).toMatchObject({ bytes: PHOTO })
  })

  it('without a cursor begins now, and remembers when that was', async () => {
    const memory = inMemory()
    await twilio.receive({ from: LAN, body: 'truoc do', at: '2031-01-01T00:00:00Z' })
    const first = context({}, { memory, at: new Date('2031-01-02T00:00:00Z') })
    expect(await listed(undefined, first)).toEqual([])
    const { sid } = await twilio.receive({ from: LAN, body: 'sau do', at: '2031-01-02T12:00:00Z' })
    const next = context({}, { memory, at: new Date('2031-01-03T00:00:00Z') })
    expect(await listed(undefined, next)).toMatchObject([{ envelope: { event: sid } }])
  })

  it('a fault ends it', async () => {
    await twilio.control({ throttle: true })
    expect(await listed('2030-01-01T00:00:00.000Z', context())).toMatchObject({ fault: 'throttled' })
  })
})

describe('the test button', () => {
  it('says whether the account is ours and active', async () => {
    expect(await sms.check!(context())).toMatchObject({ ok: true })
    expect(await sms.check!(context({ authToken: 'another-auth-token' }))).toMatchObject({ fault: 'config' })
    await twilio.control({ suspended: true })
    expect(await sms.check!(context())).toEqual({ fault: 'config', message: 'The Twilio account is suspended' })
  })
})

it('a webhook that the stand-in signs holds', async () => {
  const { headers, body, hook } = await twilio.receive({
    from: LAN,
    body: 'Cầu gãy 🚧',
    hook: HOOK,
    reach: `${twilio.url}/nowhere`,
  })
  const [webhook] = sms.intakes
  if (webhook?.intake !== 'webhook') throw new Error('no webhook')
  const call = { url: hook!, headers: headers!, body: Buffer.from(body!), at: new Date('2026-11-23T01:00:00Z') }
  expect(webhook.verify(call, context().settings)).toBeUndefined()
  expect(webhook.verify({ ...call, url: `${HOOK}x` }, context().settings)).toMatchObject({ fault: 'rejected' })
  expect(webhook.reply).toEqual({ contentType: 'text/xml', body: '<Response/>' })
  expect(await sms.read(envelope(body!), context().settings)).toMatchObject([{ content: 'Cầu gãy 🚧' }])
})
