import { afterEach, beforeEach, expect, it } from 'vitest'
import { channelContext, inMemory } from '../../../test/support/channel-context.ts'
import { type Graph, openGraph } from '../../../test/support/graph/graph.ts'
import { type GraphClient, graphAt } from '../../../test/support/graph/process.ts'
import { type Fault, isFault } from '../../core/fault.ts'
import { makeOutgoing } from '../../platform/outgoing/outgoing.ts'
import type { ChannelContext, Item, Memory, Reconciled } from '../channel.ts'
import { facebook } from './index.ts'
import { FacebookSettings } from './settings.ts'

const PAGE = '682498302938465'
const TOKEN = 'EAAG-token'
const AT = new Date('2026-11-23T01:00:00Z')
const MINUTE_MS = 60_000
const ago = (minutes: number) => new Date(AT.getTime() - minutes * MINUTE_MS).toISOString()
const HOUR_AGO = { since: ago(60) }

let opened: Graph
let graph: GraphClient
let settings: FacebookSettings

beforeEach(async () => {
  opened = await openGraph({ port: 0, pageId: PAGE, pageToken: TOKEN })
  graph = graphAt(`http://127.0.0.1:${opened.port}`)
  settings = FacebookSettings.parse({
    ...{ pageId: PAGE, pageToken: TOKEN, appSecret: 'secret', verifyToken: 'word-word' },
    ...{ graphUrl: graph.url, allow: ['127.0.0.0/8'] },
  })
})
afterEach(() => opened.close())

/** At so many minutes before now. */
async function does(minutes: number, what: string, body: object): Promise<string> {
  await graph.control({ now: ago(minutes) })
  const { id } = await graph.does(what, body)
  await graph.control({ now: AT.toISOString() })
  return id
}

const wrote = (minutes: number, text: string, psid = '77') => does(minutes, 'message', { from: { id: psid }, text })

function context(memory: Memory = inMemory()): ChannelContext<FacebookSettings> {
  const options = { timeoutMs: 2000, maxAnswerBytes: facebook.maxAnswerBytes!, allow: settings.allow, secrets: [] }
  return channelContext(settings, { http: makeOutgoing({ ...options, trace: () => undefined }), at: AT, memory })
}

async function asked(cursor: unknown, ctx = context()): Promise<(Reconciled | Fault)[]> {
  const all: (Reconciled | Fault)[] = []
  for await (const one of facebook.reconcile!(cursor, ctx)) all.push(one)
  return all
}

async function found(cursor: unknown, ctx = context()): Promise<Item[]> {
  const all = await asked(cursor, ctx)
  const items = await Promise.all(
    all.map(async (one) => {
      if (isFault(one)) throw new Error(one.message)
      return (await facebook.read(one.envelope, settings)) as Item[]
    }),
  )
  return items.flat()
}

const contents = (items: readonly Item[]) => items.map((item) => (item.item === 'submitted' ? item.content : item.item))

it('finds what people wrote since, oldest first, and nothing else', async () => {
  await wrote(90, 'trước đó')
  await wrote(30, 'một')
  await wrote(20, 'hai')
  await wrote(10, 'người khác', '78')
  expect(contents(await found(HOUR_AGO))).toEqual(['một', 'hai', 'người khác'])
})

it('finds it under the keys that the webhook would have given it', async () => {
  const told: string[] = []
  const mid = await wrote(30, 'x')
  const post = await does(30, 'post', { text: 'Thông báo' })
  const comment = await does(20, 'comment', { post, from: { id: '77', name: 'Lan' }, text: 'y' })
  const visit = await does(10, 'post', { from: { id: '78', name: 'Hoa' }, text: 'z' })
  const entry = (more: object) => ({ object: 'page', entry: [{ id: PAGE, time: 1_764_460_800, ...more }] })
  const change = (value: object) => entry({ changes: [{ field: 'feed', value: { verb: 'add', ...value } }] })
  for (const body of [
    entry({ messaging: [{ sender: { id: '77' }, recipient: { id: PAGE }, message: { mid, text: 'x' } }] }),
    change({ item: 'status', post_id: visit, message: 'z' }),
    change({ item: 'comment', post_id: post, comment_id: comment, message: 'y' }),
  ]) {
    const envelope = { event: 'e', contentType: 'application/json', body: Buffer.from(JSON.stringify(body)), files: [] }
    for (const item of (await facebook.read(envelope, settings)) as Item[]) told.push(...item.keys)
  }
  const items = await found(HOUR_AGO)
  expect(items.flatMap(({ keys }) => keys)).toEqual(told)
  expect(items.at(-1)).toMatchObject({
    sender: { provider: '77', name: 'Lan' },
    context: expect.stringMatching(/\/posts\/\d+$/),
  })
})

it('asked again it finds the same, in the same envelopes', async () => {
  await wrote(30, 'một')
  const once = await asked(HOUR_AGO)
  expect(await asked(HOUR_AGO)).toEqual(once)
})

it('finds a new comment under an old post', async () => {
  const post = await does(60 * 24 * 20, 'post', { text: 'Thông báo' })
  await does(60 * 24, 'comment', { post, from: { id: '77' }, text: 'hôm qua' })
  await does(5, 'comment', { post, from: { id: '77' }, text: 'vừa xong' })
  expect(contents(await found(HOUR_AGO))).toEqual(['vừa xong'])
})

it('goes through more pages than one, and loses none of them', async () => {
  for (let at = 0; at < 120; at += 1) await wrote(50 - at / 10, `tin ${at}`)
  for (let at = 0; at < 60; at += 1) await wrote(5, 'x', `9${at}`)
  const items = contents(await found(HOUR_AGO))
  expect(items).toHaveLength(180)
  expect(items.slice(0, 120)).toEqual(Array.from({ length: 120 }, (_, at) => `tin ${at}`))
})

it('brings photos along', async () => {
  const photo = { type: 'image', name: 'a.png', contentType: 'image/png', base64: 'AAAA' }
  await does(30, 'message', { from: { id: '77' }, text: '', files: [photo] })
  const post = await does(20, 'post', { text: 'Thông báo' })
  await does(10, 'comment', { post, from: { id: '77' }, text: '', files: [photo] })
  expect(await found(HOUR_AGO)).toMatchObject([
    { item: 'submitted', remote: [{ name: 'a.png', ref: expect.stringContaining('/files/') }] },
    { item: 'submitted', remote: [{ ref: expect.stringMatching(/^\d+$/) }] },
  ])
})

it('leaves the cursor where it was until all of it is handed over', async () => {
  await wrote(30, 'một')
  await wrote(20, 'hai', '78')
  const cursors = (await asked(HOUR_AGO)).map((one) => (isFault(one) ? one : one.cursor))
  expect(cursors).toEqual([HOUR_AGO, { since: ago(10) }])
})

it('a fault ends it, after what came before it', async () => {
  await wrote(30, 'một')
  await graph.control({ token: 'expired' })
  expect(await asked(HOUR_AGO)).toMatchObject([{ fault: 'config' }])
})

it('begins from now on, and remembers that where there is nothing to hand over', async () => {
  await wrote(30, 'trước đó')
  const memory = inMemory()
  expect(await asked(undefined, context(memory))).toEqual([])
  await wrote(5, 'sau đó')
  expect(contents(await found(undefined, context(memory)))).toEqual(['sau đó'])
})

it('of cursor and memory the later counts', async () => {
  await wrote(30, 'một')
  expect(await asked(HOUR_AGO, context(inMemory({ since: ago(20) })))).toEqual([])
  expect(await asked({ since: ago(20) }, context(inMemory(HOUR_AGO)))).toEqual([])
})

it.each([['nonsense'], [{}], [{ since: 5 }], [null]])(
  'a cursor that is none (%j) begins from now on',
  async (cursor) => {
    await wrote(30, 'một')
    expect(await asked(cursor)).toEqual([])
  },
)
