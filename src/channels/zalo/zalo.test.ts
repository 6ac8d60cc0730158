import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { channelContext, inMemory, notice, outgoing } from '../../../test/support/channel-context.ts'
import { ZALO } from '../../../test/support/zalo/account.ts'
import { startZalo, type ZaloProcess } from '../../../test/support/zalo/process.ts'
import { isFault } from '../../core/fault.ts'
import type { OutgoingHttp } from '../../platform/outgoing/http.ts'
import { zalo } from './index.ts'
import { ZaloSettings } from './settings.ts'

const LAN = '8309393969855402319'
const SECRETS = [ZALO.secretKey, ZALO.appSecret, ZALO.refreshToken]
const AT = new Date('2026-11-23T01:00:00Z')
const HOUR_MS = 3_600_000

let server: ZaloProcess
// Each test has one of its own: a refresh token that is used is used.
beforeEach(async () => {
  server = await startZalo(ZALO)
})
afterEach(() => server.kill())

type Memory = ReturnType<typeof inMemory>

function context(more: { memory?: Memory; at?: Date; http?: OutgoingHttp } = {}, settings: object = {}) {
  const reach = { apiUrl: `${server.url}/`, oauthUrl: server.url, allow: ['127.0.0.0/8'] }
  const parsed = ZaloSettings.parse({ ...ZALO, ...reach, ...settings })
  return channelContext(parsed, { http: outgoing(SECRETS), at: AT, ...more })
}

const send = (short: string, ctx = context(), to = LAN) =>
  zalo.send!.attempt(notice(short, { to, lastHeard: new Date(AT.getTime() - HOUR_MS) }), ctx)
const texts = async () => (await server.sent()).map(({ text }) => text)

describe('sends', () => {
  it('to who wrote, with letters as they are', async () => {
    const result = await send('Đã tiếp nhận phản ánh DB-26-7K3M-9QXT. 🚧')
    const [sent] = await server.sent()
    expect(sent).toMatchObject({ user: LAN, text: 'Đã tiếp nhận phản ánh DB-26-7K3M-9QXT. 🚧' })
    expect(result).toEqual({ sent: true, providerIds: [sent!.id] })
  })

  it('a long text whole, in as many messages as it takes, and goes on where it stopped', async () => {
    const memory = inMemory()
    const long = Array.from({ length: 900 }, (_, i) => `chữ${i}`).join(' ')
    await server.control({ quotaLeft: 1 })
    expect(await send(long, context({ memory }))).toMatchObject({ sent: false })
    await server.control({ quotaLeft: 9 })
    const sent = await send(long, context({ memory }))
    expect(sent).toEqual({ sent: true, providerIds: (await server.sent()).map(({ id }) => id) })
    const parts = await texts()
    expect(parts.map((part) => /^\((\d\/\d)\)/.exec(part)?.[1])).toEqual(['1/4', '2/4', '3/4', '4/4'])
    expect(parts.map((part) => part.replace(/^\S+ /, '')).join(' ')).toBe(long)
  })

  it.each([
    [47, {}, true],
    [167, {}, true],
    [168, {}, false],
    [47, { windowHours: 48 }, true],
    [48, { windowHours: 48 }, false],
  ])('%i hours after the last word, with %j: %s', async (hours, settings, sent) => {
    const late = notice('x', { to: LAN, lastHeard: new Date(AT.getTime() - hours * HOUR_MS) })
    expect(await zalo.send!.attempt(late, context({}, settings))).toMatchObject({ sent })
    expect(await texts()).toHaveLength(sent ? 1 : 0)
  })
})

describe('what Zalo refuses', () => {
  it.each<readonly [what: string, set: object, expected: object]>([
    ['who has blocked the account', { blocked: [LAN] }, { fault: 'closed' }],
    [
      'who said nothing for too long',
      { outsideWindow: [LAN] },
      { sent: false, why: 'outside-window: Zalo error -230' },
    ],
    ['more than it sold', { quotaLeft: 0 }, { sent: false }],
    ['without the package', { packageAllows: false }, { fault: 'config' }],
    ['too much at once', { throttle: true }, { fault: 'throttled' }],
  ])('%s', async (_, set, expected) => {
    await server.control(set)
    const result = await send('x')
    expect(result).toMatchObject(expected)
    expect(JSON.stringify(result)).not.toContain(LAN)
    expect(await texts()).toEqual([])
  })

  it('a user that is none', async () => {
    expect(await send('x', context(), 'nobody')).toMatchObject({
      fault: 'rejected',
      message: 'Zalo error -201: not taken',
    })
  })

  it('a lost reply leaves open whether it was taken, and then it is left', async () => {
    await server.control({ loseReplies: { nth: 1 } })
    expect(await send('x')).toMatchObject({ fault: 'unreachable', outcomeUnknown: true })
    expect(await texts()).toHaveLength(1)
    expect(zalo.send!.whenUnknown).toBe('leave')
  })

  it('an answer that is not Zalo’s', async () => {
    const way = outgoing(SECRETS)
    const http: OutgoingHttp = {
      request: async (call) =>
        call.url.includes('/message/') ? { status: 200, headers: {}, body: Buffer.from('<html>') } : way.request(call),
    }
    expect(await send('x', context({ http }))).toMatchObject({ fault: 'config', outcomeUnknown: true })
  })
})

describe('tokens', () => {
  it('are asked for once, and kept', async () => {
    const memory = inMemory()
    for (const text of ['a', 'b']) await send(text, context({ memory }))
    expect(await server.asked()).toBe(1)
    await send('c', context({ memory, at: new Date(AT.getTime() + 24 * HOUR_MS) }))
    expect(await server.asked()).toBe(1)
    await send('d', context({ memory, at: new Date(AT.getTime() + 25 * HOUR_MS) }))
    expect(await server.asked()).toBe(2)
    expect(await texts()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('that Zalo no longer takes are asked anew by one of many at once', async () => {
    const memory = inMemory()
    await send('first', context({ memory }))
    await server.expire()
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => send(`at once ${i}`, context({ memory }))))
    expect(results.filter(isFault)).toEqual([])
    expect(await server.asked()).toBe(2)
    expect(await texts()).toHaveLength(21)
  })

  it('that are refused twice are a matter for IT', async () => {
    const way = outgoing(SECRETS)
    const http: OutgoingHttp = {
      request: async (call) => {
        const answer = await way.request(call)
        if (call.url.endsWith('/access_token')) await server.expire()
        return answer
      },
    }
    expect(await send('x', context({ http }))).toMatchObject({
      fault: 'config',
      message: 'Zalo error -216: the access token is not taken',
    })
    expect(await server.asked()).toBe(2)
  })

  it('used up while the reply was lost need a new consent, which begins anew', async () => {
    const memory = inMemory()
    await server.control({ loseTokens: true })
    // Nothing has left: the notice is tried again, not left.
    expect(await send('x', context({ memory }))).toMatchObject({ fault: 'unreachable', outcomeUnknown: false })
    await server.control({ loseTokens: false })
    const refused = await send('x', context({ memory }))
    expect(refused).toMatchObject({ fault: 'config', message: expect.stringContaining('-14020') })
    await server.kill()
    server = await startZalo({ ...ZALO, refreshToken: 'of-the-new-consent' })
    expect(await send('x', context({ memory }, { refreshToken: 'of-the-new-consent' }))).toMatchObject({ sent: true })
  })

  it('of an older consent are no more looked at', async () => {
    const memory = inMemory()
    await send('x', context({ memory }))
    await server.kill()
    server = await startZalo({ ...ZALO, refreshToken: 'of-the-new-consent' })
    expect(await send('x', context({ memory }, { refreshToken: 'of-the-new-consent' }))).toMatchObject({ sent: true })
  })

  it.each([{ appSecret: 'another-app-secret' }, { appId: '123456' }, { refreshToken: 'another-refresh-token' }])(
    'are not given for %j',
    async (settings) => {
      expect(await send('x', context({}, settings))).toMatchObject({ fault: 'config' })
    },
  )

  it.each<readonly ['closed' | '503']>([['closed'], ['503']])('%s: nothing is lost', async (down) => {
    const memory = inMemory({ partly: [] })
    await server.control({ down })
    expect(await send('x', context({ memory }))).toMatchObject({ fault: 'unreachable' })
    expect(await memory.read()).toEqual({ partly: [] })
  })

  it('are kept alive by being asked for', async () => {
    for await (const each of zalo.reconcile!(undefined, context())) expect.unreachable(JSON.stringify(each))
    expect(await server.asked()).toBe(1)
    const faults: unknown[] = []
    for await (const each of zalo.reconcile!(undefined, context({}, { appSecret: 'another-app-secret' })))
      faults.push(each)
    expect(faults).toMatchObject([{ fault: 'config' }])
  })
})

describe('files', () => {
  it('are fetched without a token', async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 0])
    const ref = await server.keep(bytes)
    expect(await zalo.fetchFile!({ ref, name: 'x' }, context())).toEqual({ bytes, type: 'image/jpeg' })
    expect(await zalo.fetchFile!({ ref: `${ref}x`, name: 'x' }, context())).toMatchObject({ fault: 'rejected' })
  })

  it.each(['http://attacker.example/x', 'file:///etc/passwd', 'x', ''])('not from %s', async (ref) => {
    expect(await zalo.fetchFile!({ ref, name: 'x' }, context())).toMatchObject({ fault: 'rejected' })
  })

  it('not from this machine', async () => {
    const guarded = context({ http: outgoing(SECRETS) }, { apiUrl: 'https://openapi.zalo.me' })
    expect(await zalo.fetchFile!({ ref: 'https://169.254.169.254/x', name: 'x' }, guarded)).toMatchObject({
      fault: 'config',
    })
  })
})

it('the test button says whose tokens they are', async () => {
  const ctx = context()
  expect(await zalo.check!(ctx)).toMatchObject({ ok: true })
  expect(await zalo.check!({ ...ctx, settings: { ...ctx.settings, oaId: '99999' } })).toMatchObject({ fault: 'config' })
})

it('an event that the stand-in signs holds, over its bytes alone', async () => {
  const message = { text: 'Đường hỏng 🚧', msg_id: 'm1' }
  const { headers, body } = await server.happens({ event_name: 'user_send_text', sender: { id: LAN }, message })
  const [webhook] = zalo.intakes
  if (webhook?.intake !== 'webhook') throw new Error('no webhook')
  const call = { url: 'https://paht.example/hooks/sources/zalo', headers, body: Buffer.from(body), at: AT }
  const { settings } = context()
  expect(webhook.verify(call, settings)).toBeUndefined()
  const anew = Buffer.from(JSON.stringify(JSON.parse(body)))
  expect(webhook.verify({ ...call, body: anew }, settings)).toMatchObject({ fault: 'rejected' })
  const read = await zalo.read({ event: 'e1', contentType: 'application/json', body: call.body, files: [] }, settings)
  expect(read).toMatchObject([{ item: 'submitted', keys: ['m1'], content: 'Đường hỏng 🚧' }])
})
