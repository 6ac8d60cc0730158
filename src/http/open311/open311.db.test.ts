import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk } from '../../../test/support/desk.ts'
import { type Answer, client, makeClient, type Sending, untilKnown } from '../../../test/support/open311/client.ts'
import { openItem } from '../../core/intake/open-sealed.ts'
import { cases, reports, submissions } from '../../core/tables/index.ts'

const KEY = 'key-of-the-city-0001'
const OTHER_KEY = 'key-of-another-00002'
const PLACE = { lat: '10.7769', long: '106.7009' }
const REPORT = { ...PLACE, service_code: 'society', description: 'Nhà bên mở nhạc <lớn> & khuya\nđêm nào cũng thế' }
const DAY_MS = 24 * 3600_000
let places = 0

let desk: Desk
let city: ReturnType<typeof client>
let stranger: ReturnType<typeof client>
let other: ReturnType<typeof client>
const media = createServer((request, response) => {
  if (request.url !== '/photo.jpg') return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photo)
})
let photo: Buffer
let mediaUrl: string

beforeAll(async () => {
  photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer()
  await new Promise<void>((done) => media.listen(0, '127.0.0.1', done))
  mediaUrl = `http://127.0.0.1:${(media.address() as AddressInfo).port}`
  desk = await openDesk({ profile: 'hcmc' })
  const shared = { allow: ['127.0.0.0/8'] }
  await makeClient(desk, 'city', { ...shared, jurisdictionId: 'city.example', apiKey: KEY, hideCategories: ['ideas'] })
  await makeClient(desk, 'other', {
    ...shared,
    jurisdictionId: 'other.example',
    apiKey: OTHER_KEY,
    extendedStatuses: true,
  })
  city = client(desk.url, { jurisdiction_id: 'city.example', api_key: KEY })
  other = client(desk.url, { jurisdiction_id: 'other.example', api_key: OTHER_KEY })
  stranger = client(desk.url, { jurisdiction_id: 'city.example' })
})
afterAll(async () => {
  media.close()
  await desk.close()
})

/** Each some kilometres from the last, so that none is taken for the same matter. */
async function sent(form: Sending = {}, from = city): Promise<string> {
  const lat = (10 + 0.05 * places++).toFixed(2)
  const { status, body, text } = await from.post('requests.json', { ...REPORT, lat, ...form })
  expect({ status, text }).toMatchObject({ status: 200 })
  return body[0].service_request_id
}

async function itemOf(code: string) {
  const [row] = await desk.ports.db.select().from(submissions).where(eq(submissions.code, code))
  return (await openItem(desk.ports.db, desk.ports.secrets, row!))!.item
}

async function caseOf(code: string): Promise<string> {
  const [row] = await desk.ports.db.select().from(reports).where(eq(reports.code, code))
  return row!.caseId
}

const ids = ({ body }: Answer): string[] => body.map((each: { service_request_id: string }) => each.service_request_id)
const faultOf = ({ status, body }: Answer) => [status, ...[body.error ?? body].flat().map(({ code }) => Number(code))]

describe('transport', () => {
  it('XML has its prolog, says UTF-8 and is what a suffix or none asks for', async () => {
    for (const path of ['services.xml', 'services']) {
      const { type, text } = await stranger.get(path)
      expect(type).toBe('text/xml; charset=utf-8')
      expect(text).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?><services><service>/)
      expect(text).toContain('Những hiến kế'.slice(0, 5))
    }
  })

  it('JSON is asked for by its suffix', async () => {
    const { type, body } = await stranger.get('services.json')
    expect(type).toBe('application/json; charset=utf-8')
    expect(body[0]).toMatchObject({ service_code: 'infrastructure', metadata: true, type: 'realtime' })
  })

  it('an empty parameter is as none', async () => {
    const { status } = await city.get('requests.json', { start_date: '', end_date: '', status: '', page: '' })
    expect(status).toBe(200)
  })

  it('what a document may not hold is left out, what means something in XML is escaped', async () => {
    const code = await sent({ description: 'a\u0001b ]]> <b> & "c" \uD83D\uDE00' })
    await desk.work()
    const { body } = await city.get(`requests/${code}.xml`)
    expect(body.request[0].description).toMatch(/ab? ?b? ?\]\]> <b> & "c" \uD83D\uDE00/)
  })

  it('nothing of it stands in the document of the API', async () => {
    expect(await (await fetch(`${desk.url}/docs/json`)).text()).not.toContain('open311')
  })
})

describe('who asks', () => {
  it.each<[string, string, Sending, number]>([
    ['a jurisdiction that is not there', 'services.xml', { jurisdiction_id: 'nowhere.example' }, 404],
    ['none, where several are served', 'services.xml', {}, 400],
    ['none, but a key that says which', 'services.xml', { api_key: KEY }, 200],
    ['no key, for what needs none', 'services.xml', { jurisdiction_id: 'city.example' }, 200],
    ['a wrong key, even for what needs none', 'requests.xml', { jurisdiction_id: 'city.example', api_key: 'x' }, 403],
    ['another’s key', 'requests.xml', { jurisdiction_id: 'city.example', api_key: OTHER_KEY }, 403],
    ['no key, for updates', 'servicerequestupdates.xml', { jurisdiction_id: 'city.example' }, 403],
  ])('%s', async (_, path, query, status) => {
    const answer = await client(desk.url).get(path, query)
    expect(answer.status).toBe(status)
    if (status !== 200) expect(faultOf(answer)).toEqual([status, status])
  })

  it.each(['requests', 'servicerequestupdates'])(
    'POST of %s needs a key: 403 without, as XML and as JSON',
    async (path) => {
      expect(faultOf(await stranger.post(`${path}.xml`, REPORT))).toEqual([403, 403])
      const { status, body } = await stranger.post(`${path}.json`, REPORT)
      expect([status, body]).toEqual([403, [{ code: 403, description: expect.any(String) }]])
    },
  )

  it('whoever asks from a network of the client’s needs no key to read, and one to write', async () => {
    const settings = { jurisdictionId: 'near.example', apiKey: 'key-of-a-neighbour-3', readFrom: ['127.0.0.0/8'] }
    await makeClient(desk, 'near', settings)
    const near = client(desk.url, { jurisdiction_id: 'near.example' })
    await untilKnown(desk, async () => (await near.get('services.json')).status === 200)
    const code = await sent({ api_key: settings.apiKey }, near)
    expect(ids(await near.get('requests.json'))).toEqual([code])
    expect((await near.get('servicerequestupdates.json')).status).toBe(200)
    expect((await near.post('requests.json', REPORT)).status).toBe(403)
  })
})

describe('discovery and services', () => {
  it('discovery names the endpoint with its slash, and its changeset moves when a client is changed', async () => {
    const { body } = await stranger.ask('discovery.json')
    expect(body.endpoints).toEqual([
      expect.objectContaining({ url: 'http://localhost:8080/open311/v2/', formats: ['text/xml', 'application/json'] }),
    ])
    desk.clock.move(60_000)
    await makeClient(desk, 'other', { jurisdictionId: 'other.example', apiKey: OTHER_KEY, extendedStatuses: true })
    const moved = async () => (await stranger.ask('discovery.xml')).body.changeset > body.changeset
    await untilKnown(desk, moved)
  })

  it('services are the province’s categories, without those that the client is not offered', async () => {
    const { body } = await stranger.get('services.xml')
    const codes = body.service.map(({ service_code: code }: { service_code: string }) => code)
    expect(codes).toContain('infrastructure')
    expect(codes).not.toContain('ideas')
    expect((await city.post('requests.json', { ...REPORT, service_code: 'ideas' })).status).toBe(400)
  })

  it('a service’s attributes are its narrower fields, what is urgent, secrecy and the client’s own id, in order', async () => {
    const { body } = await stranger.get('services/infrastructure.json')
    expect(body.attributes.map(({ code, order }: { code: string; order: number }) => [order, code])).toEqual([
      ...[
        [1, 'field'],
        [2, 'urgent'],
        [3, 'identity_secret'],
        [4, 'content_secret'],
        [5, 'fixmystreet_id'],
      ],
    ])
    expect(body.attributes[0].values).toContainEqual({ key: 'traffic', name: 'Giao thông' })
    expect((await stranger.get('services/infrastructure.xml')).status).toBe(200)
  })

  it.each(['xml', 'json'])('a service that is not there is 404: %s', async (format) => {
    expect(faultOf(await stranger.get(`services/ideas.${format}`))).toEqual([404, 404])
    expect(faultOf(await stranger.get(`nothing.${format}`))).toEqual([404, 404])
  })

  it('a province that sorts nothing has one service, under which everything is sent', async () => {
    const settings = { jurisdictionId: 'plain.example', apiKey: 'key-of-the-plain-004' }
    await makeClient(desk, 'plain', settings, 'dien-bien')
    const plain = client(desk.url, { jurisdiction_id: settings.jurisdictionId, api_key: settings.apiKey })
    await untilKnown(desk, async () => (await plain.get('services.json')).status === 200)
    const { body } = await plain.get('services.json')
    expect(body).toMatchObject([{ service_code: 'general', metadata: true }])
    const code = await sent({ service_code: 'general' }, plain)
    expect(await itemOf(code)).not.toHaveProperty('category')
    expect((await plain.post('requests.json', { ...REPORT, service_code: 'other' })).status).toBe(400)
  })
})

describe('POST of a request', () => {
  it('is answered with an id, a notice and the account, in a list', async () => {
    const { status, body } = await city.post('requests.xml', { ...REPORT, account_id: 'u-7' })
    expect(status).toBe(200)
    expect(body.request).toEqual([
      {
        service_request_id: expect.stringMatching(/^[A-Z]{2}-26-/),
        service_notice: expect.any(String),
        account_id: 'u-7',
      },
    ])
  })

  it('holds everything that GeoReport has, and what else was filled in stands aside', async () => {
    const code = await sent({
      ...{ ...PLACE, service_code: 'infrastructure', 'attribute[field]': 'traffic', 'attribute[urgent]': '' },
      ...{
        'attribute[content_secret]': 'true',
        'attribute[uprn]': ['1', '2'],
        'attribute[surface][]': ['wet', 'cold'],
      },
      ...{ first_name: 'Lò', last_name: 'Văn Mẫu', email: 'mau@example.vn', phone: '+44 20 7946 0000' },
      ...{ address_string: 'số 7', device_id: 'd', account_id: 'u-7', unknown: 'ignored' },
    })
    const item = await itemOf(code)
    expect(item).toMatchObject({
      sender: { name: 'Lò Văn Mẫu', email: 'mau@example.vn', provider: 'u-7' },
      ...{ content: REPORT.description, category: 'infrastructure', field: 'traffic', address: 'số 7' },
      ...{ point: { lat: 10.7769, lng: 106.7009 }, identitySecret: false, contentSecret: true },
      aside: 'phone: +44 20 7946 0000\nuprn: 1, 2\nsurface: wet, cold',
    })
    expect(JSON.stringify(item)).not.toMatch(/ignored|key-of/)
  })

  it.each<[string, Sending, string]>([
    ['no service', { service_code: '' }, 'service_code'],
    ['a service that is not there', { service_code: 'nothing' }, 'service_code'],
    ['no place', { lat: '', long: '' }, 'address_string'],
    ['half a place', { long: '' }, 'lat'],
    ['a place that is none', { lat: '910', long: '0' }, 'lat'],
    ['no description', { description: ' ' }, 'description'],
    ['a description over the limit', { description: 'a'.repeat(10_001) }, 'description'],
    ['a narrower field of another service', { 'attribute[field]': 'traffic' }, 'attribute[field]'],
    ['an urgent matter that is none', { 'attribute[urgent]': 'boredom' }, 'attribute[urgent]'],
    ['a link that is none', { media_url: 'file:///etc/passwd' }, 'media_url'],
  ])('is refused with 400 and what is wrong: %s', async (_, form, field) => {
    const answer = await city.post('requests.json', { ...REPORT, ...form })
    expect(faultOf(answer)).toEqual([400, 400])
    expect(answer.body[0].description).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}: .{5,}`))
  })

  it.each<[string, Sending]>([
    ['address_string', { lat: '', long: '', address_string: '12 Lê Lợi' }],
    ['address_id', { lat: '', long: '', address_id: '12' }],
  ])('is enough with one of the places: %s', async (_, form) => {
    await sent(form)
  })

  it('all that is wrong is said at once', async () => {
    const answer = await city.post('requests.xml', { ...REPORT, service_code: '', description: '' })
    expect(faultOf(answer)).toEqual([400, 400, 400])
  })

  it('what is no form is 400, whose code says more', async () => {
    const headers = { 'content-type': 'application/json' }
    const answer = await city.ask('requests.json', { method: 'POST', headers, body: '{}' })
    expect(faultOf(answer)).toEqual([400, 415])
    const large = await city.post('requests.json', { ...REPORT, description: 'a'.repeat(300_000) })
    expect(faultOf(large)).toEqual([400, 413])
  })

  it('is one report under one Idempotency-Key, and another content under it is a mistake', async () => {
    const headers = { 'idempotency-key': 'k-1' }
    const [one, again] = [
      await city.post('requests.json', REPORT, headers),
      await city.post('requests.json', REPORT, headers),
    ]
    expect(ids(again)).toEqual(ids(one))
    const changed = await city.post('requests.json', { ...REPORT, description: 'khác' }, headers)
    expect(faultOf(changed)).toEqual([400, 400])
  })

  it('is one report under one fixmystreet_id, however often and at once; another client’s is another', async () => {
    const own = { ...PLACE, 'attribute[fixmystreet_id]': '900' }
    const codes = await Promise.all(Array.from({ length: 8 }, () => sent(own)))
    expect(new Set(codes).size).toBe(1)
    expect(await sent(own, other)).not.toBe(codes[0])
  })

  it('sent again with other words it keeps its first id, and the words come to the officers as an addition', async () => {
    const own = { ...PLACE, 'attribute[fixmystreet_id]': '901' }
    const first = await sent(own)
    expect((await city.post('requests.json', { ...REPORT, ...own, description: 'sửa lại' })).status).toBe(503)
    await desk.work()
    expect(await sent({ ...own, description: 'sửa lại' })).toBe(first)
    expect(await sent({ ...own, description: 'sửa lại' })).toBe(first)
    await desk.work()
    const [report] = await desk.ports.db.select().from(reports).where(eq(reports.code, first))
    expect(await desk.ports.db.$count(reports, eq(reports.follows, report!.id))).toBe(1)
  })

  it('brings photos along, or behind a link; one that is gone costs nobody the report', async () => {
    const file = new File([new Uint8Array(photo)], 'hố ga.jpg', { type: 'image/jpeg' })
    const along = (await city.upload('requests.json', REPORT, { photo1: file })).body[0].service_request_id
    const linked = await sent({ media_url: [`${mediaUrl}/photo.jpg`, `${mediaUrl}/gone.jpg`] })
    await desk.work()
    for (const code of [along, linked]) {
      expect((await itemOf(code)).files).toMatchObject([{ type: 'image/jpeg' }])
      const { body } = await city.get(`requests/${code}.json`)
      expect(body[0].media_url).toMatch(/^http:\/\/localhost:8080\/files\/[0-9a-f]{64}\?expires=/)
    }
    expect(await itemOf(linked)).toMatchObject({ leftOut: 1 })
  })
})

describe('GET of requests', () => {
  it('one is a list of one, there as soon as it was sent, and then with what was read', async () => {
    const code = await sent(PLACE)
    const before = await city.get(`requests/${code}.json`)
    expect(before.body).toMatchObject([
      { service_request_id: code, status: 'open', service_code: 'society', lat: 10.7769 },
    ])
    await desk.work()
    const { body } = await city.get(`requests/${code}.json`)
    expect(body).toHaveLength(1)
    expect(body[0]).toMatchObject({
      description: REPORT.description,
      media_url: null,
      status_notes: null,
      long: 106.7009,
    })
    expect(body[0].requested_datetime).toMatch(/^2026-1\d-\d\dT\d\d:\d\d:\d\d\+07:00$/)
    const xml = await city.get(`requests/${code}.xml`)
    expect(xml.body.request).toHaveLength(1)
    expect(xml.body.request[0].description).toBe(REPORT.description)
  })

  it('shows nobody who sent it, and what is in the text of them is masked', async () => {
    const code = await sent({
      description: 'Gọi 0912 345 678',
      first_name: 'Vàng',
      last_name: 'Thị Kiểm',
      phone: '0912345678',
    })
    await desk.work()
    const { text } = await city.get(`requests/${code}.json`)
    expect(text).not.toMatch(/Kiểm|345.?678/)
  })

  it('is the client’s own alone: another’s and a stranger’s list has none of it', async () => {
    const code = await sent({ 'attribute[content_secret]': 'true' })
    await desk.work()
    expect((await city.get(`requests/${code}.json`)).body[0].description).toBe(REPORT.description)
    expect(faultOf(await other.get(`requests/${code}.json`))).toEqual([404, 404])
    expect(faultOf(await stranger.get(`requests/${code}.xml`))).toEqual([404, 404])
    expect((await other.get('requests.json', { service_request_id: code })).body).toEqual([])
    expect((await stranger.get('requests.json')).body).toEqual([])
  })

  it('the portal’s reports are none of a client’s', async () => {
    const { code } = await desk.report({ category: 'society', address: 'số 1', email: 'mau@example.vn' })
    expect(faultOf(await city.get(`requests/${code}.json`))).toEqual([404, 404])
  })

  it('ids override all else; others are found by service, status and time, by pages from one on', async () => {
    desk.clock.move(DAY_MS)
    const since = new Date(desk.clock.now()).toISOString()
    const codes: string[] = []
    for (const service of ['society', 'infrastructure', 'society']) {
      codes.unshift(await sent({ service_code: service }))
      desk.clock.move(1000)
    }
    await desk.work()
    const list = async (query: Sending) => ids(await city.get('requests.json', { start_date: since, ...query }))
    expect(await list({})).toEqual(codes)
    expect(await list({ service_code: 'infrastructure' })).toEqual([codes[1]])
    expect(await list({ service_code: 'infrastructure,society', status: 'open,closed' })).toEqual(codes)
    expect(await list({ status: 'closed' })).toEqual([])
    expect(await list({ page: '1', page_size: '2' })).toEqual(codes.slice(0, 2))
    expect(await list({ page: '0', page_size: '2' })).toEqual(codes.slice(0, 2))
    expect(await list({ page: '2', page_size: '2' })).toEqual(codes.slice(2))
    expect(await list({ updated_after: since })).toEqual(codes)
    const [last, , early] = codes as [string, string, string]
    const wanted = { service_request_id: `${last},${early}`, status: 'closed', end_date: since }
    expect((await list(wanted)).sort()).toEqual([last, early].sort())
  })

  it.each<[string, Sending, number]>([
    ['with an offset', { start_date: '2026-10-01T00:00:00+07:00' }, 200],
    ['90 days apart', { start_date: '2026-01-01T00:00:00Z', end_date: '2026-04-01T00:00:00Z' }, 200],
    ['a second more apart', { start_date: '2026-01-01T00:00:00Z', end_date: '2026-04-01T00:00:01Z' }, 400],
    ['without a zone', { start_date: '2026-10-01T00:00:00' }, 400],
    ['and a status that is none', { status: 'fixed' }, 400],
    ['and a page that is none', { page: '-1' }, 400],
  ])('by dates %s', async (_, query, status) => {
    expect((await city.get('requests.json', query)).status).toBe(status)
    if (query['status'] === undefined && query['page'] === undefined)
      expect((await city.get('servicerequestupdates.json', query)).status).toBe(status)
  })

  it('a plus that was not written %2B is understood; none found is an empty list', async () => {
    const path = 'requests.json?jurisdiction_id=city.example&start_date=2026-01-01T00:00:00+07:00&end_date=2026-01-02'
    const { status, body } = await stranger.ask(path)
    expect([status, body]).toEqual([200, []])
    expect((await stranger.ask(path.replace('.json', '.xml'))).body).toBe('')
  })

  it('answered it is closed, since then and with the answer; a stranger reads what was published, in no word of the reporter’s', async () => {
    const code = await sent({ address_string: 'số 9 hẻm 3', 'attribute[content_secret]': 'false' })
    await desk.work()
    desk.clock.move(3600_000)
    await desk.do(await desk.as('triage'), 'cases/answer', await caseOf(code), { text: 'Đã nhắc nhở' })
    const { body } = await city.get(`requests/${code}.json`)
    expect(body[0]).toMatchObject({ status: 'closed', status_notes: expect.stringContaining('Đã nhắc nhở') })
    expect(Date.parse(body[0].updated_datetime) - Date.parse(body[0].requested_datetime)).toBeGreaterThanOrEqual(
      3600_000,
    )
    expect(ids(await city.get('requests.json', { status: 'closed' }))).toContain(code)
    expect(ids(await city.get('requests.json', { status: 'open' }))).not.toContain(code)
    const [own] = await desk.ports.db
      .select()
      .from(cases)
      .where(eq(cases.id, await caseOf(code)))
    expect(own!.publishedAt).not.toBeNull()
    const seen = await stranger.get(`requests/${code}.json`)
    expect(seen.body[0]).toMatchObject({
      status: 'closed',
      description: null,
      address: null,
      lat: null,
      media_url: null,
    })
  })

  it('what its sender took back, or what was erased, is not there any more', async () => {
    const code = await sent()
    await desk.work()
    const at = desk.clock.now()
    await desk.ports.db.update(reports).set({ takenBackAt: at }).where(eq(reports.code, code))
    expect(faultOf(await city.get(`requests/${code}.json`))).toEqual([404, 404])
    await desk.ports.db.update(reports).set({ takenBackAt: null }).where(eq(reports.code, code))
    await desk.ports.db.update(submissions).set({ erasedAt: at }).where(eq(submissions.code, code))
    expect(faultOf(await city.get(`requests/${code}.json`))).toEqual([404, 404])
  })

  it('a token is an id, and given back with it; to its client alone', async () => {
    const code = await sent()
    expect((await city.get(`tokens/${code}.json`)).body).toEqual([{ service_request_id: code, token: code }])
    for (const from of [other, stranger]) expect(faultOf(await from.get(`tokens/${code}.xml`))).toEqual([404, 404])
    expect(faultOf(await city.get('tokens/none.json'))).toEqual([404, 404])
  })
})
