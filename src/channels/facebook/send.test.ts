import { createRequire } from 'node:module'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { channelContext } from '../../../test/support/channel-context.ts'
import type { Behaviour } from '../../../test/support/graph/behaviour.ts'
import { type GraphProcess, startGraph } from '../../../test/support/graph/process.ts'
import { isFault } from '../../core/fault.ts'
import type { ExchangeTrace } from '../../platform/outgoing/http.ts'
import { makeOutgoing } from '../../platform/outgoing/outgoing.ts'
import type { OutgoingNotice } from '../channel.ts'
import { facebook } from './index.ts'
import { FacebookSettings } from './settings.ts'

const PAGE = '682498302938465'
const TOKEN = 'EAAG-very-secret-token'
const PSID = '6512345678901234'
/** Before the SDK is loaded, which has a reporter of crashes. */
const LISTENERS = process.listenerCount('uncaughtException')
const AT = new Date('2026-11-23T01:00:00Z')
const HOUR_MS = 3_600_000
const ago = (hours: number) => new Date(AT.getTime() - hours * HOUR_MS)

const GOOD: Partial<Behaviour> = { down: null, token: 'good', throttle: null, loseReplies: null, expiresAt: 0 }
let graph: GraphProcess

beforeAll(async () => {
  graph = await startGraph({ page: PAGE, token: TOKEN, appSecret: 'secret', behaviour: { now: AT.toISOString() } })
})
afterAll(() => graph.kill())
beforeEach(async () => void (await graph.control({ ...GOOD, now: AT.toISOString(), subscribed: ['messages', 'feed'] })))

function context(more: object = {}, allow = ['127.0.0.0/8']) {
  const traces: ExchangeTrace[] = []
  const given = { pageId: PAGE, pageToken: TOKEN, appSecret: 'secret', verifyToken: 'word-word' }
  const settings = FacebookSettings.parse({ ...given, graphUrl: graph.url, allow: ['127.0.0.0/8'], ...more })
  const http = makeOutgoing({
    ...{ timeoutMs: 2000, maxAnswerBytes: facebook.maxAnswerBytes!, allow, secrets: [settings.pageToken] },
    trace: (trace) => traces.push(trace),
  })
  return { ...channelContext(settings, { http, at: AT }), traces }
}

const notice = (more: Partial<OutgoingNotice> = {}): OutgoingNotice => ({
  ...{
    event: 'received',
    code: 'DB-26-7K3M-9QXT',
    at: AT,
    sentence: 'Đã tiếp nhận.',
    token: 'a1'.repeat(20),
    to: PSID,
    subject: 'DB-26-7K3M-9QXT',
    text: 'Kính gửi …',
    earlier: [],
  },
  short: 'Điện Biên, phản ánh DB-26-7K3M-9QXT: đã tiếp nhận. https://paht.example/p/DB-26-7K3M-9QXT',
  publicly: 'Đã nhắn riêng về phản ánh này (DB-26-7K3M-9QXT).',
  lastHeard: ago(1),
  ...more,
})
const send = (more: Partial<OutgoingNotice> = {}, ctx = context()) => facebook.send!.attempt(notice(more), ctx)

let people = 0
/** Somebody who wrote in Messenger so many hours ago. */
async function wrote(hours: number): Promise<string> {
  people += 1
  const id = `${PSID}${people}`
  await graph.control({ now: ago(hours).toISOString() })
  await graph.does('message', { from: { id }, text: 'Ổ gà' })
  await graph.control({ now: AT.toISOString() })
  return id
}
async function commented(hours: number): Promise<{ readonly id: string; readonly to: string }> {
  people += 1
  const from = { id: `${PSID}${people}`, name: 'Lan' }
  await graph.control({ now: ago(hours).toISOString() })
  const post = await graph.does('post', { text: 'Thông báo' })
  const { id } = await graph.does('comment', { post: post.id, from, text: 'Ổ gà' })
  await graph.control({ now: AT.toISOString() })
  return { id, to: from.id }
}
const got = async (to: string) => (await graph.ledger()).messages.filter(({ talk }) => talk === to)

it('answers in Messenger, and says under which id', async () => {
  const to = await wrote(1)
  const sent = await send({ to, inReplyTo: 'm:abc' })
  const [message] = await got(to)
  expect(message).toMatchObject({ text: notice().short })
  expect(sent).toEqual({ sent: true, providerIds: [message!.id.replace(/^m_/, '')] })
})

it('the answer of an agency arrives whole, in as many messages as it takes', async () => {
  const to = await wrote(1)
  const lines = Array.from({ length: 400 }, (_, at) => `Việc thứ ${at} đã xong. `)
  const short = `${lines.join('')}\nhttps://paht.example/p/1`
  const sent = await send({ to, event: 'answer', short })
  const messages = await got(to)
  expect(messages.length).toBeGreaterThan(3)
  expect(
    messages
      .map(({ text }) => text)
      .join(' ')
      .replace(/\s+/g, ' '),
  ).toBe(short.replace(/\s+/g, ' '))
  expect(sent).toMatchObject({ providerIds: messages.map(({ id }) => id.replace(/^m_/, '')) })
})

it.each<[string, number, Partial<OutgoingNotice>, object, boolean]>([
  ['an hour before the window ends', 23, {}, {}, true],
  ['after it', 25, {}, {}, false],
  ['after it, an officer’s answer, without leave of Meta', 25, { event: 'answer' }, {}, false],
  ['after it, with that leave', 25, { event: 'answer' }, { outsideWindow: 'human-agent' }, true],
  ['after it, with that leave, but a machine speaks', 25, {}, { outsideWindow: 'human-agent' }, false],
  ['after seven days', 7 * 24 + 1, { event: 'answer' }, { outsideWindow: 'human-agent' }, false],
])('%s', async (_, hours, more, settings, arrives) => {
  const to = await wrote(hours)
  const outcome = await send({ to, lastHeard: ago(hours), ...more }, context(settings))
  if (arrives) expect(outcome).toMatchObject({ sent: true })
  else expect(outcome).toMatchObject({ sent: false, why: expect.stringContaining('outside-window') })
  expect(await got(to)).toHaveLength(arrives ? 1 : 0)
})

it('Meta’s clock counts where it differs from ours', async () => {
  const to = await wrote(30)
  expect(await send({ to, lastHeard: ago(1) })).toMatchObject({ sent: false, why: expect.stringContaining('2018278') })
})

it('a commenter hears it in private, everybody that there is news and nothing of it', async () => {
  const { id, to } = await commented(3)
  expect(await send({ to, inReplyTo: `c:${id}`, lastHeard: ago(3) })).toMatchObject({ sent: true })
  expect(await got(to)).toMatchObject([{ text: notice().short }])
  const public_ = (await graph.ledger()).comments.filter(({ text }) => text === notice().publicly)
  expect(public_).toHaveLength(1)
})

it('a visitor’s post is answered the same way', async () => {
  const from = { id: `${PSID}99`, name: 'Lan' }
  const { id } = await graph.does('post', { from, text: 'Đèn đường hỏng' })
  expect(await send({ to: from.id, inReplyTo: `p:${id}` })).toMatchObject({ sent: true })
  expect(await got(from.id)).toHaveLength(1)
})

it('a comment is answered in private once: what comes later waits for its writer to write', async () => {
  const { id, to } = await commented(3)
  const about = { to, inReplyTo: `c:${id}`, lastHeard: ago(3) }
  await send(about)
  const later = { ...about, earlier: ['b2'.repeat(20)] }
  expect(await send(later)).toMatchObject({ sent: false })
  // The same after a reply that was lost: Meta knows that it was answered.
  expect(await send(about)).toMatchObject({ sent: false })
  expect(await got(to)).toHaveLength(1)
  await graph.does('message', { from: { id: to }, text: 'Cảm ơn' })
  expect(await send({ ...later, lastHeard: AT })).toMatchObject({ sent: true })
  expect(await got(to)).toHaveLength(2)
})

it('a comment older than seven days is not answered', async () => {
  const { id, to } = await commented(7 * 24 + 1)
  const outcome = await send({ to, inReplyTo: `c:${id}`, lastHeard: ago(7 * 24 + 1) })
  expect(outcome).toMatchObject({ sent: false, why: expect.stringContaining('seven days') })
})

it('of what is too long for the one private answer, the link to the whole is kept', async () => {
  const { id, to } = await commented(1)
  const short = `${'Đã xong việc. '.repeat(300)}https://paht.example/p/1`
  expect(await send({ to, inReplyTo: `c:${id}`, short })).toMatchObject({ sent: true })
  const [message] = await got(to)
  expect(message!.text).toMatch(/ … https:\/\/paht\.example\/p\/1$/)
  expect(message!.text.length).toBeGreaterThan(1900)
})

it.each<[string, Partial<Behaviour>, object]>([
  [
    'a token that has expired',
    { token: 'expired' },
    { fault: 'config', message: expect.stringContaining('sign in again') },
  ],
  ['too many calls of the app', { throttle: 4 }, { fault: 'throttled', retryAfterSeconds: 300 }],
  ['too many calls of the user', { throttle: 17 }, { fault: 'throttled' }],
  ['too many calls of the page', { throttle: 32 }, { fault: 'throttled' }],
  ['too many calls of one kind', { throttle: 613 }, { fault: 'throttled' }],
  ['Meta in trouble', { down: '500' }, { fault: 'unreachable', outcomeUnknown: true }],
  ['a connection that dies', { down: 'closed' }, { fault: 'unreachable', outcomeUnknown: true }],
  [
    'a reply that is lost after Meta took it',
    { loseReplies: { nth: 1 } },
    { fault: 'unreachable', outcomeUnknown: true },
  ],
])('%s', async (_, behaviour, expected) => {
  const to = await wrote(1)
  await graph.control(behaviour)
  expect(await send({ to })).toMatchObject(expected)
  expect(await got(to)).toHaveLength(behaviour.loseReplies ? 1 : 0)
})

it('a part that is refused after others had arrived leaves open what came of it: never all of them again', async () => {
  const to = await wrote(1)
  const ctx = context()
  const request: typeof ctx.http.request = async (call) => {
    const answer = await ctx.http.request(call)
    await graph.control({ throttle: 4 })
    return answer
  }
  const outcome = await send({ to, short: 'Đã xong. '.repeat(500) }, { ...ctx, http: { request } })
  expect(outcome).toMatchObject({ fault: 'throttled', outcomeUnknown: true })
  expect(await got(to)).toHaveLength(1)
})

it('somebody whom Meta does not know can never be reached', async () => {
  expect(await send({ to: '404' })).toMatchObject({ fault: 'closed' })
})

it('a wrong token is never told, neither in the fault nor in the trace', async () => {
  const ctx = context({ pageToken: 'EAAG-another-token' })
  const outcome = await send({ to: await wrote(1) }, ctx)
  expect(outcome).toMatchObject({ fault: 'config' })
  expect(JSON.stringify([outcome, ctx.traces])).not.toContain('EAAG-another-token')
  expect(ctx.traces).toHaveLength(1)
})

it('goes out through the guard: a private address that is not allowed is not reached', async () => {
  const outcome = await send({}, context({}, []))
  expect(outcome).toMatchObject({ fault: 'config', message: expect.stringContaining('127.0.0.1') })
})

it('installs nothing that would report a crash to Meta', async () => {
  await send({ to: await wrote(1) })
  expect(process.listenerCount('uncaughtException')).toBe(LISTENERS)
})

it('leaves others who send through the same axios alone', async () => {
  await send({ to: await wrote(1) })
  const from = createRequire(import.meta.url).resolve('facebook-nodejs-business-sdk')
  const axios = createRequire(from)('axios') as { get(url: string): Promise<{ data: unknown }> }
  const { data } = await axios.get(`${graph.url}/untold`)
  expect(data).toEqual({ untold: expect.any(Number) })
})

it('two calls at once each go their own way', async () => {
  const [one, two] = await Promise.all([wrote(1), wrote(1)])
  const bad = context({ pageToken: 'EAAG-another-token' })
  const outcomes = await Promise.all([send({ to: one }), send({ to: two }, bad), send({ to: two })])
  expect(outcomes.map((outcome) => (isFault(outcome) ? outcome.fault : 'sent'))).toEqual(['sent', 'config', 'sent'])
})

const PHOTO = {
  type: 'image',
  name: 'o-ga.png',
  contentType: 'image/png',
  base64: Buffer.from('PNG…').toString('base64'),
}
const fetched = (ref: string) => facebook.fetchFile!({ ref, name: 'x' }, context())

it('fetches a photo by its link and by its id, in its largest size', async () => {
  const { id } = await graph.does('post', { from: { id: PSID }, text: '', files: [PHOTO] })
  const rows = (await (
    await fetch(`${graph.url}/v24.0/${PAGE}/feed?fields=attachments&access_token=${TOKEN}`)
  ).json()) as {
    data: { id: string; attachments: { data: { target: { id: string }; media: { image: { src: string } } }[] } }[]
  }
  const [media] = rows.data.find((row) => row.id === id)!.attachments.data
  const expected = { bytes: Buffer.from('PNG…'), type: 'image/png' }
  expect(await fetched(media!.media.image.src)).toEqual(expected)
  expect(await fetched(media!.target.id)).toEqual(expected)
})

it.each<[string, string, string]>([
  ['a link that has ended', '/files/1/x.png', 'rejected'],
  ['a photo that is not there', '', 'rejected'],
  ['a link to elsewhere', 'https://evil.example/x.png', 'rejected'],
  ['a name that only looks like Meta’s', 'https://fbcdn.net.evil.example/x.png', 'rejected'],
  ['clear text', 'http://scontent.xx.fbcdn.net/x.png', 'rejected'],
  ['no link at all', 'javascript:alert(1)', 'rejected'],
])('does not fetch %s', async (_, ref, fault) => {
  const asked = ref === '' ? '404' : ref.startsWith('/') ? graph.url + ref : ref
  expect(await fetched(asked)).toMatchObject({ fault })
})

it.each<[string, Partial<Behaviour>, object, object]>([
  ['all is well', {}, {}, { ok: true, note: expect.stringMatching(/never expires.*not subscribed to message_edits/) }],
  [
    'the token ends',
    { expiresAt: 1_800_000_000 },
    {},
    { ok: true, note: expect.stringContaining('expires 2027-01-15') },
  ],
  [
    'the token has ended',
    { token: 'expired' },
    {},
    { fault: 'config', message: expect.stringContaining('sign in again') },
  ],
  ['another page', {}, { pageId: '12' }, { fault: 'config', message: expect.stringContaining('not that of page 12') }],
  [
    'messages are not told',
    { subscribed: ['feed'] },
    {},
    { fault: 'config', message: expect.stringContaining('messages') },
  ],
  [
    'nothing is told',
    { subscribed: [] },
    {},
    { fault: 'config', message: expect.stringContaining('messages and feed') },
  ],
])('the test button: %s', async (_, behaviour, settings, expected) => {
  await graph.control(behaviour)
  expect(await facebook.check!(context(settings))).toMatchObject(expected)
})
