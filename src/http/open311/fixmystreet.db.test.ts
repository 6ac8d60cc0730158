import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { and, eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk } from '../../../test/support/desk.ts'
import { client, makeClient, type Sending } from '../../../test/support/open311/client.ts'
import { openItem } from '../../core/intake/open-sealed.ts'
import { eraseReporter } from '../../core/reading/erase.ts'
import { files, notices, reports, submissions } from '../../core/tables/index.ts'

/**
 * The walk of FixMyStreet's back end (perllib/Open311.pm and its users): XML alone, paths put behind the endpoint as it is, the key with every POST
 * and with the question for updates, and with nothing else.
 */
const KEY = 'key-of-fixmystreet-1'
const JURISDICTION = { jurisdiction_id: 'fms.example' }
const EXTENDED = { jurisdiction_id: 'extended.example' }
const DAY_MS = 24 * 3600_000

let desk: Desk
let fms: ReturnType<typeof client>
let photo: Buffer
const site = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photo)
})
let photoUrl: string

beforeAll(async () => {
  photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'blue' } })
    .jpeg()
    .toBuffer()
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  photoUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/photo/9.0.full.jpeg?4f2a`
  desk = await openDesk({ profile: 'hcmc' })
  await makeClient(desk, 'fms', { jurisdictionId: 'fms.example', apiKey: KEY, allow: ['127.0.0.0/8'] })
  const apiKey = 'key-of-an-extended-2'
  await makeClient(desk, 'extended', { jurisdictionId: 'extended.example', apiKey, extendedStatuses: true })
  fms = client(desk.url, JURISDICTION)
})
afterAll(async () => {
  site.close()
  await desk.close()
})

let problems = 0
/** As `send_service_request` makes it of a problem with its extra fields; gives the id that it would keep. */
async function send(more: Sending = {}): Promise<string> {
  const id = ++problems
  const { status, body } = await fms.post('requests.xml', {
    ...{
      api_key: KEY,
      service_code: 'infrastructure',
      first_name: 'Lò',
      last_name: 'Văn Mẫu',
      email: 'mau@example.vn',
    },
    ...{ lat: (10.5 + id / 20).toFixed(2), long: '106.7009', media_url: photoUrl },
    description: `Ổ gà số ${id}\n\nSâu nửa mét trước cổng trường\n\nhttps://fms.example/report/${id}\n`,
    'attribute[fixmystreet_id]': `${id}`,
    ...more,
  })
  expect(status).toBe(200)
  return body.request[0].service_request_id
}

/** As `DateTime::Format::W3CDTF` writes it. */
const w3c = (at: Date) => at.toISOString().replace(/\.\d+Z$/, 'Z')

/** As `GetServiceRequestUpdates` asks: the last two hours; what lies outside of what was asked it drops. */
async function fetchUpdates(standing: Sending = { ...JURISDICTION, api_key: KEY }) {
  const end = desk.clock.now()
  const [from, to] = [w3c(new Date(end.getTime() - 2 * 3600_000)), w3c(end)]
  const query = { ...standing, start_date: from, end_date: to }
  const { status, body } = await client(desk.url).get('servicerequestupdates.xml', query)
  expect(status).toBe(200)
  const all: Readonly<Record<string, string>>[] = body === '' ? [] : body.request_update
  const kept = all.filter(({ updated_datetime: at = '' }) => {
    const updated = w3c(new Date(at))
    return updated >= from && updated <= to
  })
  expect(kept).toEqual(all)
  return all
}

const about = async (code: string, standing?: Sending) =>
  (await fetchUpdates(standing)).filter((update) => update['service_request_id'] === code)

async function reportOf(code: string) {
  const [report] = await desk.ports.db.select().from(reports).where(eq(reports.code, code))
  return report!
}

/** As `post_service_request_update` makes it of a comment. */
const comment = (code: string, more: Sending = {}): Sending => ({
  ...{
    api_key: KEY,
    service_request_id: code,
    update_id: '71',
    status: 'OPEN',
    updated_datetime: w3c(desk.clock.now()),
  },
  ...{ description: 'Hôm nay có người ngã', first_name: 'Vàng', last_name: '-', email: 'vang@example.vn' },
  ...more,
})

describe('the list of services', () => {
  it('comes with metadata for each, whose fields FixMyStreet shows', async () => {
    const { body } = await fms.get('services.xml')
    for (const { service_code: code, metadata } of body.service) {
      expect(metadata).toBe('true')
      const definition = await fms.get(`services/${code}.xml`)
      const codes = definition.body.attributes.attribute.map((attribute: { code: string }) => attribute.code)
      // Without it FixMyStreet sends no id of its own.
      expect(codes).toContain('fixmystreet_id')
    }
  })
})

describe('a report', () => {
  it('is taken in with its photo, told of from the first moment, and closed with its answer', async () => {
    const code = await send()
    await desk.work()
    const { caseId } = await reportOf(code)
    const [received] = await about(code)
    expect(received).toMatchObject({ status: 'open', service_request_id: code, description: expect.any(String) })

    desk.clock.move(3600_000)
    const triage = await desk.as('triage')
    await desk.do(triage, 'cases/answer', caseId, { text: 'Đã vá ổ gà' })
    const [first, last] = await about(code)
    expect(first).toEqual(received)
    expect(last).toMatchObject({ status: 'closed', description: expect.stringContaining('Đã vá ổ gà') })
    expect(await about(code)).toEqual([first, last])

    const [row] = await desk.ports.db.select().from(submissions).where(eq(submissions.code, code))
    expect((await openItem(desk.ports.db, desk.ports.secrets, row!))!.item).toMatchObject({
      sender: { name: 'Lò Văn Mẫu', email: 'mau@example.vn' },
      files: [{ type: 'image/jpeg' }],
    })
    // By ids, as `GetUpdates` asks: what was published needs no key.
    const { body } = await fms.get('requests.xml', { service_request_id: code })
    expect(body.request).toMatchObject([{ status: 'closed', status_notes: expect.stringContaining('Đã vá ổ gà') }])
  })

  it('whose answer was lost on the way keeps its id', async () => {
    const code = await send({ 'attribute[fixmystreet_id]': '5000', lat: '10.01', description: 'Đèn đường hỏng' })
    expect(await send({ 'attribute[fixmystreet_id]': '5000', lat: '10.01', description: 'Đèn đường hỏng' })).toBe(code)
  })

  it('is told of as it is passed on, one update after the other', async () => {
    const code = await send({ service_code: 'infrastructure', 'attribute[field]': 'traffic' })
    await desk.work()
    const told = await about(code)
    expect(told.map(({ status }) => status)).toEqual(['open', 'open'])
    expect(told[1]!['description']).toContain('Sở Xây dựng')
    const { body } = await fms.get(`requests/${code}.json`, { api_key: KEY })
    expect(body[0]).toMatchObject({ status: 'open', agency_responsible: 'Sở Xây dựng', service_code: 'infrastructure' })
    expect(body[0].expected_datetime).toMatch(/\+07:00$/)
  })

  it('is asked for by a token as by its id', async () => {
    const code = await send()
    const { body } = await fms.get(`tokens/${code}.xml`, { api_key: KEY })
    expect(body.request).toEqual([{ service_request_id: code, token: code }])
  })
})

describe('updates to the client', () => {
  it('are its own reports’ alone, as long as those are there', async () => {
    const code = await send()
    await desk.work()
    expect(await about(code)).toHaveLength(1)
    expect(await fetchUpdates({ ...EXTENDED, api_key: 'key-of-an-extended-2' })).toEqual([])
    const id = { 'attribute[fixmystreet_id]': `${problems}`, description: 'sửa lại' }
    await eraseReporter(desk.ports, 'system', { code, why: 'theo yêu cầu' })
    expect(await about(code)).toEqual([])
    expect(await send(id)).toBe(code)
  })

  it('are told once under one id, by however many ways; what proves a contact is not told', async () => {
    const code = await send()
    await desk.work()
    const { id } = await reportOf(code)
    const { db } = desk.ports
    const [received] = await db.select().from(notices).where(eq(notices.reportId, id))
    const [before] = await about(code)
    const again = { ...received!, createdAt: desk.clock.now(), state: 'sent' as const }
    await db.insert(notices).values([
      {
        ...again,
        id: '01900000-0000-7000-8000-000000000001',
        channel: 'later',
        createdAt: new Date(desk.clock.now().getTime() + 1),
      },
      { ...again, id: '01900000-0000-7000-8000-000000000002', event: 'verify' },
    ])
    expect(await about(code)).toEqual([before])
    expect(before!['update_id']).toBe(received!.id)
  })

  it('lie within what was asked, both ends of it, and never in the future', async () => {
    const code = await send()
    await desk.work()
    const [update] = await about(code)
    const at = update!['updated_datetime']!
    expect(Date.parse(at)).toBeLessThanOrEqual(desk.clock.now().getTime())
    const list = async (start_date: string, end_date: string) => {
      const { body } = await fms.get('servicerequestupdates.json', { api_key: KEY, start_date, end_date })
      return body.filter((one: { service_request_id: string }) => one.service_request_id === code).length
    }
    const second = (by: number) => w3c(new Date(Date.parse(at) + by * 1000))
    expect(await list(at, at)).toBe(1)
    expect(await list(second(1), second(60))).toBe(0)
    expect(await list(second(-60), second(-1))).toBe(0)
  })

  it('come a page at a time, oldest first', async () => {
    desk.clock.move(DAY_MS)
    const codes = [await send(), await send(), await send()]
    await desk.work()
    const page = async (number: string) => {
      const query = { api_key: KEY, start_date: w3c(desk.clock.now()), page: number, page_size: '2' }
      const { body } = await fms.get('servicerequestupdates.json', query)
      return body.map((one: { service_request_id: string }) => one.service_request_id)
    }
    expect([...(await page('1')), ...(await page('2'))].sort()).toEqual([...codes].sort())
    expect(await page('2')).toHaveLength(1)
  })

  it('tell what was refused in the extended words of a client that knows them', async () => {
    const key = { api_key: 'key-of-an-extended-2' }
    const extended = client(desk.url, EXTENDED)
    const form = { ...key, service_code: 'society', lat: '10.02', long: '106.5', description: 'Hàng xóm ồn' }
    const { body } = await extended.post('requests.xml', form)
    const code = body.request[0].service_request_id
    await desk.work()
    const said = { reason: 'abusive', guidance: 'Xin gửi lại' }
    const { body: seen } = await desk.ask(await desk.as('triage'), 'cases/refuse', (await reportOf(code)).caseId, said)
    expect(seen.status).toBe('refused')
    await desk.work()
    const told = await about(code, { ...EXTENDED, ...key })
    expect(told.map(({ status }) => status)).toEqual(['open', 'no_further_action'])
    const { body: request } = await extended.get(`requests/${code}.json`, key)
    expect(request[0]).toMatchObject({ status: 'closed', status_notes: told[1]!['description'] })
  })
})

describe('an update from the client', () => {
  let taken: string
  beforeAll(async () => {
    taken = await send()
    await desk.work()
  })

  it('becomes an addition to its report, with who said it and what state they see; sent again it is the same', async () => {
    const code = await send()
    await desk.work()
    const form = comment(code, { status: 'FIXED', media_url: photoUrl })
    const one = await fms.post('servicerequestupdates.xml', form)
    expect(one.status).toBe(200)
    const [{ update_id: id }] = one.body.request_update
    expect((await fms.post('servicerequestupdates.xml', form)).body.request_update).toEqual([{ update_id: id }])
    await desk.work()
    const first = await reportOf(code)
    expect(await reportOf(id)).toMatchObject({ follows: first.id })
    const [row] = await desk.ports.db.select().from(submissions).where(eq(submissions.code, id))
    const { item } = (await openItem(desk.ports.db, desk.ports.secrets, row!))!
    expect(item).toMatchObject({ content: 'Hôm nay có người ngã', aside: 'status: FIXED', sender: { name: 'Vàng' } })
    expect(item.files).toHaveLength(1)
    // It is no request of its own, and no news to whoever said it.
    expect((await fms.get(`requests/${id}.json`, { api_key: KEY })).status).toBe(404)
    expect(await about(code)).toHaveLength(1)
    expect(await desk.ports.db.$count(reports, and(eq(reports.follows, first.id)))).toBe(1)
  })

  it('brings its photo along where the report is private', async () => {
    const file = new File([new Uint8Array(photo)], '9.0.full.jpeg', { type: 'image/jpeg' })
    const { status } = await fms.upload('servicerequestupdates.xml', comment(taken, { update_id: '72' }), {
      photo1: file,
    })
    expect(status).toBe(200)
  })

  it.each<[string, Sending, number, string]>([
    ['without what it is about', { service_request_id: '' }, 400, 'service_request_id'],
    ['without an id of its own', { update_id: '' }, 400, 'update_id'],
    ['without a status', { status: '' }, 400, 'status'],
    ['without a time', { updated_datetime: '' }, 400, 'updated_datetime'],
    ['of a time that is none', { updated_datetime: 'today' }, 400, 'updated_datetime'],
    ['without words', { description: '' }, 400, 'description'],
    ['about nothing of ours', { service_request_id: 'SG-26-7K3M-9QXT' }, 404, 'service_request_id'],
  ])('is refused %s', async (_, form, status, field) => {
    const answer = await fms.post('servicerequestupdates.xml', comment(taken, { update_id: `x-${status}`, ...form }))
    expect(answer.status).toBe(status)
    expect(answer.body.error[0].description).toMatch(new RegExp(`^${field}: `))
  })

  it('about another client’s report is about nothing; one that is not read yet is asked for again', async () => {
    const code = await send()
    const early = await fms.post('servicerequestupdates.xml', comment(code, { update_id: '73' }))
    expect(early).toMatchObject({ status: 503, retryAfter: '5' })
    await desk.work()
    const form = { ...comment(code), ...EXTENDED, api_key: 'key-of-an-extended-2' }
    expect((await client(desk.url).post('servicerequestupdates.xml', form)).status).toBe(404)
  })

  it('with other words under the same id is a mistake', async () => {
    expect((await fms.post('servicerequestupdates.xml', comment(taken, { update_id: '74' }))).status).toBe(200)
    const other = comment(taken, { update_id: '74', description: 'khác' })
    expect((await fms.post('servicerequestupdates.xml', other)).status).toBe(400)
  })
})

it('keeps no photo of a refused request', async () => {
  const before = await desk.ports.db.$count(files)
  const file = new File([new Uint8Array(photo)], 'a.jpg', { type: 'image/jpeg' })
  expect((await fms.upload('requests.xml', { service_code: 'society' }, { photo1: file })).status).toBe(403)
  expect(await desk.ports.db.$count(files)).toBe(before)
})

it('asks too much of one address: 429 and when to come again, and a minute later all is well', async () => {
  desk.clock.move(61_000)
  const statuses: number[] = []
  for (let i = 0; i < 60; i++) {
    const answers = await Promise.all(Array.from({ length: 12 }, () => fetch(`${desk.url}/open311/v2/none`)))
    for (const answer of answers) {
      await answer.text()
      statuses.push(answer.status)
    }
    if (statuses.includes(429)) break
  }
  expect(statuses.filter((status) => status === 404)).toHaveLength(600)
  expect(await fms.get('services.json')).toMatchObject({ status: 429, retryAfter: '60' })
  desk.clock.move(61_000)
  expect((await fms.get('services.json')).status).toBe(200)
})
