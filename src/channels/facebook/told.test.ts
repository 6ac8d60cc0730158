import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Graph, openGraph } from '../../../test/support/graph/graph.ts'
import { type GraphClient, graphAt } from '../../../test/support/graph/process.ts'
import type { Item } from '../channel.ts'
import { webhook } from './hook.ts'
import { readEnvelope } from './read.ts'
import { FacebookSettings } from './settings.ts'

const PAGE = '682498302938465'
const APP_SECRET = 'bí mật của ứng dụng'
const SETTINGS = FacebookSettings.parse({
  ...{ pageId: PAGE, pageToken: 'EAAG', appSecret: APP_SECRET, verifyToken: 'word-word' },
})

const told: Item[] = []
let refuse = false
/** Takes a call as the hub does: first the signature over the bytes, then what is in them. */
const hub = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const headers = request.headers as Record<string, string | undefined>
  const wrong = webhook.verify({ url: '/', headers, body, at: new Date(0) }, SETTINGS)
  if (refuse || wrong !== undefined) return response.writeHead(refuse ? 503 : 401).end()
  const items = await readEnvelope({ event: 'e', contentType: 'application/json', body, files: [] }, SETTINGS)
  if ('unreadable' in items) throw new Error(items.unreadable)
  told.push(...items)
  response.end()
})
let opened: Graph
let graph: GraphClient

beforeAll(async () => {
  await new Promise<void>((done) => hub.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hooks/sources/fb`
  opened = await openGraph({ port: 0, pageId: PAGE, pageToken: 'EAAG', hook: { url, appSecret: APP_SECRET } })
  graph = graphAt(`http://127.0.0.1:${opened.port}`)
})
afterAll(async () => {
  await opened.close()
  hub.closeAllConnections()
  hub.close()
})

const LAN = { id: '77', name: 'Lan' }

it('a message, its edit, a comment, its edit and its end come as what they are', async () => {
  const message = await graph.does('message', { from: LAN, text: 'Ổ gà 🕳️' })
  await graph.does('edit-message', { id: message.id, text: 'Ổ voi' })
  const post = await graph.does('post', { text: 'Thông báo' })
  const comment = await graph.does('comment', { post: post.id, from: LAN, text: 'Ngập' })
  await graph.does('edit-comment', { id: comment.id, text: 'Ngập nặng' })
  await graph.does('remove-comment', { id: comment.id })
  expect(told).toMatchObject([
    { item: 'submitted', keys: [`m:${message.id.slice(2)}`], content: 'Ổ gà 🕳️' },
    { item: 'revised', keys: [`m:${message.id.slice(2)}`], now: { content: 'Ổ voi' } },
    { item: 'ignored', reason: 'echo' },
    { item: 'submitted', keys: [`c:${comment.id}`], content: 'Ngập', sender: { name: 'Lan' } },
    { item: 'revised', keys: [`c:${comment.id}`], now: { content: 'Ngập nặng' } },
    { item: 'deleted', keys: [`c:${comment.id}`] },
  ])
})

it('what was not taken comes again, the same', async () => {
  told.length = 0
  refuse = true
  const { id } = await graph.does('message', { from: LAN, text: 'x' })
  expect(await graph.tellAgain()).toBe(1)
  expect(told).toEqual([])
  refuse = false
  expect(await graph.tellAgain()).toBe(0)
  expect(told).toMatchObject([{ keys: [`m:${id.slice(2)}`] }])
})
