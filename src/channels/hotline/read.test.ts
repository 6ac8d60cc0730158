import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item, Revised, Submitted, Unreadable } from '../channel.ts'
import { hotline } from './index.ts'
import { HotlineSettings } from './settings.ts'

const SETTINGS = HotlineSettings.parse({ switchboards: ['0215 1022', '0215 3825 001'] })

function read(contentType: string, body: string | Buffer, event = 'ours-1'): Promise<readonly Item[] | Unreadable> {
  return hotline.read({ event, contentType, body: Buffer.from(body as string), files: [] }, SETTINGS)
}

async function itemsOf(contentType: string, body: unknown, event?: string): Promise<readonly Item[]> {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const items = await read(contentType, text, event)
  if ('unreadable' in items) throw new Error(items.unreadable)
  return items
}

/** What was said in a payload: the one that stands alone, or what is added to its call. */
async function saidIn(contentType: string, body: unknown): Promise<Submitted> {
  const items = await itemsOf(contentType, body)
  const last = items.filter((item) => item.item === 'submitted' || item.item === 'revised').at(-1)!
  return last.item === 'revised' ? last.now : last
}

const TALK = [
  { speaker: 'ĐTV', text: 'Đường dây nóng xin nghe.' },
  { speaker: 'KH', text: 'Ở bản Nậm Pồ có cây đổ ra đường.' },
  { speaker: 'ĐTV', text: 'Anh cho biết họ tên?' },
  { speaker: 'KH', text: 'Cây to, xe không qua được.' },
]
const CITIZENS = 'Ở bản Nậm Pồ có cây đổ ra đường.\nCây to, xe không qua được.'
const CALL = { callId: '17.42', from: '0912345678', startedAt: '2026-11-29T10:15:00+07:00' }

const VTT = `WEBVTT

00:00:01.000 --> 00:00:02.000
<v ĐTV>Đường dây nóng xin nghe.</v>

1
00:00:02.000 --> 00:00:04.000 align:start
<v.loud KH>Ở bản <i>Nậm Pồ</i> có cây đổ

00:04.000 --> 00:05.000
<v KH>ra đường.</v>
`
const SRT = `1
00:00:01,000 --> 00:00:02,000
ĐTV: Đường dây nóng xin nghe.

2
00:00:02,000 --> 00:00:04,000
KH: Ở bản <b>Nậm Pồ</b>
có cây đổ ra đường.
`
const PLAIN = 'Tổng đài viên: Đường dây nóng xin nghe.\nNgười dân: Ở bản Nậm Pồ\ncó cây đổ ra đường.\n'

describe('what was said', () => {
  it.each<readonly [what: string, type: string, body: unknown, content: string]>([
    ['turns', 'application/json', { turns: TALK }, CITIZENS],
    ['turns of a call', 'application/json; charset=utf-8', { ...CALL, turns: TALK }, CITIZENS],
    ['a list of calls', 'application/json', [{ ...CALL, turns: TALK }], CITIZENS],
    [
      'numbered labels',
      'application/json',
      {
        turns: [
          { speaker: 'KH 2', text: 'x' },
          { speaker: 'ĐTV1', text: 'y' },
        ],
      },
      'x',
    ],
    [
      'labels without marks',
      'application/json',
      { turns: [{ speaker: 'dien thoai vien', text: 'y' }, { text: 'x' }] },
      'x',
    ],
    [
      'speakers as numbers',
      'application/json',
      {
        turns: [
          { speaker: 0, text: 'x' },
          { speaker: 1, text: 'y' },
        ],
      },
      'x\ny',
    ],
    ['our side alone', 'application/json', { turns: [{ speaker: 'ĐTV', text: 'A lô?' }] }, 'A lô?'],
    ['turns that are none', 'application/json', { turns: [null, 1, [], {}, { text: 5 }, { text: 'x' }] }, 'x'],
    [
      'a recognizer’s segments',
      'application/json',
      { text: 'xy', segments: [{ text: ' x', start: 0, end: 1 }, { text: ' y' }] },
      'x y',
    ],
    [
      'segments with speakers',
      'application/json',
      {
        segments: [
          { speaker: 'SPEAKER_00', text: 'x' },
          { speaker: 'SPEAKER_01', text: 'y' },
        ],
      },
      'x\ny',
    ],
    ['a recognizer’s text alone', 'application/json', { text: 'KH: x\nĐTV: y', segments: [] }, 'x'],
    ['WebVTT with voices', 'text/vtt', VTT, 'Ở bản Nậm Pồ có cây đổ ra đường.'],
    [
      'WebVTT with labels',
      'text/vtt',
      VTT.replace(/<v[^>]* (\S+?)>/g, '$1: ').replaceAll('</v>', ''),
      'Ở bản Nậm Pồ có cây đổ\nra đường.',
    ],
    ['SubRip', 'application/x-subrip', SRT, 'Ở bản Nậm Pồ\ncó cây đổ ra đường.'],
    ['SubRip of Windows', 'text/srt', SRT.replaceAll('\n', '\r\n'), 'Ở bản Nậm Pồ\ncó cây đổ ra đường.'],
    ['labels', 'text/plain', PLAIN, 'Ở bản Nậm Pồ\ncó cây đổ ra đường.'],
    ['labels of letters, with times', 'text/plain', '[00:01] B: y\n[00:02] A: x', 'x'],
    ['labels with a name', 'text/plain', '- ĐTV 2 (Lan): y\n- KH (anh Mẫu): x', 'x'],
    ['speakers of a recognizer', 'text/plain', 'SPEAKER_00: y\nSPEAKER_01: x', 'y\nx'],
    ['no labels', 'text/plain', 'Địa chỉ: bản Nậm Pồ\nViệc: cây đổ', 'Địa chỉ: bản Nậm Pồ\nViệc: cây đổ'],
    ['UTF-16', 'text/plain', Buffer.from(`\uFEFF${PLAIN}`, 'utf16le'), 'Ở bản Nậm Pồ\ncó cây đổ ra đường.'],
    ['windows-1258', 'text/plain', Buffer.from([0x4b, 0x48, 0x3a, 0x20, 0xd0, 0xfd, 0xf5, 0xcc, 0x6e, 0x67]), 'Đường'],
    ['JSON that calls itself text', 'text/plain', { turns: TALK }, CITIZENS],
    ['WebVTT that calls itself nothing', '', VTT, 'Ở bản Nậm Pồ có cây đổ ra đường.'],
    ['SubRip that calls itself bytes', 'application/octet-stream', SRT, 'Ở bản Nậm Pồ\ncó cây đổ ra đường.'],
    ['a row of a list', 'text/csv', 'Mã cuộc gọi;Nội dung\n17.42;"KH: x\nĐTV: y"', 'x'],
  ])('%s', async (_, type, body, content) => {
    expect((await saidIn(type, body)).content).toBe(content)
  })

  it('stands whole beside the report, bounded', async () => {
    const { aside } = await saidIn('application/json', { turns: TALK })
    expect(aside).toBe(TALK.map(({ speaker, text }) => `${speaker}: ${text}`).join('\n'))
    const long = await saidIn('application/json', { turns: [{ speaker: 'KH', text: 'ố '.repeat(40_000) }] })
    expect([long.content.length, long.aside!.length]).toEqual([50_000, 50_000])
  })

  it('is told apart by the labels of the settings', async () => {
    const settings = HotlineSettings.parse({ citizenLabels: ['Kênh 1'], operatorLabels: ['Kênh 2'] })
    const body = Buffer.from('Kênh 1: x\nKênh 2: y')
    const items = await hotline.read({ event: 'ours-1', contentType: 'text/plain', body, files: [] }, settings)
    expect(items).toMatchObject([{ content: 'x' }])
  })
})

describe('one call', () => {
  const bare = { item: 'submitted', event: 'call:17.42', keys: ['call:17.42'], content: '' }
  const more = { item: 'revised', how: 'more', keys: ['call:17.42'], at: '2026-11-29T03:15:00.000Z' }

  it('is a report as soon as it rings', async () => {
    const items = await itemsOf('application/json', CALL)
    const title = 'Cuộc gọi đến đường dây nóng lúc 10:15 ngày 29/11/2026'
    expect(items).toEqual([
      {
        ...bare,
        sender: { phone: '0912345678' },
        title,
        context: title,
        identitySecret: false,
        contentSecret: false,
        files: [],
      },
    ])
  })

  it('is the same with all that comes later, whichever comes first, and what comes later is known by itself', async () => {
    const whole = await itemsOf('application/json', {
      ...CALL,
      turns: TALK,
      recordingUrl: 'https://pbx.example/17.42.mp3?t=1',
    })
    expect(whole).toMatchObject([
      bare,
      { ...more, now: { content: CITIZENS, sender: { phone: '0912345678' }, keys: ['call:17.42'] } },
      {
        ...more,
        now: { content: '', remote: [{ ref: 'https://pbx.example/17.42.mp3?t=1', name: 'ghi-am-17.42.mp3' }] },
      },
    ])
    expect(whole[0]).not.toHaveProperty('title')
    const again = await itemsOf('application/json', { turns: TALK, callId: 17.42 })
    expect(again.map(({ event }) => event)).toEqual(whole.slice(0, 2).map(({ event }) => event))
    const better = await itemsOf('application/json', { ...CALL, turns: TALK.slice(0, 3) })
    expect(better.map(({ event }) => event)).toEqual(['call:17.42', expect.not.stringMatching(whole[1]!.event)])
  })

  it('in a file is that of the file’s name, where it says no other', async () => {
    const named = (name: string) => `file:${name}:${'0'.repeat(64)}`
    const files = [
      ...(await itemsOf('text/vtt', VTT, named('17.42.vi.vtt'))),
      ...(await itemsOf('audio/mpeg', Buffer.from('ID3'), named('17.42.mp3'))),
      ...(await itemsOf('application/json', { from: '0912345678', turns: TALK }, named('17.42.json'))),
    ]
    expect(new Set(files.flatMap(({ keys }) => keys))).toEqual(new Set(['call:17.42']))
    expect(files[3]).toMatchObject({
      ...more,
      at: '1970-01-01T00:00:00.000Z',
      now: { attachments: [{ name: 'ghi-am-17.42.mp3', type: 'audio/mpeg' }] },
    })
    expect((await itemsOf('application/json', CALL, named('other.json')))[0]).toMatchObject(bare)
  })

  it('without an id stands alone, and is the same when it comes again', async () => {
    const [one, ...none] = await itemsOf('text/plain', PLAIN)
    expect([none, one]).toMatchObject([[], { item: 'submitted', content: expect.stringContaining('Nậm Pồ') }])
    expect(await itemsOf('text/plain', PLAIN)).toEqual([one])
    expect((await itemsOf('text/plain', `${PLAIN}.`))[0]!.event).not.toBe(one!.event)
  })

  it('of a list is a submission for each row, its recording with it', async () => {
    const list = `\uFEFFMã cuộc gọi,Số gọi đến,Thời gian,Ghi âm
1,0912345678,29/11/2026 10:15,https://pbx.example/1
2,anonymous,,
,,,
3,912345678,"2026-11-29 10:15:00",
`
    const items = await itemsOf('text/csv', list)
    const calls = items.filter((item) => item.item === 'submitted')
    expect(calls.map(({ event, sender }) => [event, sender])).toEqual([
      ['call:1', { phone: '0912345678' }],
      ['call:2', {}],
      ['call:3', { phone: '0912345678' }],
    ])
    expect(calls[0]!.context).toBe(calls[2]!.context)
    expect((items[1] as Revised).now.remote).toEqual([{ ref: 'https://pbx.example/1', name: 'ghi-am-1.audio' }])
  })
})

describe('who called', () => {
  it.each<readonly [from: unknown, phone: string | undefined]>([
    ['0912 345 678', '0912 345 678'],
    ['+84912345678', '+84912345678'],
    [84912345678, '84912345678'],
    ['"Mẫu" <sip:0912345678@10.0.0.1;user=phone>', '0912345678'],
    ['tel:+84912345678', '+84912345678'],
    ['anonymous', undefined],
    ['"Anonymous" <sip:0912345678@10.0.0.1>', undefined],
    ['Restricted', undefined],
    ['UNKNOWN', undefined],
    ['Ẩn số', undefined],
    ['sip:anonymous@anonymous.invalid', undefined],
    ['', undefined],
    [' ', undefined],
    [null, undefined],
    [{}, undefined],
    ['02151022', undefined],
    ['(0215) 3825001', undefined],
    ['1022', undefined],
    ['+1 212 555 0100', undefined],
    ['0'.repeat(5000), undefined],
  ])('%j', async (from, phone) => {
    const [item] = await itemsOf('application/json', { callId: 'x', from })
    expect((item as Submitted).sender.phone).toBe(phone)
  })
})

it.each<readonly [what: string, type: string, body: string | Buffer]>([
  ['nothing', 'application/json', ''],
  ['half of JSON', 'application/json', '{"callId": "1", "turns": ['],
  ['JSON of no call', 'application/json', '{"hello":"world"}'],
  ['an empty list', 'application/json', '[]'],
  ['a number', 'application/json', '1'],
  ['null', 'application/json', 'null'],
  ['more calls than one payload may hold', 'application/json', JSON.stringify(Array(1001).fill({ callId: 1 }))],
  ['a page', 'text/html', '<html>'],
  ['a form', 'application/x-www-form-urlencoded', 'callId=1'],
  ['no cues', 'text/vtt', 'WEBVTT\n\n'],
  ['no subtitles', 'application/x-subrip', 'KH: x'],
  ['a table of something else', 'text/csv', 'a,b\n1,2'],
  ['a table without rows', 'text/csv', 'callId,from\n'],
  ['a quote that never ends', 'text/csv', 'callId,text\n1,"x'],
  ['bytes', 'text/plain', Buffer.from([0, 1, 2, 0xff])],
  ['a film', 'audio/mp4', Buffer.from('\0\0\0\x18ftypisom')],
  ['silence', 'text/plain', ' \n\u200b\n'],
  ['more text than is read', 'text/plain', 'x'.repeat(4 * 1024 * 1024 + 1)],
])('%s is unreadable', async (_, type, body) => {
  expect(await read(type, body)).toEqual({ unreadable: expect.stringMatching(/^.{2,80}$/) })
})

describe('hostile input', () => {
  const TYPES = ['application/json', 'text/vtt', 'application/x-subrip', 'text/csv', 'text/plain', 'audio/mpeg', 'x/y']

  it('never throws, and the same bytes are the same items', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({
          callId: fc.anything(),
          from: fc.anything(),
          turns: fc.anything(),
          recordingUrl: fc.anything(),
          startedAt: fc.anything(),
        })
        .map((call) =>
          Buffer.from(JSON.stringify(call, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
        ),
      fc.string().map((text) => Buffer.from(`WEBVTT\n\n00:00.000 --> 00:01.000\n<v ${text}`)),
      fc.array(fc.string()).map((cells) => Buffer.from(`callId,from,text\n${cells.join(',')}`)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TYPES), bytes, fc.string(), async (type, body, event) => {
        expect(await read(type, body, event)).toEqual(await read(type, body, event))
      }),
      { numRuns: 2000 },
    )
  })

  it.each<readonly [what: string, type: string, body: string]>([
    [
      'a cue of a hundred thousand voices',
      'text/vtt',
      `WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n${'<v x>'.repeat(100_000)}`,
    ],
    [
      'cues of nested tags',
      'text/vtt',
      `WEBVTT\n\n${`00:00:00.000 --> 00:00:01.000\n${'<i>'.repeat(1600)}\n\n`.repeat(800)}`,
    ],
    ['a line of brackets', 'text/plain', '(:'.repeat(2_000_000)],
    ['lines of dashes', 'text/plain', `${'-'.repeat(190)}\n`.repeat(20_000)],
    ['lines without anything', 'text/plain', `A:${'\n'.repeat(4_000_000)}x`],
    ['JSON nested without end', 'application/json', '['.repeat(4_000_000)],
    ['JSON of a million turns', 'application/json', `{"callId":"1","turns":[${'{"text":"x"},'.repeat(300_000)}{}]}`],
    ['a table of separators', 'text/csv', `callId,from\n${','.repeat(4_000_000)}`],
    ['a table of quotes', 'text/csv', `callId,from\n${'"'.repeat(4_000_000)}`],
  ])('%s is read or refused in seconds', async (_, type, body) => {
    const started = performance.now()
    await read(type, body)
    expect(performance.now() - started).toBeLessThan(8000)
  })

  it('in ids and labels ends nowhere', async () => {
    const [item, said] = await itemsOf('application/json', {
      callId: ' a\u0000b\u200b ',
      turns: [{ speaker: 'x\u0000', text: 'y' }],
    })
    expect([item!.event, said!.keys]).toEqual(['call:ab', ['call:ab']])
    const [long] = await itemsOf('application/json', { callId: 'x'.repeat(1999) })
    expect(long!.keys[0]).toMatch(/^call:[0-9a-f]{64}$/)
    const name = (
      await itemsOf('application/json', { callId: '../../etc/passwd', recordingUrl: 'https://x/y.EXE' })
    )[1] as Revised
    expect(name.now.remote![0]!.name).toBe('ghi-am-..-..-etc-passwd.exe')
  })
})

describe('a call of the call centre’s', () => {
  const settings = HotlineSettings.parse({ secret: 'a secret of some length', signatureHeader: 'X-PBX-Signature' })
  const hook = hotline.intakes.find((intake) => intake.intake === 'webhook')!
  const body = Buffer.from(JSON.stringify(CALL))
  const sign = (secret: string, what = body) => createHmac('sha256', secret).update(what).digest()
  const verify = (signature: string | undefined, by = settings) =>
    hook.verify({ url: 'https://x', headers: { 'x-pbx-signature': signature }, body, at: new Date(0) }, by)

  it.each<readonly [what: string, signature: string]>([
    ['hex', sign(settings.secret!).toString('hex')],
    ['hex in capitals', sign(settings.secret!).toString('hex').toUpperCase()],
    ['Base64', sign(settings.secret!).toString('base64')],
    ['with its name', `sha256=${sign(settings.secret!).toString('hex')}`],
  ])('is known by its signature: %s', (_, signature) => {
    expect(verify(signature)).toBeUndefined()
  })

  it.each<readonly [what: string, signature: string | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['another secret’s', sign('another secret').toString('hex')],
    ['another body’s', sign(settings.secret!, Buffer.from('{}')).toString('hex')],
    ['half of it', sign(settings.secret!).toString('hex').slice(0, 32)],
  ])('is refused: %s', (_, signature) => {
    expect(verify(signature)).toMatchObject({ fault: 'rejected' })
  })

  it('is never taken where there is no secret to know it by', () => {
    expect(verify(sign('').toString('hex'), HotlineSettings.parse({}))).toMatchObject({ fault: 'config' })
  })
})
