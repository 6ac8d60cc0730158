import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { TABLES } from '../../core/backup/tables.ts'
import { forgetLargeFiles } from '../../core/intake/large-files.ts'
import { dataKeyOf } from '../../core/intake/open-sealed.ts'
import { eraseReporter } from '../../core/reading/erase.ts'
import { dataKeys, envelopes, files, largeFiles, reports, submissions } from '../../core/tables/index.ts'

const REPORT = { name: 'Lò Văn Mẫu', phone: '0912345678', content: 'Hố ga mất nắp' }

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

describe('where the phone is', () => {
  const PIN = { lat: 21.386, lng: 103.016 }
  const PHONE = { deviceLat: 21.987654, deviceLng: 103.123456 }
  const MARKS = ['21.987654', '103.123456', 'deviceL']

  it('is nowhere in the database, sealed or not, in no column and in no body; the pin is', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries({ ...REPORT, ...PIN, ...PHONE })) form.append(name, String(value))
    const json = JSON.stringify({ ...REPORT, ...PIN, ...PHONE }).replace('deviceLat', 'device\\u004cat')
    for (const sent of [{ body: form }, { body: json, headers: { 'content-type': 'application/json' } }])
      expect((await fetch(`${t.url}/api/v1/reports`, { method: 'POST', ...sent })).status).toBe(201)
    await t.work()
    const dump = await everything()
    expect(dump).toContain('"lat":21.386')
    expect(dump).toContain('"lat":"21.386"')
    for (const mark of MARKS) expect(dump).not.toContain(mark)
    expect(await t.ports.db.select({ lat: reports.lat, lng: reports.lng }).from(reports)).toEqual([PIN, PIN])
  })

  /** All rows of all tables as text, and all that is sealed opened. */
  async function everything(): Promise<string> {
    const { db, secrets } = t.ports
    const texts: string[] = []
    for (const { quoted } of TABLES) {
      const { rows } = await db.execute<{ row: string }>(sql`select t::text as row from ${sql.raw(quoted)} t`)
      texts.push(...rows.map(({ row }) => row))
    }
    for (const { id, keyId, body } of await db.select().from(envelopes))
      texts.push(secrets.open((await dataKeyOf(db, secrets, keyId))!, body, `envelope:${id}`).toString())
    for (const { id, keyId, item } of await db.select().from(submissions))
      texts.push(secrets.open((await dataKeyOf(db, secrets, keyId))!, item, `submission:${id}`).toString())
    return texts.join('\n')
  }
})

it('a line that breaks once all was sent, before anything was heard: sent again, it is one report', async () => {
  const before = await t.ports.db.$count(submissions)
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'b7c1' }
  const body = JSON.stringify({ ...REPORT, content: 'Cây đổ chắn đường' })
  const { hostname, port } = new URL(t.url)
  const line = connect(Number(port), hostname)
  await once(line, 'connect')
  const head = Object.entries({ ...headers, host: hostname, 'content-length': Buffer.byteLength(body) })
  line.write(`POST /api/v1/reports HTTP/1.1\r\n${head.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n${body}`, () =>
    line.destroy(),
  )
  await vi.waitFor(async () => expect(await t.ports.db.$count(submissions)).toBe(before + 1), { interval: 5 })
  const again = async () => {
    const answer = await fetch(`${t.url}/api/v1/reports`, { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
    return ((await answer.json()) as { code: string }).code
  }
  const codes = await Promise.all([again(), again()])
  const stored = await t.ports.db.select({ code: submissions.code }).from(submissions)
  expect(stored).toHaveLength(before + 1)
  expect(codes).toEqual([codes[0], codes[0]])
  expect(stored).toContainEqual({ code: codes[0] })
})

describe('a video that is sent in pieces', () => {
  const MB = 1024 * 1024
  const TUS = { 'tus-resumable': '1.0.0' }
  /** Begins as a video does. */
  const video = (bytes: number) =>
    Buffer.concat([Buffer.from('000000186674797069736f6d', 'hex'), randomBytes(bytes - 12)])
  const LONG = video(26 * MB)
  let long: string

  async function begin(size: number): Promise<Response> {
    const name = Buffer.from('Cầu sập.mp4').toString('base64')
    const headers = { ...TUS, 'upload-length': String(size), 'upload-metadata': `filename ${name}` }
    return fetch(`${t.url}/api/v1/reports/large-files`, { method: 'POST', headers })
  }

  async function beginOne(size: number): Promise<string> {
    const answer = await begin(size)
    expect(answer.status).toBe(201)
    return answer.headers.get('location')!.split('/').at(-1)!
  }

  async function patch(id: string, at: number, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const headers = { ...TUS, 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' }
    return (await fetch(`${t.url}/api/v1/reports/large-files/${id}`, { method: 'PATCH', headers, body: bytes })).status
  }

  async function offsetOf(id: string): Promise<number | string> {
    const { status, headers } = await fetch(`${t.url}/api/v1/reports/large-files/${id}`, {
      method: 'HEAD',
      headers: TUS,
    })
    return status === 200 ? Number(headers.get('upload-offset')) : status
  }

  async function report(uploads: readonly string[] | string, more: object = {}, key?: string) {
    const answer = await fetch(`${t.url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
      body: JSON.stringify({ ...REPORT, content: 'Cầu sập', uploads, ...more }),
    })
    const said = (await answer.json()) as { code?: string; errors?: { field: string; message: string }[] }
    return { status: answer.status, code: said.code, wrong: said.errors?.map(({ field }) => field) }
  }

  it('goes on where the line broke, not from the start', async () => {
    long = await beginOne(LONG.length)
    const { hostname, port } = new URL(t.url)
    const line = connect(Number(port), hostname)
    await once(line, 'connect')
    const head = { ...TUS, host: hostname, 'upload-offset': 0, 'content-length': LONG.length }
    const lines = Object.entries({ ...head, 'content-type': 'application/offset+octet-stream' })
    line.write(
      `PATCH /api/v1/reports/large-files/${long} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`,
    )
    line.write(LONG.subarray(0, 9 * MB), () => line.destroy())
    const arrived = await vi.waitFor(
      async () => {
        const at = Number(await offsetOf(long))
        expect(at).toBeGreaterThanOrEqual(8 * MB)
        return at
      },
      { interval: 20, timeout: 10_000 },
    )
    expect(arrived).toBeLessThanOrEqual(9 * MB)
    expect((await report([long])).wrong).toEqual(['uploads'])
    expect(await patch(long, 5, LONG.subarray(5))).toBe(409)
    await vi.waitFor(
      async () => {
        const at = Number(await offsetOf(long))
        expect(await patch(long, at, LONG.subarray(at))).toBe(204)
      },
      { interval: 50, timeout: 20_000 },
    )
    expect(await offsetOf(long)).toBe(LONG.length)
  })

  it('lies there sealed, and becomes a file of the report that names it, once', async () => {
    const stored = await t.ports.db.select().from(files).where(eq(files.variant, 'piece'))
    expect(stored.length).toBeGreaterThan(5)
    const sent = await Promise.all([report([long]), report(long)])
    expect(sent[0]).toMatchObject({ status: 201, code: sent[1]!.code })
    // Nothing was heard, so it is sent again.
    expect(await report([long])).toEqual(sent[0])
    expect((await report([long], { content: 'Việc khác' })).code).toBeUndefined()
    expect((await report([long.toUpperCase()], {}, 'another')).wrong).toEqual(['uploads'])
    await t.work()
    const [submission] = await t.ports.db.select().from(submissions).where(eq(submissions.code, sent[0]!.code!))
    const own = await t.ports.db.select().from(files).where(eq(files.submissionId, submission!.id))
    expect(own).toMatchObject([{ variant: 'original', size: LONG.length, type: 'video/mp4' }])
    expect(own[0]!.notClean).toBe('larger than can be cleaned')
    const key = (await dataKeyOf(t.ports.db, t.ports.secrets, submission!.keyId))!
    expect((await buffer(await t.ports.files.read(own[0]!.id, key))).equals(LONG)).toBe(true)
    expect(await t.ports.db.$count(files, eq(files.variant, 'piece'))).toBe(0)
    const [upload] = await t.ports.db.select().from(largeFiles).where(eq(largeFiles.id, long))
    await eraseReporter(t.ports, 'system', { code: sent[0]!.code!, why: 'asked for' })
    expect(await t.ports.files.stat(own[0]!.id)).toBeUndefined()
    expect(await t.ports.db.$count(dataKeys, eq(dataKeys.id, upload!.keyId))).toBe(0)
    expect((await report([long])).wrong).toEqual(['uploads'])
  })

  it('is refused where it is larger than may be, or than was said', async () => {
    expect((await begin(500 * MB + 1)).status).toBe(413)
    const id = await beginOne(10)
    expect(await patch(id, 0, video(20))).toBe(413)
    expect(await offsetOf(id)).toBe(0)
  })

  it('of somebody else cannot be found by trying, nor can anything that is none', async () => {
    for (const id of [randomUUID(), 'x', '..%2f..%2fsecret.key', `${randomUUID()}'`]) {
      expect([await offsetOf(id), await patch(id, 0, video(20))]).toEqual([404, 404])
      expect((await report([id])).wrong?.every((field) => field.startsWith('uploads'))).toBe(true)
    }
    expect((await report(Array.from({ length: 6 }, () => randomUUID()))).status).toBe(400)
  })

  it('is neither photo nor video: the report hears it', async () => {
    const id = await beginOne(20)
    expect(await patch(id, 0, Buffer.from('x'.repeat(20)))).toBe(204)
    expect((await report([id])).wrong).toEqual(['uploads'])
  })

  it('is forgotten a day later, with its key and its bytes', async () => {
    const id = await beginOne(40)
    expect(await patch(id, 0, video(20))).toBe(204)
    const [row] = await t.ports.db.select().from(largeFiles).where(eq(largeFiles.id, id))
    t.clock.move(24 * 3600_000 + 1)
    expect(await offsetOf(id)).toBe(404)
    expect((await report([id])).wrong).toEqual(['uploads'])
    await forgetLargeFiles(t.ports)
    expect(await t.ports.db.$count(largeFiles)).toBe(0)
    expect(await t.ports.db.$count(files, eq(files.submissionId, id))).toBe(0)
    expect(await t.ports.db.$count(dataKeys, eq(dataKeys.id, row!.keyId))).toBe(0)
  })
})
