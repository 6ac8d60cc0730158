import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ZALO } from '../../../test/support/zalo/account.ts'
import type { Item } from '../channel.ts'
import { zalo } from './index.ts'
import { ZaloSettings } from './settings.ts'

const SETTINGS = ZaloSettings.parse(ZALO)
const LAN = '8309393969855402319'
const read = (body: string | Buffer) =>
  zalo.read({ event: 'e1', contentType: 'application/json', body: Buffer.from(body as string), files: [] }, SETTINGS)

async function readOne(event: object): Promise<Item> {
  const items = await read(JSON.stringify(event))
  if ('unreadable' in items) throw new Error(items.unreadable)
  if (items.length !== 1) throw new Error(`${items.length} items`)
  return items[0]!
}

/** https://developers.zalo.me/docs/official-account/webhook/tin-nhan/su-kien-nguoi-dung-gui-tin-nhan: the same around every message. */
const from = (name: string, message: object, more: object = {}) => ({
  ...{ event_name: name, app_id: ZALO.appId, sender: { id: LAN }, recipient: { id: ZALO.oaId } },
  ...{ message, timestamp: '1751100041636', user_id_by_app: '7300442764876318465', ...more },
})
const file = (type: string, payload: object) => ({ attachments: [{ type, payload }], msg_id: 'm1' })
const URL = 'https://f9-zpc.zdn.vn/jpg/3512746/a.jpg'

describe('a message', () => {
  it('as the documents show it', async () => {
    expect(await readOne(from('user_send_text', { text: 'Đường hỏng 🚧', msg_id: 'cb31dff1c39642cc1b83' }))).toEqual({
      ...{ item: 'submitted', event: 'cb31dff1c39642cc1b83', keys: ['cb31dff1c39642cc1b83'] },
      ...{ sender: { provider: LAN }, content: 'Đường hỏng 🚧', identitySecret: false, contentSecret: false },
      ...{ files: [], talk: LAN },
    })
  })

  it('a place, as it comes from a phone', async () => {
    const body =
      '{"event_name":"user_send_location","app_id":"102719276611582260","sender":{"id":"8309393969855402319"},"recipient":{"id":"1423847451268726170"},"message":{"attachments":[{"payload":{"coordinates":{"latitude":"10.7923119","longitude":"106.7820651"}},"type":"location"}],"text":"Chợ Bản Phủ","msg_id":"b8de7d84fa1b3043690c"},"timestamp":"1751100041636","user_id_by_app":"7300442764876318465"}'
    expect(await read(body)).toMatchObject([
      { content: 'Chợ Bản Phủ', address: 'Chợ Bản Phủ', point: { lat: 10.7923119, lng: 106.7820651 } },
    ])
  })

  it.each<readonly [event: string, message: object, holds: object]>([
    [
      'user_send_image',
      { ...file('image', { thumbnail: URL, url: URL }), text: 'Cầu gãy' },
      { content: 'Cầu gãy', remote: [{ ref: URL, name: 'zalo-1.jpg' }] },
    ],
    [
      'user_send_image',
      { attachments: [1, 2].map(() => ({ type: 'photo', payload: { url: URL } })), msg_id: 'm1' },
      { remote: [{ name: 'zalo-1.jpg' }, { name: 'zalo-2.jpg' }] },
    ],
    [
      'user_send_file',
      file('file', { url: URL, size: '1024', name: 'đơn.pdf', checksum: 'x', type: 'pdf' }),
      { remote: [{ ref: URL, name: 'đơn.pdf' }] },
    ],
    ['user_send_audio', file('audio', { url: URL }), { remote: [{ name: 'zalo-1.aac' }] }],
    [
      'user_send_video',
      file('video', { thumbnail: URL, description: '', url: URL }),
      { remote: [{ name: 'zalo-1.mp4' }] },
    ],
    [
      'user_send_link',
      file('link', { title: 'Sạt lở', description: 'QL12', url: 'https://báo.vn/x' }),
      { content: 'Sạt lở\nQL12\nhttps://báo.vn/x' },
    ],
    [
      'user_send_location',
      file('location', { coordinates: { latitude: 21.4, longitude: 103 } }),
      { content: '', point: { lat: 21.4, lng: 103 } },
    ],
    [
      'user_send_location',
      { ...file('location', { coordinates: { latitude: '910', longitude: 'x' } }), text: 'x' },
      { content: 'x' },
    ],
    [
      'user_send_business_card',
      file('link', { description: '{"phone":"0912345678"}' }),
      { content: '{"phone":"0912345678"}' },
    ],
    ['anonymous_send_text', { text: 'x', msg_id: 'm1' }, { sender: { provider: LAN } }],
    ['user_send_text', { text: 'x' }, { event: 'e1', keys: ['e1'] }],
    ['user_send_text', { text: 'x', msg_id: 17 }, { event: '17' }],
    ['user_send_something_new', { text: 'x', msg_id: 'm1' }, { content: 'x' }],
  ])('%s', async (name, message, holds) => {
    expect(await readOne(from(name, message))).toMatchObject({ item: 'submitted', ...holds })
  })
})

describe('what is set aside', () => {
  it.each<readonly [reason: string, event: object, as: object | undefined]>([
    ['sticker', from('user_send_sticker', file('sticker', { id: 'x', url: URL })), { sender: { provider: LAN } }],
    ['sticker', from('user_send_gif', file('gif', { url: URL })), { remote: [{ name: 'zalo-1.gif' }] }],
    ['empty', from('user_send_text', { text: ' ', msg_id: 'm1' }), undefined],
    ['empty', from('user_send_image', { msg_id: 'm1', attachments: 'x' }), undefined],
    ['other-page', from('user_send_text', { text: 'x', msg_id: 'm1' }, { recipient: { id: '5' } }), { content: 'x' }],
    ['group', from('user_send_group_text', { text: 'x', msg_id: 'm1' }), { content: 'x' }],
    ['echo', from('oa_send_text', { text: 'x', msg_id: 'm1' }), undefined],
    ['follow', { event_name: 'follow', oa_id: ZALO.oaId, follower: { id: LAN }, timestamp: '1' }, undefined],
    ['unfollow', { event_name: 'unfollow', oa_id: ZALO.oaId, follower: { id: LAN }, timestamp: '1' }, undefined],
    ['reaction', from('user_reacted_message', { msg_id: 'm1', react_icon: '/-heart' }), undefined],
    ['not-a-message', from('user_click_button', { msg_id: 'm1' }), undefined],
    ['watermark', from('user_seen_message', {}), undefined],
    [
      'contact',
      from(
        'user_submit_info',
        {},
        {
          info: { name: 'Lò Thị Lan', phone: '84912345678', address: 'Bản Phủ', ward: 'Noong Hẹt', city: 'Điện Biên' },
        },
      ),
      { sender: { provider: LAN, name: 'Lò Thị Lan', phone: '84912345678' }, content: 'Bản Phủ, Noong Hẹt, Điện Biên' },
    ],
  ])('%s', async (reason, event, as) => {
    const item = await readOne(event)
    expect(item).toMatchObject({ item: 'ignored', reason })
    if (as === undefined) expect(item).not.toHaveProperty('as')
    else expect(item).toMatchObject({ as })
  })
})

it.each([
  ['user_received_message', { msg_id: 'z1' }, 'delivered', ['z1']],
  ['user_seen_message', { msg_ids: ['z1', 'z2'] }, 'read', ['z1', 'z2']],
])('%s is a word about messages of ours', async (name, message, receipt, providerIds) => {
  const event = from(name, message, { sender: { id: ZALO.oaId }, recipient: { id: LAN } })
  expect(await readOne(event)).toEqual({
    ...{ item: 'receipt', event: 'e1', keys: ['e1'], receipt, tokens: [], providerIds, text: name },
  })
})

describe('whatever comes', () => {
  it.each(['', 'x', 'null', '[]', '{}', '{"event_name":1}', '{"event_name":""}'])('%s is unreadable', async (body) => {
    expect(await read(body)).toEqual({ unreadable: 'no event of Zalo' })
  })

  it('is read the same every time, and never throws', async () => {
    const name = fc.constantFrom('user_send_text', 'user_send_location', 'user_seen_message', 'user_submit_info', 'x')
    const events = fc.record({
      event_name: name,
      ...{ sender: fc.jsonValue(), recipient: fc.jsonValue(), message: fc.jsonValue(), info: fc.jsonValue() },
    })
    const messages = fc.record(
      {
        text: fc.jsonValue(),
        msg_id: fc.jsonValue(),
        msg_ids: fc.jsonValue(),
        attachments: fc.array(fc.record({ type: fc.constantFrom('image', 'location', 'x'), payload: fc.jsonValue() })),
      },
      { requiredKeys: [] },
    )
    const bodies = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      events.map((event) => Buffer.from(JSON.stringify(event))),
      fc.tuple(name, messages).map(([each, message]) => Buffer.from(JSON.stringify(from(each, message)))),
    )
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect(await read(body)).toEqual(await read(body))
      }),
    )
  })
})
