import { connect } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { openItem } from '../../core/intake/open-sealed.ts'
import { submissions } from '../../core/tables/index.ts'
import { parseCode } from '../../normalize/code.ts'

const REPORT = { name: 'Lò Văn Mẫu', phone: '0912 345 678', content: 'Hố ga mất nắp ở xã Mường Nhé' }
const DAY = 24 * 3600_000

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

interface Said {
  readonly status: number
  readonly type: string | null
  readonly body: {
    readonly code: string
    readonly title: string
    readonly message: string
    readonly link: string
    readonly errors?: readonly { readonly field: string; readonly message: string }[]
  }
}

async function post(body: string | object, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: (await answer.json()) as Said['body'],
  }
}

const fieldsOf = ({ body }: Said) => body.errors?.map(({ field }) => field)

async function countSubmissions(): Promise<number> {
  const { rows } = await t.ports.db.execute<{ count: number }>(sql`select count(*)::int as count from submission`)
  return rows[0]!.count
}

describe('a report that is taken', () => {
  it('is answered with a code that can be read over the phone and a link that opens it', async () => {
    const { status, body } = await post(REPORT)
    expect(status).toBe(201)
    expect(body).toEqual({
      code: expect.stringMatching(/^DB-26-[2-9A-Z]{4}-[2-9A-Z]{4}$/),
      status: 'received',
      link: expect.stringContaining(`http://localhost:8080/api/v1/reports/${body.code}?key=`),
      message: expect.stringContaining(body.code),
    })
    expect(parseCode(body.code)).toBe(body.code)
    const opened = await fetch(body.link.replace('http://localhost:8080', t.url))
    expect(await opened.json()).toMatchObject({ code: body.code, status: 'received' })
  })

  it('holds everything that the form offers', async () => {
    const all = {
      ...REPORT,
      email: 'Mau <mau@example.vn>',
      address: 'số 7 bản Nậm Pồ',
      lat: 22.1,
      lng: '102,5',
      category: 'Hạ tầng',
      title: 'Hố ga',
      identitySecret: true,
      contentSecret: 'on',
    }
    const { body } = await post(all)
    expect(await itemOf(body.code)).toMatchObject({
      sender: { name: all.name, phone: all.phone, email: all.email },
      point: { lat: 22.1, lng: 102.5 },
      category: all.category,
      address: all.address,
      title: all.title,
      identitySecret: true,
      contentSecret: true,
    })
  })

  it('takes what a form left empty for not sent', async () => {
    const { status, body } = await post({ ...REPORT, email: '', lat: '', lng: '', title: ' ', identitySecret: '' })
    expect(status).toBe(201)
    expect(Object.keys(await itemOf(body.code))).not.toContain('title')
  })
})

async function itemOf(code: string) {
  const rows = await t.ports.db.select().from(submissions)
  return (await openItem(t.ports.db, t.ports.secrets, rows.find((row) => row.code === code)!))!.item
}

describe('a report that must be mended', () => {
  it.each<[string, object, readonly string[]]>([
    ['nothing', {}, ['name', 'phone', 'content']],
    [
      'blanks that only look like text',
      { name: ' \u200b', phone: '\t', content: '\u00ad\n' },
      ['name', 'phone', 'content'],
    ],
    ['a number that is no phone', { ...REPORT, phone: '12345' }, ['phone']],
    ['a hotline for a phone', { ...REPORT, phone: '1022' }, ['phone']],
    ['a phone that is a number', { ...REPORT, phone: 912345678 }, ['phone']],
    ['an address without a domain', { ...REPORT, email: 'lan@' }, ['email']],
    ['half a pin', { ...REPORT, lat: 21.4 }, ['lat']],
    ['a pin off the earth', { ...REPORT, lat: 91, lng: -181 }, ['lat', 'lng']],
    ['a pin in words', { ...REPORT, lat: 'bắc', lng: 'đông' }, ['lat', 'lng']],
    ['a text beyond the limit', { ...REPORT, content: 'x'.repeat(10_001) }, ['content']],
    ['a text that is a list', { ...REPORT, content: ['x'] }, ['content']],
    ['a flag that is none', { ...REPORT, identitySecret: 'maybe' }, ['identitySecret']],
    ['null', { ...REPORT, name: null }, ['name']],
    [
      'all of it wrong',
      { name: 'x'.repeat(201), phone: '1', email: '@', content: '', lat: 200, lng: 200, contentSecret: {} },
      ['content', 'name', 'lat', 'lng', 'contentSecret', 'phone', 'email'],
    ],
  ])('hears of every field at once: %s', async (_, body, fields) => {
    const said = await post(body)
    expect(said).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8' })
    expect(said.body).toMatchObject({ type: 'urn:paht:problem:invalid', status: 400 })
    expect(fieldsOf(said)).toEqual(fields)
  })

  it('hears of it in Vietnamese, and in English where asked for', async () => {
    const wrong = { phone: '12', email: '@', lat: 1, content: 'x'.repeat(10_001), identitySecret: 'maybe' }
    const vietnamese = await post(wrong)
    const english = await post(wrong, { 'accept-language': 'en-GB,en;q=0.9,vi;q=0.8' })
    expect(vietnamese.body.title).toBe('Phản ánh chưa gửi được, xin sửa các mục được nêu.')
    expect(english.body.title).toBe('The report could not be sent, please correct the fields named.')
    expect(vietnamese.body.errors).toContainEqual({ field: 'content', message: 'Dài quá, nhiều nhất 10000 ký tự.' })
    expect(english.body.errors).toContainEqual({ field: 'content', message: 'Too long, at most 10000 characters.' })
    expect(fieldsOf(english)).toEqual(fieldsOf(vietnamese))
    for (const { message } of english.body.errors!) expect(message).toMatch(/^[A-Z][ -~]+\.$/)
    for (const [i, { message }] of vietnamese.body.errors!.entries())
      expect(message).not.toBe(english.body.errors![i]!.message)
  })
})

describe('a body that is hostile', () => {
  it.each<[string, string]>([
    ['nothing', ''],
    ['half a JSON', '{"name":'],
    ['a form in the clothes of JSON', 'name=a&phone=b'],
    ['bytes', '\u0000\u0001\u0002'],
  ])('is unreadable: %s', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { type: 'urn:paht:problem:unreadable' } })
  })

  it.each<[string, string]>([
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['a list of reports', JSON.stringify([REPORT])],
    ['a text', '"x"'],
  ])('is no form: %s', async (_, body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { type: 'urn:paht:problem:invalid' } })
  })

  it.each(['name', 'phone', 'email', 'lat', 'content', 'identitySecret', 'unknown'])(
    'is nested without end in %s',
    async (field) => {
      const nest = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
      const said = await post(JSON.stringify({ ...REPORT, [field]: '#' }).replace('"#"', nest))
      expect(said.status).toBe(field === 'unknown' ? 201 : 400)
    },
  )

  it.each(['phone', 'email', 'name'])('has an object in %s that turns into no text', async (field) => {
    const said = await post({ ...REPORT, [field]: { toString: 1, valueOf: 1, length: 3 } })
    expect(fieldsOf(said)).toEqual([field])
  })

  it('names what every object has', async () => {
    const said = await post('{"__proto__":{"name":"x"},"constructor":{"phone":"1"},"content":"x"}')
    expect(fieldsOf(said)).toEqual(['name', 'phone'])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/jsonp', 'x'])(
    'comes as %s',
    async (type) => {
      const said = await post(REPORT, { 'content-type': type })
      expect(said).toMatchObject({ status: 415, body: { type: 'urn:paht:problem:unsupported-type' } })
    },
  )
})

describe('a body over the cap', () => {
  const body = JSON.stringify({ ...REPORT, content: 'x'.repeat(3 * 1024 * 1024) })
  const head = 'POST /api/v1/reports HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\n'

  it.each<[string, string]>([
    ['announced', `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`],
    [
      'in chunks',
      `${head}transfer-encoding: chunked\r\n\r\n${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ],
  ])('is refused aloud, and its sender may finish sending before it listens: %s', async (_, request) => {
    const said = await sendAllThenListen(request)
    expect(said).toMatch(/^HTTP\/1\.1 413 /)
    expect(said).toContain('urn:paht:problem:too-large')
  })

  it('leaves the connection for the next report', async () => {
    const small = JSON.stringify(REPORT)
    const next = `${head}connection: close\r\ncontent-length: ${Buffer.byteLength(small)}\r\n\r\n${small}`
    const said = await sendAllThenListen(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}${next}`)
    expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 201'])
  })
})

/** As simple clients do: nothing is read until all is written; a reset fails the test. */
async function sendAllThenListen(request: string): Promise<string> {
  const socket = connect(Number(new URL(t.url).port), '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.write(request, () => resolve())
  })
  const answers = request.split('POST /').length - 1
  let said = ''
  for await (const chunk of socket) {
    said += String(chunk)
    if ((said.match(/HTTP\/1\.1 \d+.*?\r\n\r\n\{.*?\}/gs) ?? []).length === answers) break
  }
  socket.destroy()
  return said
}

describe('an Idempotency-Key', () => {
  it('makes the same report sent twenty times at once one submission with one code', async () => {
    const before = await countSubmissions()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => post(REPORT, { 'idempotency-key': 'twenty at once' })),
    )
    expect(new Set(all.map(({ status, body }) => `${status} ${body.code}`)).size).toBe(1)
    expect(all[0]!.status).toBe(201)
    expect(await countSubmissions()).toBe(before + 1)
  })

  it('refuses another content under it, even one more comma', async () => {
    const key = { 'idempotency-key': 'other content' }
    const first = await post(REPORT, key)
    const other = await post({ ...REPORT, content: `${REPORT.content},` }, key)
    expect(other).toMatchObject({ status: 422, body: { type: 'urn:paht:problem:other-content' } })
    expect(await post(REPORT, key)).toEqual(first)
  })

  it('holds a month later, and a year', async () => {
    const key = { 'idempotency-key': 'a month later' }
    const first = await post(REPORT, key)
    const before = await countSubmissions()
    t.clock.move(31 * DAY)
    expect(await post(REPORT, key)).toEqual(first)
    t.clock.move(365 * DAY)
    expect(await post(REPORT, key)).toEqual(first)
    expect(await countSubmissions()).toBe(before)
    t.clock.move(-396 * DAY)
  })

  it('is another when it differs behind its two hundredth character', async () => {
    const key = (end: string) => ({ 'idempotency-key': 'k'.repeat(200) + end })
    const [one, other] = [await post(REPORT, key('a')), await post({ ...REPORT, content: 'Khác' }, key('b'))]
    expect([one.status, other.status]).toEqual([201, 201])
    expect(one.body.code).not.toBe(other.body.code)
  })

  it('is not there: each report is a submission of its own', async () => {
    const [one, other] = await Promise.all([post(REPORT), post(REPORT)])
    expect(one.body.code).not.toBe(other.body.code)
  })

  it('does not stand for a report that was refused under it', async () => {
    const key = { 'idempotency-key': 'mended' }
    expect((await post({ ...REPORT, phone: '1' }, key)).status).toBe(400)
    expect((await post(REPORT, key)).status).toBe(201)
  })
})

describe('text that databases choke on', () => {
  const NFD = 'Hố ga mất nắp'.normalize('NFD')

  it.each<[string, string, string]>([
    ['accents apart from their letters', NFD, 'Hố ga mất nắp'],
    ['a family in one glyph', 'Cháy 👩‍👩‍👧‍👦 nhà', 'Cháy 👩‍👩‍👧‍👦 nhà'],
    ['a NUL', 'Hố\u0000ga', 'Hốga'],
    ['half a surrogate pair', 'Hố \ud800 ga \udc00', 'Hố \ufffd ga \ufffd'],
    ['every control character', `Hố${String.fromCharCode(...Array(32).keys())}ga`, 'Hố\t\n\n\n\nga'],
    ['the way of writing turned round', 'Hố \u202eag\u202c ga', 'Hố ag ga'],
    ['what i18next would fill in', '{{agency}} $t(problem:ours)', '{{agency}} $t(problem:ours)'],
    ['what SQL would end on', "'); drop table report; --", "'); drop table report; --"],
  ])('costs no report: %s', async (_, written, read) => {
    const all = { ...REPORT, content: written, title: written, address: written, category: written.slice(0, 60) }
    const { status, body } = await post({ ...all, name: 'Lò Văn Mẫu \u0000\ud800' })
    expect(status).toBe(201)
    await t.work()
    const { rows } = await t.ports.db.execute(sql`select title, text, address from report where code = ${body.code}`)
    expect(rows).toEqual([{ title: read, text: read, address: read }])
    const view = await fetch(body.link.replace('http://localhost:8080', t.url))
    expect(await view.json()).toMatchObject({ title: read })
  })
})
