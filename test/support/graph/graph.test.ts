import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Graph, openGraph } from './graph.ts'
import { escaped, signed } from './hooks.ts'
import { type GraphClient, graphAt } from './process.ts'

const PAGE = '104'
const AT = '2026-11-23T01:00:00Z'
const ago = (hours: number) => new Date(Date.parse(AT) - hours * 3_600_000).toISOString()

let opened: Graph
let graph: GraphClient
beforeAll(async () => {
  opened = await openGraph({ port: 0, pageId: PAGE, pageToken: 'good' })
  graph = graphAt(`http://127.0.0.1:${opened.port}`)
})
afterAll(() => opened.close())
beforeEach(async () => void (await graph.control({ now: AT, token: 'good', throttle: null })))

async function call(path: string, body?: object, token = 'good') {
  const url = `${graph.url}/v24.0/${path}${path.includes('?') ? '&' : '?'}access_token=${token}`
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const refusal = (code: number, error_subcode?: number) => ({
  body: { error: { code, ...(error_subcode !== undefined && { error_subcode }) } },
})
const say = (more: object) => call(`${PAGE}/messages`, { messaging_type: 'RESPONSE', message: { text: 'x' }, ...more })

async function wrote(hours: number, id: string) {
  await graph.control({ now: ago(hours) })
  await graph.does('message', { from: { id }, text: 'x' })
  await graph.control({ now: AT })
}
async function commented(hours: number, id: string): Promise<string> {
  await graph.control({ now: ago(hours) })
  const post = await graph.does('post', { text: 'x' })
  const comment = await graph.does('comment', { post: post.id, from: { id }, text: 'x' })
  await graph.control({ now: AT })
  return comment.id
}

it('refuses without a token, with another, with one that has expired, and where there is too much', async () => {
  expect((await fetch(`${graph.url}/v24.0/me`)).status).toBe(400)
  expect(await call('me', undefined, 'bad')).toMatchObject({ status: 400, ...refusal(190) })
  await graph.control({ token: 'expired' })
  expect(await call('me')).toMatchObject(refusal(190, 463))
  await graph.control({ token: 'good', throttle: 613 })
  expect(await call('me')).toMatchObject(refusal(613))
})

it('refuses what the Send API refuses', async () => {
  await wrote(1, '1')
  const to = { recipient: { id: '1' } }
  expect(await say({ ...to, message: { text: 'x'.repeat(2000) } })).toMatchObject({ status: 200 })
  expect(await say({ ...to, message: { text: 'x'.repeat(2001) } })).toMatchObject(refusal(100))
  expect(await say({ ...to, message: { text: '' } })).toMatchObject(refusal(100))
  expect(await say({ ...to, message: {} })).toMatchObject(refusal(100))
  expect(await say({ recipient: {} })).toMatchObject(refusal(100))
  expect(await say({ recipient: { id: '1', comment_id: '2' } })).toMatchObject(refusal(100))
  expect(await say({ recipient: { id: '404' } })).toMatchObject(refusal(100, 2018001))
  expect(await say({ ...to, messaging_type: 'MESSAGE_TAG', tag: 'ACCOUNT_UPDATE' })).toMatchObject(refusal(100))
})

it('closes the window after a day, with the tag after seven', async () => {
  const tagged = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
  await wrote(25, '2')
  expect(await say({ recipient: { id: '2' } })).toMatchObject(refusal(10, 2018278))
  expect(await say({ recipient: { id: '2' }, ...tagged })).toMatchObject({ status: 200 })
  await wrote(7 * 24 + 1, '3')
  expect(await say({ recipient: { id: '3' }, ...tagged })).toMatchObject(refusal(10, 2018278))
})

it('answers a comment in private once, within seven days, and never the page’s own', async () => {
  const recipient = { comment_id: await commented(2, '4') }
  expect(await say({ recipient })).toMatchObject({ status: 200, body: { recipient_id: '4' } })
  expect(await say({ recipient })).toMatchObject(refusal(10900))
  expect(await say({ recipient: { id: '4' } })).toMatchObject(refusal(10, 2018278))
  expect(await say({ recipient: { comment_id: await commented(7 * 24 + 1, '5') } })).toMatchObject(refusal(10903))
  const own = await graph.does('post', { text: 'x' })
  expect(await say({ recipient: { post_id: own.id } })).toMatchObject(refusal(10903))
  expect(await call('9_9/comments', { message: 'x' })).toMatchObject(refusal(100, 33))
})

it('refuses a field that an edge has not, and pages what is long', async () => {
  expect(await call(`${PAGE}/feed?fields=id,likes_of_mine`)).toMatchObject(refusal(100))
  expect(await call('404/feed')).toMatchObject(refusal(100, 33))
  const { body } = await call(`${PAGE}/feed?fields=id,message&limit=1`)
  expect(body).toMatchObject({ data: [{ message: 'x' }], paging: { next: expect.stringContaining('&after=') } })
})

it('signs what it tells, escaped as Meta escapes it', () => {
  const body = escaped({ text: 'Ổ gà 🕳', url: 'https://x' })
  expect(body).toBe(String.raw`{"text":"\u1ed4 g\u00e0 \ud83d\udd73","url":"https:\/\/x"}`)
  const digest = createHmac('sha256', 's').update(body).digest('hex')
  expect(signed(body, 's')).toMatchObject({ 'x-hub-signature-256': `sha256=${digest}` })
})
