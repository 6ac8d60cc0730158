import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Item } from '../channel.ts'
import { FOUND } from './found.ts'
import { readEnvelope } from './read.ts'
import { FacebookSettings } from './settings.ts'

const PAGE = '682498302938465'
const PSID = '6512345678901234'
const SETTINGS = FacebookSettings.parse({
  pageId: PAGE,
  pageToken: 'EAAG',
  appSecret: 'secret',
  verifyToken: 'word-word',
})

const read = (body: Buffer | string, contentType = 'application/json') =>
  readEnvelope({ event: 'hook-1', contentType, body: Buffer.from(body as string), files: [] }, SETTINGS)

async function items(body: unknown, contentType?: string): Promise<readonly Item[]> {
  const found = await read(JSON.stringify(body), contentType)
  if ('unreadable' in found) throw new Error(found.unreadable)
  return found
}

const entry = (more: object, id: string = PAGE) => ({ id, time: 1_764_460_800, ...more })
const hook = (...entries: readonly unknown[]) => ({ object: 'page', entry: entries })
const messaging = (more: object) => ({
  sender: { id: PSID },
  recipient: { id: PAGE },
  timestamp: 1_764_460_800_123,
  ...more,
})
const told = async (more: object) => (await items(hook(entry({ messaging: [messaging(more)] }))))[0]!
const message = (more: object) => told({ message: { mid: 'm_abc-1', ...more } })
const attached = (...attachments: readonly unknown[]) => message({ attachments })
const image = (url: string, more = {}) => ({ type: 'image', payload: { url, ...more } })

const COMMENT = {
  item: 'comment',
  verb: 'add',
  from: { id: '7788', name: 'Nguyễn Thị Lan' },
  post_id: `${PAGE}_900`,
  comment_id: '900_901',
  parent_id: `${PAGE}_900`,
  created_time: 1_764_460_700,
  message: 'Cầu treo hỏng ván',
  post: { permalink_url: 'https://www.facebook.com/ubnd/posts/900', id: `${PAGE}_900` },
}
const changed = async (more: object, field = 'feed') =>
  (await items(hook(entry({ changes: [{ field, value: { ...COMMENT, ...more } }] }))))[0]!

it('a message in Messenger', async () => {
  expect(await message({ text: 'Ổ gà 🕳️ trước cổng trường' })).toEqual({
    item: 'submitted',
    event: 'm:abc-1',
    keys: ['m:abc-1'],
    sender: { provider: PSID },
    content: 'Ổ gà 🕳️ trước cổng trường',
    identitySecret: false,
    contentSecret: false,
    files: [],
    thread: 'm:abc-1',
    talk: PSID,
  })
})

const CDN = 'https://scontent.xx.fbcdn.net/v/t1.15752-9/12_n.jpg?oh=1'
it.each<[string, Promise<Item> | (() => Promise<Item>), object]>([
  ['a photo', () => attached(image(CDN)), { content: '', remote: [{ ref: CDN, name: '12_n.jpg' }] }],
  [
    'several files and words',
    () =>
      message({ text: 'x', attachments: ['video', 'audio', 'file'].map((type) => ({ type, payload: { url: CDN } })) }),
    { content: 'x', remote: [{ ref: CDN }, { ref: CDN }, { ref: CDN }] },
  ],
  ['a link that is none', () => attached(image('javascript:alert(1)')), { remote: [{ name: 'image' }] }],
  [
    'a place',
    () => attached({ type: 'location', title: 'Bản Phủ', payload: { coordinates: { lat: 21.38, long: 103.01 } } }),
    { content: 'Bản Phủ', point: { lat: 21.38, lng: 103.01 } },
  ],
  ['a tap on a quick reply', () => message({ text: 'Có', quick_reply: { payload: 'YES' } }), { content: 'Có' }],
  [
    'a shared link',
    () => attached({ type: 'fallback', payload: { url: 'https://bao.example/1', title: 'Sạt lở' } }),
    { content: '', context: 'Sạt lở\nhttps://bao.example/1' },
  ],
])('%s is a report', async (_, given, expected) => {
  expect(await (typeof given === 'function' ? given() : given)).toMatchObject({ item: 'submitted', ...expected })
})

it('a photo whose sticker id is null is a photo still, a sticker beside one is left out', async () => {
  const found = await attached(
    image(CDN, { sticker_id: null }),
    { type: 'sticker', payload: { sticker_id: 1, url: 'x' } },
    image('y', { sticker_id: 1 }),
  )
  expect(found).toMatchObject({ item: 'submitted', remote: [{ ref: CDN }] })
})

it.each<[string, string, () => Promise<Item>]>([
  ['a thumb', 'sticker', () => attached(image(CDN, { sticker_id: 369_239_263_222_822 }))],
  ['a sticker as it comes now', 'sticker', () => attached({ type: 'sticker', payload: { sticker_id: '767' } })],
  ['a message of a kind that is not told', 'empty', () => message({})],
  [
    'our own message',
    'echo',
    () => told({ sender: { id: PAGE }, recipient: { id: PSID }, message: { mid: 'm_e', is_echo: true, text: 'x' } }),
  ],
  [
    'a message for another page',
    'other-page',
    () => told({ recipient: { id: '1' }, message: { mid: 'm_o', text: 'x' } }),
  ],
  ['what was read', 'watermark', () => told({ read: { watermark: 1_458_668_856_253 } })],
  ['what was delivered, unnamed', 'watermark', () => told({ delivery: { watermark: 1_458_668_856_253 } })],
  ['a reaction', 'reaction', () => told({ reaction: { reaction: 'love', emoji: '❤', action: 'react', mid: 'm_1' } })],
  ['a button', 'not-a-message', () => told({ postback: { title: 'Bắt đầu', payload: 'GET_STARTED' } })],
  ['the page’s own comment', 'echo', () => changed({ from: { id: PAGE, name: 'UBND' } })],
  ['a like', 'reaction', () => changed({ item: 'reaction', reaction_type: 'like' })],
  ['a comment hidden', 'hidden', () => changed({ verb: 'hide' })],
  ['a comment that is a sticker', 'empty', () => changed({ message: undefined })],
  [
    'a change of the page’s name',
    'not-a-message',
    () => changed({ item: undefined, comment_id: undefined, post_id: undefined }, 'name'),
  ],
  ['a message without its id', 'unreadable-part', () => told({ message: { text: 'x' } })],
  [
    'a number that lost its last digits',
    'unreadable-part',
    () => told({ sender: { id: Number('10206635083634304000') }, message: { mid: 'm_n' } }),
  ],
  [
    'a time out of all calendars',
    'unreadable-part',
    () => told({ timestamp: 9e15, message: { mid: 'm_t', text: 'x' } }),
  ],
  [
    'an edit without its time',
    'unreadable-part',
    () => told({ timestamp: undefined, message_edit: { mid: 'm_1', text: 'x', num_edit: 1 } }),
  ],
])('%s is set aside: %s', async (_, reason, given) => {
  const found = await given()
  expect(found).toMatchObject({ item: 'ignored', reason })
  expect(found.event).not.toBe('')
  expect(found.keys.length).toBeGreaterThan(0)
})

it('what is said later about a message has the message’s keys', async () => {
  expect(await told({ message_edit: { mid: 'm_abc-1', text: 'Ổ voi', num_edit: '2' } })).toMatchObject({
    item: 'revised',
    event: 'edit:abc-1:2',
    keys: ['m:abc-1'],
    how: 'edited',
    at: '2025-11-30T00:00:00.123Z',
    now: { item: 'submitted', keys: ['m:abc-1'], content: 'Ổ voi', talk: PSID, thread: 'm:abc-1' },
  })
  expect(await message({ is_deleted: true })).toEqual({
    item: 'deleted',
    event: 'deleted:m:abc-1',
    keys: ['m:abc-1'],
    at: '2025-11-30T00:00:00.123Z',
  })
})

it('what was delivered is a receipt by the ids that we got when we sent', async () => {
  expect(await told({ delivery: { mids: ['m_x', 'mid.1458668856218:ed81'], watermark: 1 } })).toMatchObject({
    item: 'receipt',
    receipt: 'delivered',
    providerIds: ['x', 'mid.1458668856218:ed81'],
  })
})

it('a comment, with what it stands under', async () => {
  expect(await changed({})).toMatchObject({
    item: 'submitted',
    event: 'c:900_901',
    keys: ['c:900_901'],
    sender: { provider: '7788', name: 'Nguyễn Thị Lan' },
    content: 'Cầu treo hỏng ván',
    thread: 'c:900_901',
    context: 'https://www.facebook.com/ubnd/posts/900',
  })
})

it.each(['edited', 'edit'])('a comment %s', async (verb) => {
  expect(await changed({ verb, message: 'Cầu treo gãy' })).toMatchObject({
    item: 'revised',
    keys: ['c:900_901'],
    how: 'edited',
    at: '2025-11-30T00:00:00.000Z',
    now: { content: 'Cầu treo gãy' },
  })
})

it('a comment removed, whoever removed it', async () => {
  const gone = { verb: 'remove', message: undefined, from: undefined }
  expect(await changed(gone)).toMatchObject({ item: 'deleted', keys: ['c:900_901'] })
})

it('of two people who like the same comment in the same second each has an event of their own', async () => {
  const [one, other] = await Promise.all(['1', '2'].map((id) => changed({ item: 'reaction', from: { id } })))
  expect(one!.event).not.toBe(other!.event)
})

it('of two edits each has an event of its own', async () => {
  const change = { field: 'feed', value: { ...COMMENT, verb: 'edited' } }
  const found = await items(hook(entry({ changes: [change] }), entry({ time: 1_764_460_900, changes: [change] })))
  expect(new Set(found.map(({ event }) => event)).size).toBe(2)
})

it.each<[string, object, object]>([
  ['photo', { photo: CDN }, { remote: [{ ref: CDN, name: '12_n.jpg' }] }],
  ['film', { video: CDN }, { remote: [{ ref: CDN }] }],
  [
    'old sender fields',
    { from: undefined, sender_id: 7788, sender_name: 'Lan' },
    { sender: { provider: '7788', name: 'Lan' } },
  ],
  ['no sender, as without consent', { from: undefined }, { sender: {} }],
  ['a name that is none', { from: { id: '7788', name: 5 } }, { sender: { provider: '7788' } }],
])('a comment with %s', async (_, more, expected) => {
  expect(await changed(more)).toMatchObject({ item: 'submitted', ...expected })
})

const POST = { comment_id: undefined, parent_id: undefined, post_id: `${PAGE}_77` }
it.each<[string, object, object]>([
  ['status', { item: 'status' }, {}],
  ['post', { item: 'post' }, {}],
  ['photo', { item: 'photo', photo_id: '555', link: CDN }, { remote: [{ ref: '555', name: 'photo' }] }],
  ['album', { item: 'status', photos: [CDN, CDN] }, { remote: [{ ref: CDN }, { ref: CDN }] }],
  ['video', { item: 'video', video_id: '556', link: CDN }, { remote: [{ ref: CDN }] }],
])('a visitor’s %s', async (_, more, expected) => {
  const found = await changed({ ...POST, ...more })
  expect(found).toMatchObject({ item: 'submitted', keys: [`p:${PAGE}_77`], thread: `p:${PAGE}_77`, ...expected })
})

it.each<[string, object, string]>([
  ['comment', { item: 'comment' }, 'c:900_901'],
  ['post', { ...POST, item: 'post' }, `p:${PAGE}_77`],
])('a mention in a %s elsewhere', async (_, more, key) => {
  expect(await changed(more, 'mention')).toMatchObject({ item: 'submitted', keys: [key] })
})

it('a mention on somebody else’s page cannot be answered there', async () => {
  const found = await changed({ post_id: '555_900' }, 'mention')
  expect(found).toMatchObject({ item: 'submitted', keys: ['c:900_901'] })
  expect(found).not.toHaveProperty('thread')
  expect(await changed({}, 'mention')).toHaveProperty('thread', 'c:900_901')
})

it('one broken update costs no other, and is seen', async () => {
  const good = messaging({ message: { mid: 'm_g', text: 'x' } })
  const bad: readonly unknown[] = [null, 7, 'x', {}, { sender: null }, { ...good, message: 5 }]
  const found = await items(
    hook(entry({ messaging: [...bad, good], changes: [null, { field: 'feed' }] }), null, entry({})),
  )
  expect(found.filter(({ item }) => item === 'submitted')).toHaveLength(1)
  const aside = found.flatMap((one) => (one.item === 'ignored' ? [one.reason] : []))
  expect(aside).toEqual(Array(bad.length + 4).fill('unreadable-part'))
  expect(new Set(found.map(({ event }) => event)).size).toBe(found.length)
})

it('an update nested deeper than any stack costs no other', async () => {
  const good = JSON.stringify(messaging({ message: { mid: 'm_g', text: 'x' } }))
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const body = `{"object":"page","entry":[{"id":"${PAGE}","messaging":[{"message":${deep}},${good}]}]}`
  expect(await read(body)).toMatchObject([{ reason: 'unreadable-part' }, { item: 'submitted', content: 'x' }])
})

it('a thousand updates in one body, and what an app that has the talk leaves to others', async () => {
  const many = Array.from({ length: 999 }, (_, at) => messaging({ message: { mid: `m_${at}`, text: 'x' } }))
  const standby = [messaging({ message: { mid: 'm_s', text: 'y' } })]
  const found = await items(hook(entry({ messaging: many }), entry({ standby })))
  expect(found.filter(({ item }) => item === 'submitted')).toHaveLength(1000)
})

it('another page’s updates are set aside whole, the same in every try', async () => {
  const other = hook(entry({ messaging: [messaging({ message: { mid: 'm_z', text: 'x' } })] }, '9'))
  expect(await items(other)).toMatchObject([{ item: 'ignored', reason: 'other-page' }])
  expect(await items(other)).toEqual(await items(other))
})

it.each<[string, Buffer | string]>([
  ['nothing', ''],
  ['no JSON', '<html>'],
  ['a list', '[]'],
  ['another object', '{"object":"instagram","entry":[]}'],
  ['no entries', '{"object":"page"}'],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from('{"object":"page","entry":[],"x":"'), Buffer.from([0xff]), Buffer.from('"}')]),
  ],
  ['more than anybody sends', JSON.stringify(hook(entry({ messaging: Array(5001).fill({}) })))],
])('%s is unreadable', async (_, body) => {
  expect(await read(body)).toHaveProperty('unreadable')
})

const asked = async (of: string, row: object) => (await items({ of, data: [row] }, FOUND))[0]!
const ROW = { created_time: '2026-11-23T01:00:00+0000', from: { id: PSID, name: 'Lan' }, message: 'x' }

it('what is asked for has the keys of what is told', async () => {
  expect(await asked('messages', { ...ROW, id: 'm_abc-1' })).toMatchObject({
    keys: ['m:abc-1'],
    talk: PSID,
    thread: 'm:abc-1',
  })
  expect(
    await asked('comments', { ...ROW, id: '900_901', under: 'https://www.facebook.com/ubnd/posts/900' }),
  ).toMatchObject({
    ...{ keys: ['c:900_901'], thread: 'c:900_901', context: 'https://www.facebook.com/ubnd/posts/900' },
    sender: { provider: PSID, name: 'Lan' },
  })
  expect(await asked('posts', { ...ROW, id: `${PAGE}_77` })).toMatchObject({ keys: [`p:${PAGE}_77`] })
})

it.each<[string, object, readonly object[]]>([
  [
    'messages',
    { attachments: { data: [{ name: '12.jpg', image_data: { url: CDN } }, { file_url: CDN }] } },
    [
      { ref: CDN, name: '12.jpg' },
      { ref: CDN, name: '12_n.jpg' },
    ],
  ],
  [
    'comments',
    { attachment: { type: 'photo', target: { id: '555' }, media: { image: { src: CDN } } } },
    [{ ref: '555', name: 'photo' }],
  ],
  [
    'posts',
    {
      attachments: {
        data: [
          {
            type: 'album',
            subattachments: {
              data: [
                { type: 'photo', target: { id: '1' } },
                { type: 'video', media: { source: CDN } },
              ],
            },
          },
        ],
      },
    },
    [{ ref: '1' }, { ref: CDN }],
  ],
])('files of %s asked for', async (of, more, remote) => {
  expect(await asked(of, { ...ROW, id: '1_2', ...more })).toMatchObject({ item: 'submitted', remote })
})

it('a row that is broken costs no other there, too', async () => {
  const found = await items(
    { of: 'messages', data: [null, { id: 'm_1' }, { ...ROW, id: 'm_2' }, { ...ROW, id: 'm_3', message: '' }] },
    FOUND,
  )
  expect(found.map((one) => (one.item === 'ignored' ? one.reason : one.item))).toEqual([
    'unreadable-part',
    'unreadable-part',
    'submitted',
    'empty',
  ])
})

const SAMPLES: Readonly<Record<string, object>> = {
  'message.json': { keys: ['m:mid.1457764197618:41d102a3e1ae206a38'], content: 'Hố ga mất nắp 🕳️' },
  'message-reply.json': { keys: ['m:1457764197618:41d102a3e1ae206a38'], content: 'hello, world!' },
  'message-attachment.json': { content: '', remote: [{ ref: CDN.replace('12_n', '1_n').replace('oh=1', 'oh=abc') }] },
  'message-edit.json': { item: 'revised', now: { content: 'hello again' }, at: '2016-03-22T17:47:36.463Z' },
  'message-delivery.json': { item: 'receipt', providerIds: ['mid.1458668856218:ed81099e15d3f4f233'] },
  'message-read.json': { item: 'ignored', reason: 'watermark' },
  'message-echo.json': { item: 'ignored', reason: 'echo' },
  'comment-photo.json': { sender: { provider: '46614871', name: 'SC' }, remote: [{ name: '16715996_o.jpg' }] },
  'comment-reaction.json': { item: 'ignored', reason: 'reaction' },
}
const FIXTURE = join(import.meta.dirname, 'fixture')
it.each(readdirSync(FIXTURE))('reads %s as it came', async (name) => {
  expect(await read(readFileSync(join(FIXTURE, name)))).toMatchObject([SAMPLES[name]!])
})

const word = fc.constantFrom(
  'object',
  'page',
  'entry',
  'id',
  PAGE,
  'messaging',
  'changes',
  'message',
  'mid',
  'value',
  'of',
  'data',
  'from',
)
const hostile = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'medium' },
    fc.oneof(word, fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(word, fc.constant('__proto__')), tie('node'), { maxKeys: 6 }),
  ),
})).node

it('never throws, whatever comes', async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    hostile.map((value) => Buffer.from(JSON.stringify(value))),
    hostile.map((value) => Buffer.from(JSON.stringify(hook(entry({ messaging: value, changes: value }))))),
    hostile.map((value) => Buffer.from(JSON.stringify(hook(entry({ messaging: [messaging({ message: value })] }))))),
    hostile.map((value) => Buffer.from(JSON.stringify(hook(entry({ changes: [{ field: 'feed', value }] }))))),
  )
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom('application/json', FOUND), async (bytes, type) => {
      const once = await read(bytes, type)
      expect(await read(bytes, type)).toEqual(once)
    }),
    { numRuns: 300 },
  )
})
