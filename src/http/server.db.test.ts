import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../test/support/server.ts'
import { until } from '../../test/support/until.ts'
import { makeAccept } from '../core/intake/accept.ts'
import { sourceStore } from '../core/intake/source-store.ts'
import { openDatabase } from '../platform/database/database.ts'
import { loadLocales } from '../platform/locales/locales.ts'
import { makeLog } from '../platform/log/log.ts'
import { makeServer } from './server.ts'

const PERSON = { name: 'Vàng Thị Kiểm', phone: '0987654321', email: 'kiem.vang@example.vn' }
const REPORT = { ...PERSON, content: 'Hố ga mất nắp ở xã Mường Nhé, gọi 0987.654.321' }
const STACK = /\bat .*:\d+:\d+|node_modules|\.ts\b|select |postgres/i

const logged: string[] = []
let t: TestServer
beforeAll(async () => {
  t = await testServer({ log: makeLog('info', { write: (line) => void logged.push(line) }) })
})
afterAll(() => t.close())

function send(url: string, body: object = REPORT): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/api/v1/reports`, { method: 'POST', headers, body: JSON.stringify(body) })
}

describe('for a load balancer and a monitor', () => {
  it('the server is alive and ready', async () => {
    expect(await (await fetch(`${t.url}/healthz`)).json()).toEqual({ ok: true })
    expect(await (await fetch(`${t.url}/readyz`)).json()).toEqual({ ok: true, database: 'there' })
  })

  it('figures and log hold nothing of who sent what', async () => {
    const taken = (figures: string) =>
      Number(/paht_submissions_total\{channel="portal",result="fresh"\} (\d+)/.exec(figures)?.[1] ?? 0)
    // The figures are of the whole process.
    const before = taken(await (await fetch(`${t.url}/metrics`)).text())
    const { code } = (await (await send(t.url)).json()) as { code: string }
    await t.work()
    await fetch(`${t.url}/api/v1/reports/${code}?phone=4321`)
    const answer = await fetch(`${t.url}/metrics`)
    const metrics = await answer.text()
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(taken(metrics)).toBe(before + 1)
    expect(logged.join('')).toContain(code)
    expect(metrics).not.toContain(code)
    for (const said of [metrics, logged.join('')]) expect(said).not.toMatch(/Kiểm|kiem\.vang|0?987[ .]?654|Mường Nhé/)
  })
})

describe('what is not served', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/api/v1'],
    ['GET', '/api/v1/reports'],
    ['GET', '/api/v2/reports'],
    ['DELETE', '/api/v1/cases/1'],
    ['GET', '/hooks/links/own'],
    ['GET', '/docs/../../package.json'],
    ['GET', '/files/..%2f..%2fsecret.key'],
    ['GET', `/api/v1/reports/${'A'.repeat(500)}`],
    ['GET', '/%'],
    ['POST', '/api/v1/nothing'],
  ])('is a problem and nothing else: %s %s', async (method, path) => {
    const answer = await fetch(t.url + path, { method })
    expect([400, 401, 404, 414]).toContain(answer.status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(await answer.text()).not.toMatch(STACK)
  })
})

it.each([
  ['vi', 'Không có trang này.'],
  ['en', 'There is no such page.'],
])('what is not there is named in the language of the asker: %s', async (language, title) => {
  const answer = await fetch(`${t.url}/nothing`, { headers: { 'accept-language': language } })
  expect(await answer.json()).toMatchObject({ title })
})

describe('a fault of ours', () => {
  it('is said without its stack, and logged with it', async () => {
    await t.ports.db.execute(sql`alter table "case" rename to case_away`)
    const answer = await fetch(`${t.url}/api/v1/cases`, { headers: t.staff })
    await t.ports.db.execute(sql`alter table case_away rename to "case"`)
    expect(answer.status).toBe(500)
    const said = await answer.text()
    expect(JSON.parse(said)).toEqual({
      type: 'urn:paht:problem:ours',
      title: 'Có lỗi ở hệ thống, chúng tôi đã được báo.',
      status: 500,
    })
    expect(logged.at(-1)).toMatch(STACK)
    expect(logged.at(-1)).toContain('"msg":"request.failed"')
  })
})

it('what still comes while the server stops is answered as ever', async () => {
  const translate = await loadLocales(join(import.meta.dirname, '../../locales'))
  const app = await makeServer({
    ports: t.ports,
    translate,
    accept: makeAccept(t.ports),
    sources: sourceStore(t.ports),
  })
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n')
  await once(app.server, 'connection')
  const closed = app.close()
  await until('it stops', () => !app.server.listening || undefined)
  socket.write('\r\n')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
  socket.destroy()
  await closed
})

describe('while something is away', () => {
  let app: FastifyInstance
  let url: string
  beforeAll(async () => {
    const translate = await loadLocales(join(import.meta.dirname, '../../locales'))
    const db = openDatabase({ connection: { host: '127.0.0.1', port: 1 }, poolSize: 2, log: () => undefined })
    const write = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
    const ports = { ...t.ports, db, files: { ...t.ports.files, write } }
    app = await makeServer({ ports, translate, accept: makeAccept(ports), sources: sourceStore(t.ports) })
    url = await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(() => app.close())

  it.each<[string, () => Promise<Response>]>([
    ['a report', () => send(url)],
    ['the reporter’s view', () => fetch(`${url}/api/v1/reports/DB-26-2222-2222?phone=1234`)],
    ['the work of staff', () => fetch(`${url}/api/v1/cases`, { headers: t.staff })],
    ['an office', () => fetch(`${url}/hooks/links/own`, { method: 'POST' })],
  ])('with the database, %s is asked to come again, within 2 s', async (_, ask) => {
    const started = performance.now()
    const answer = await ask()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toMatchObject({ type: 'urn:paht:problem:away' })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('with the disk, a report with a photo is asked to come again', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(REPORT)) form.append(name, value)
    form.append('photo', new Blob(['x']), 'photo.jpg')
    const answer = await fetch(`${url}/api/v1/reports`, { method: 'POST', body: form })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(logged.at(-1)).toContain('"msg":"disk.away"')
  })

  it('the server is alive and not ready', async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
  })

  it('a report that must be mended is told so all the same', async () => {
    expect((await send(url, { ...REPORT, phone: '1' })).status).toBe(400)
  })
})
