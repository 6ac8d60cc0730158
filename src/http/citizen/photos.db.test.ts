import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { openItem } from '../../core/intake/open-sealed.ts'
import { files, submissions } from '../../core/tables/index.ts'
import { makeLog } from '../../platform/log/log.ts'

const MB = 1024 * 1024
const REPORT = { name: 'Lò Văn Mẫu', phone: '0912345678', content: 'Hố ga mất nắp ở xã Mường Nhé' }
const BOUNDARY = 'boundary-of-the-tests'
const END = `--${BOUNDARY}--\r\n`

const logged: string[] = []
let t: TestServer
beforeAll(async () => {
  t = await testServer({ log: makeLog('info', { write: (line) => void logged.push(line) }) })
})
afterAll(() => t.close())

interface Photo {
  readonly field?: string
  readonly name: string
  readonly bytes: number
  /** What its first bytes are. */
  readonly head?: Buffer
}

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46])
const TEXT = Buffer.from('This is a text and no photo at all.')
const ZEROS = Buffer.alloc(MB)

function field(name: string, value: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

function* photo({ field: of = 'photos', name, bytes, head = JPEG }: Photo): Generator<string | Buffer> {
  yield `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${of}"; filename="${name}"\r\ncontent-type: image/jpeg\r\n\r\n`
  yield head.subarray(0, bytes)
  for (let left = bytes - head.length; left > 0; left -= MB) yield left < MB ? ZEROS.subarray(0, left) : ZEROS
  yield '\r\n'
}

function* form(fields: object, photos: readonly Photo[] = []): Generator<string | Buffer> {
  for (const [name, value] of Object.entries(fields)) yield field(name, String(value))
  for (const one of photos) yield* photo(one)
  yield END
}

interface Said {
  readonly status: number | undefined
  readonly body: {
    readonly code: string
    readonly type: string
    readonly errors?: readonly { field: string; message: string }[]
  }
}

function send(body: Iterable<string | Buffer>, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
  return new Promise((resolve, reject) => {
    const sent = request(`${t.url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
    })
    sent.on('error', reject)
    sent.on('response', (answer) => void heard(answer).then(resolve, reject))
    Readable.from(body).pipe(sent)
  })
}

async function heard(answer: IncomingMessage): Promise<Said> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return { status: answer.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) as Said['body'] }
}

async function stored(): Promise<{ submissions: number; files: number }> {
  const { rows } = await t.ports.db.execute<{ submissions: number; files: number }>(
    sql`select (select count(*)::int from submission) as submissions, (select count(*)::int from file) as files`,
  )
  return rows[0]!
}

async function itemOf(code: string) {
  const [row] = await t.ports.db.select().from(submissions).where(eq(submissions.code, code))
  return (await openItem(t.ports.db, t.ports.secrets, row!))!.item
}

describe('a form with photos', () => {
  it('is stored with them, sealed, under the names that their sender gave', async () => {
    const photos = [
      { name: 'ổ gà trước nhà.jpg', bytes: 2000 },
      { name: 'C:\\Anh\\2.jpg', bytes: 3000 },
      { name: '', bytes: 0 }, // a file input left empty
    ]
    const { status, body } = await send(form({ ...REPORT, lat: '21,4', lng: '103.0', identitySecret: 'on' }, photos))
    expect(status).toBe(201)
    expect(await itemOf(body.code)).toMatchObject({
      content: REPORT.content,
      point: { lat: 21.4, lng: 103 },
      files: [
        { name: 'ổ gà trước nhà.jpg', type: 'image/jpeg', size: 2000 },
        { name: '2.jpg', type: 'image/jpeg', size: 3000 },
      ],
    })
  })

  it('takes a part of bytes without a file name', async () => {
    const bare = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="photo"\r\ncontent-type: application/octet-stream\r\n\r\n`
    const fields = Object.entries(REPORT).map(([name, value]) => field(name, value))
    const { status, body } = await send([...fields, bare, JPEG, '\r\n', END])
    expect(status).toBe(201)
    expect((await itemOf(body.code)).files).toMatchObject([{ name: 'photo', type: 'image/jpeg' }])
  })

  it('is one submission when it is sent twenty times at once under one key', async () => {
    const before = await stored()
    const key = { 'idempotency-key': randomUUID() }
    const all = await Promise.all(
      Array.from({ length: 20 }, () => send(form(REPORT, [{ name: '1.jpg', bytes: 5000 }]), key)),
    )
    expect(new Set(all.map(({ status, body }) => `${status} ${body.code}`)).size).toBe(1)
    expect(await stored()).toEqual({ submissions: before.submissions + 1, files: before.files + 1 })
    const other = await send(form(REPORT, [{ name: '1.jpg', bytes: 5001 }]), key)
    expect(other).toMatchObject({ status: 422, body: { type: 'urn:paht:problem:other-content' } })
  })
})

describe('a form at a limit', () => {
  it('holds twenty files, one of them of 25 MB', async () => {
    const small = Array.from({ length: 19 }, (_, i) => ({ name: `${i}.jpg`, bytes: 100 }))
    const { status, body } = await send(form(REPORT, [...small, { name: 'big.jpg', bytes: 25 * MB }]))
    expect(status).toBe(201)
    expect((await itemOf(body.code)).files).toHaveLength(20)
  })

  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `${i}.jpg`, bytes: 100 }))
  it.each<[string, readonly Photo[], { field: string; message: string }]>([
    [
      'a file of 25 MB and a byte',
      [{ field: 'video', name: 'big.jpg', bytes: 25 * MB + 1 }],
      { field: 'video', message: 'File "big.jpg" is larger than 25 MB.' },
    ],
    [
      'a file of 40 MB before a small one',
      [
        { field: 'video', name: 'big.jpg', bytes: 40 * MB },
        { name: 'small.jpg', bytes: 100 },
      ],
      { field: 'video', message: 'File "big.jpg" is larger than 25 MB.' },
    ],
    ['21 files', many(21), { field: 'photos', message: 'At most 20 files at a time.' }],
    ['40 files', many(40), { field: 'photos', message: 'At most 20 files at a time.' }],
    [
      'files of 100 MB and a byte together',
      [...Array.from({ length: 4 }, () => ({ name: 'a.jpg', bytes: 25 * MB })), { name: 'last.jpg', bytes: 11 }],
      { field: 'photos', message: 'All files together are larger than 100 MB.' },
    ],
  ])('is refused aloud above it, and nothing of it is referenced: %s', async (_, photos, error) => {
    const before = await stored()
    const said = await send(form(REPORT, photos), { 'accept-language': 'en' })
    expect(said).toMatchObject({ status: 413, body: { type: 'urn:paht:problem:too-large', errors: [error] } })
    expect(await stored()).toEqual(before)
  })

  it.each<[string, object, number]>([
    ['31 fields', Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`f${i}`, 'x'])), 413],
    ['a field over the cap', { ...REPORT, remark: 'x'.repeat(300 * 1024) }, 400],
    ['a text over the cap', { ...REPORT, content: 'x'.repeat(300 * 1024) }, 400],
    ['a field that every object has', { ...REPORT, ['__proto__']: 'x' }, 400],
    ['a field called constructor', { ...REPORT, constructor: 'x' }, 400],
  ])('is refused aloud, never truncated: %s', async (_, fields, status) => {
    const said = await send(form(fields))
    expect(said.status).toBe(status)
    expect(said.body.errors?.length ?? 1).toBe(1)
  })
})

describe('a field that calls itself JSON', () => {
  const json = (name: string, value: string) =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\ncontent-type: application/json\r\n\r\n${value}\r\n`
  const rest = () => Object.entries(REPORT).map(([name, value]) => field(name, value))

  it('may be a value', async () => {
    const { status, body } = await send([
      ...rest(),
      json('lat', '21.4'),
      json('lng', '103'),
      json('identitySecret', 'true'),
      END,
    ])
    expect(status).toBe(201)
    expect(await itemOf(body.code)).toMatchObject({ point: { lat: 21.4, lng: 103 }, identitySecret: true })
  })

  it.each<[string, string]>([
    ['a list', '["x"]'],
    ['an object', '{"x":1}'],
    ['a nest without end', `${'['.repeat(60_000)}${']'.repeat(60_000)}`],
  ])('may not be more: %s', async (_, value) => {
    const said = await send([...rest(), json('remark', value), END])
    expect([said.status, said.body.errors?.map((error) => error.field)]).toEqual([400, ['remark']])
  })

  it('must be JSON', async () => {
    expect(await send([...rest(), json('remark', '{'), END])).toMatchObject({ status: 400 })
  })
})

describe('a file that is no photo', () => {
  it('is refused by its bytes, with its name, together with what is wrong with the fields', async () => {
    const before = await stored()
    const wrong = [
      { field: 'photo-1', name: 'đơn thư.jpg', bytes: 35, head: TEXT },
      { name: 'fine.jpg', bytes: 500 },
      { field: 'photo-2', name: 'empty.jpg', bytes: 0 },
    ]
    const said = await send(form({ ...REPORT, phone: '1' }, wrong), { 'accept-language': 'en' })
    expect(said).toMatchObject({ status: 400, body: { type: 'urn:paht:problem:invalid' } })
    expect(said.body.errors).toEqual([
      { field: 'phone', message: 'Not a Vietnamese phone number. Example: 0912 345 678.' },
      { field: 'photo-1', message: 'File "đơn thư.jpg" is neither a photo nor a video.' },
      { field: 'photo-2', message: 'File "empty.jpg" is neither a photo nor a video.' },
    ])
    expect(await stored()).toEqual(before)
  })

  it.each<[string, Buffer]>([
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a drawing with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['a program', Buffer.from('MZ\x90\0\x03\0\0\0')],
  ])('is refused whatever it calls itself: %s', async (_, head) => {
    const said = await send(form(REPORT, [{ name: 'photo.jpg', bytes: head.length, head }]))
    expect(said.status).toBe(400)
  })
})

describe('a form that breaks off', () => {
  const whole = Buffer.concat([...form(REPORT, [{ name: '1.jpg', bytes: 50_000 }])].map((part) => Buffer.from(part)))

  it.each<[string, Buffer | string, Record<string, string>]>([
    ['in the middle of a file', whole.subarray(0, 20_000), {}],
    ['in the middle of a field', whole.subarray(0, 100), {}],
    ['before its end', whole.subarray(0, whole.length - END.length), {}],
    ['without its boundary', whole, { 'content-type': 'multipart/form-data' }],
    ['with another boundary', whole, { 'content-type': 'multipart/form-data; boundary=other' }],
    ['as noise', 'x'.repeat(5000), {}],
  ])('is unreadable, and no fault of ours: %s', async (_, body, headers) => {
    const before = await stored()
    logged.length = 0
    const said = await send([body], headers)
    expect(said).toMatchObject({ status: 400, body: { type: 'urn:paht:problem:unreadable' } })
    expect(await stored()).toEqual(before)
    expect(logged).toEqual([])
  })

  it('by its sender going away leaves no submission, and nothing half written', async () => {
    const before = await stored()
    logged.length = 0
    const broken = new Promise((resolve) =>
      t.app.server.once('connection', (socket: Socket) => socket.once('close', resolve)),
    )
    const sent = connect(Number(new URL(t.url).port), '127.0.0.1')
    const head = `POST /api/v1/reports HTTP/1.1\r\nhost: hub\r\ncontent-type: multipart/form-data; boundary=${BOUNDARY}\r\n`
    sent.write(`${head}content-length: ${whole.length}\r\n\r\n`)
    sent.write(whole.subarray(0, 30_000), () => sent.destroy())
    await broken
    // Behind the broken one in the same process: by its answer the broken one is over, too.
    expect((await send(form(REPORT))).status).toBe(201)
    expect(await stored()).toEqual({ ...before, submissions: before.submissions + 1 })
    expect(logged.filter((line) => !line.includes('submission.stored'))).toEqual([])
  })
})

describe('what refused forms left on the disk', () => {
  it('goes with the next sweep, and what is referenced stays', async () => {
    const referenced = await t.ports.db.select({ id: files.id }).from(files)
    const known = new Set(referenced.map(({ id }) => id))
    const { removed } = await t.ports.files.sweep({
      olderThan: new Date('2100-01-01'),
      isReferenced: async (ids) => new Set(ids.filter((id) => known.has(id))),
    })
    expect(removed).toBeGreaterThan(0)
    const left = await readdir(`${t.dataDir}/files`, { recursive: true })
    expect(new Set(left.map((path) => path.split('/').at(-1)!).filter((name) => name.length === 64))).toEqual(known)
  })
})
