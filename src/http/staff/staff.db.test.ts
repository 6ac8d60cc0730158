import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { citizens } from '../../../test/support/citizens.ts'
import { type Answering, answering, applyLink, type TestLink } from '../../../test/support/link.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { agencies, history, reports, tasks } from '../../core/tables/index.ts'
import { Problem } from '../contract/problem.ts'
import { LinkRow, listLinks } from '../contract/settings.ts'
import * as contract from '../contract/staff.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'
const { CaseRow, CaseView, DeliveryRow } = contract
const Cases = contract.listCases.reply[200]
const Links = listLinks.reply[200]

let t: TestServer
let office: Answering
let link: TestLink
beforeAll(async () => {
  t = await testServer()
  office = await answering()
  link = await applyLink(t.ports, { id: 'office', url: office.url })
})
afterAll(async () => {
  await office.close()
  await t.close()
})
beforeEach(() => office.answer(200))

async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method,
    headers: { ...t.staff, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

/** Answers are read by the contract: what it does not promise, no test leans on. */
async function get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const { status, body } = await call('GET', path)
  expect(status).toBe(200)
  return shape.parse(body)
}

async function post<T>(path: string, shape: z.ZodType<T>, body?: object): Promise<T> {
  const said = await call('POST', path, body)
  expect(said).toMatchObject({ status: 200 })
  return shape.parse(said.body)
}

/** `409 stale`, `400 invalid why`. */
async function refused(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
  const { status, body: said } = await call(method, path, body)
  const { type, errors = [] } = Problem.parse(said)
  return [status, type.replace('urn:paht:problem:', ''), ...errors.map(({ field }) => field)].join(' ')
}

const people = citizens(1)
/** Without a pin the case waits: no word of theirs names a place. */
const NOWHERE = { lat: undefined, lng: undefined }

/** A report of its own, worked through; gives its case. */
async function sendOne(more: object = {}): Promise<z.output<typeof CaseRow>> {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...people.next().value, ...more }),
  })
  const { code } = (await answer.json()) as { code: string }
  await t.work()
  return (await get(`/cases?code=${code}`, Cases)).items[0]!
}

async function deliveryOf(caseId: string): Promise<z.output<typeof DeliveryRow>> {
  return (await get(`/cases/${caseId}`, CaseView)).deliveries[0]!
}

async function kindsOf(chain: string): Promise<string[]> {
  const rows = await t.ports.db.select().from(history).where(eq(history.chain, chain)).orderBy(history.seq)
  return rows.map(({ kind }) => kind)
}

describe('lists', () => {
  const Ids = z.object({ items: z.array(z.object({ id: z.string() })), after: z.string().nullable() })

  it.each(['cases', 'submissions', 'deliveries'])(
    'page by key, newest first, and what comes meanwhile shifts nothing: %s',
    async (noun) => {
      for (let i = 0; i < 5; i++) await sendOne()
      const all = (await get(`/${noun}?limit=200`, Ids)).items.map(({ id }) => id)
      expect(all).toEqual([...all].sort().reverse())
      const seen: string[] = []
      for (let after: string | null = ''; after !== null; ) {
        const page: z.output<typeof Ids> = await get(`/${noun}?limit=2${after && `&after=${after}`}`, Ids)
        expect(page.items.length).toBeLessThanOrEqual(2)
        if (after === '') await sendOne()
        seen.push(...page.items.map(({ id }) => id))
        after = page.after
      }
      expect(seen).toEqual(all)
    },
  )

  it('can be narrowed', async () => {
    const { id, code } = await sendOne()
    const typed = code.toLowerCase().replaceAll('-', '')
    expect((await get(`/cases?code=${typed}`, Cases)).items).toMatchObject([{ id }])
    for (const none of ['/cases?status=answered', '/deliveries?link=none', '/deliveries?state=rejected'])
      expect((await get(none, Ids)).items).toEqual([])
  })

  it.each([
    ['/cases?limit=0', 'limit'],
    ['/cases?limit=201', 'limit'],
    ['/cases?limit=many', 'limit'],
    ['/cases?limit=1&limit=2', 'limit'],
    ['/cases?after=nothing', 'after'],
    ['/cases?status=open', 'status'],
    ['/cases?code=%00', 'code'],
    ['/deliveries?state=lost', 'state'],
    ['/deliveries?link=%00', 'link'],
    ['/cases/1', 'id'],
  ])('refuse what cannot be asked: %s', async (path, field) => {
    expect(await refused('GET', path)).toBe(`400 invalid ${field}`)
  })

  it.each(['%27', '%25', '%ed%a0%80', '%f0%9f%98%80', 'DB-26'])('find nothing for a code such as %s', async (code) => {
    expect((await get(`/cases?code=${code}`, Cases)).items).toEqual([])
  })
})

describe('what staff see', () => {
  it('of a case is everything but who reported it', async () => {
    const { id } = await sendOne({ name: 'Vàng Thị Kiểm', phone: '0987654321', title: 'Của Vàng Thị Kiểm' })
    const seen = await get(`/cases/${id}`, CaseView)
    expect(seen).toMatchObject({
      status: 'dispatched',
      reports: [{ channel: 'portal', identitySecret: true, files: 0, title: 'Của ●●●' }],
      assignments: [{ role: 'lead', state: 'delivered' }],
      deliveries: [{ state: 'taken', linkId: link.id }],
      notices: [{ event: 'received' }, { event: 'forwarded' }],
    })
    expect(seen.history.map(({ kind }) => kind)).toEqual(await kindsOf(`case:${id}`))
    expect(JSON.stringify((await call('GET', `/cases/${id}`)).body)).not.toMatch(/Kiểm|0987654321|\+84/)
  })

  it('of a delivery is every exchange, without the link’s secrets', async () => {
    const { id } = await deliveryOf((await sendOne()).id)
    const { exchanges } = await get(`/deliveries/${id}`, contract.showDelivery.reply[200])
    expect(exchanges).toMatchObject([{ request: { line: `POST ${office.url}` }, response: { status: 200 } }])
    expect(exchanges[0]!.request.body).toContain(id)
    const said = JSON.stringify(exchanges)
    for (const secret of [link.secret, link.callbackSecret]) {
      expect(said).not.toContain(secret)
      expect(said).not.toContain(secret.slice('whsec_'.length))
    }
  })

  it('of a delivery whose reporter went along is no body, in whatever form it went', async () => {
    const { id, caseId } = await deliveryOf((await sendOne()).id)
    await t.ports.db.update(reports).set({ identitySecret: false }).where(eq(reports.caseId, caseId))
    const { exchanges } = await get(`/deliveries/${id}`, contract.showDelivery.reply[200])
    expect(exchanges).toMatchObject([{ request: { body: '' }, response: { status: 200, body: '' } }])
  })

  it('of links and sources holds no secret', async () => {
    const said = JSON.stringify([(await call('GET', '/links')).body, (await call('GET', '/sources')).body])
    expect(said).toContain(link.id)
    expect(said).not.toMatch(/whsec_|settings|secret/i)
  })

  it.each(['/cases', '/deliveries'])('of what does not exist is nothing: %s', async (noun) => {
    expect(await refused('GET', `${noun}/${NOBODY}`)).toBe('404 no-such')
  })
})

describe('assigning a case that waits', () => {
  const anAgency = async () => (await t.ports.db.select().from(agencies).limit(1))[0]!.id

  it('gives it to the agency, once, and only by who saw the case as it is', async () => {
    const { id, version, status } = await sendOne(NOWHERE)
    expect(status).toBe('waiting')
    const agencyId = await anAgency()
    expect(await refused('POST', `/cases/${id}/assign`, { agencyId, version: version - 1 })).toBe('409 stale')
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', `/cases/${id}/assign`, { agencyId, version })),
    )
    expect(tries.map((tried) => tried.status).sort()).toEqual([200, ...Array<number>(9).fill(409)])
    const seen = await get(`/cases/${id}`, CaseView)
    expect(seen).toMatchObject({ status: 'dispatching', waitingFor: null, assignments: [{ agencyId }] })
    const assigned = seen.history.filter(({ kind }) => kind === 'case.assigned')
    expect(assigned).toMatchObject([{ actor: expect.stringMatching(/^staff:/) }])
    expect(await refused('POST', `/cases/${id}/assign`, { agencyId, version: seen.version })).toBe('409 not-now')
  })

  it('needs a case, an agency and a version', async () => {
    const { id, version } = await sendOne(NOWHERE)
    const agencyId = await anAgency()
    const wrong: readonly [string, object, string][] = [
      [NOBODY, { agencyId, version }, '404 no-such'],
      [id, { agencyId: 'none', version }, '404 no-such'],
      [id, { agencyId: '\u0000', version }, '400 invalid agencyId'],
      [id, { agencyId: '\ud800', version }, '400 invalid agencyId'],
      [id, { agencyId }, '400 invalid version'],
      [id, { agencyId, version: '1' }, '400 invalid version'],
      [id, { agencyId, version: 1.5 }, '400 invalid version'],
      [id, {}, '400 invalid version agencyId'],
    ]
    for (const [of, body, problem] of wrong) expect(await refused('POST', `/cases/${of}/assign`, body)).toBe(problem)
    expect(await get(`/cases/${id}`, CaseView)).toMatchObject({ version, assignments: [] })
  })
})

describe('a delivery that the office rejected', () => {
  async function rejected() {
    office.answer(422)
    const { id: caseId } = await sendOne()
    const delivery = await deliveryOf(caseId)
    expect(delivery).toMatchObject({ state: 'rejected', lastFault: 'rejected', attempts: 1 })
    office.answer(200)
    return { caseId, id: delivery.id }
  }

  it('can be sent again, under the same key, until the office has it', async () => {
    const { caseId, id } = await rejected()
    expect(await post(`/deliveries/${id}/replay`, DeliveryRow)).toMatchObject({ id, state: 'ready', attempts: 0 })
    await t.work()
    expect(await deliveryOf(caseId)).toMatchObject({ id, state: 'taken' })
    const keys = office.bodies.slice(-2).map((body) => (JSON.parse(body) as { data: { key: string } }).data.key)
    expect(keys).toEqual([id, id])
    expect(await refused('POST', `/deliveries/${id}/replay`)).toBe('422 rejected')
    expect(await refused('POST', `/deliveries/${id}/give-up`, { why: 'late' })).toBe('422 rejected')
  })

  it('can be given up with a reason, and the case is triage’s again', async () => {
    const { caseId, id } = await rejected()
    const given = await post(`/deliveries/${id}/give-up`, DeliveryRow, { why: ' passed on by telephone ' })
    expect(given.state).toBe('given-up')
    const seen = await get(`/cases/${caseId}`, CaseView)
    expect(seen).toMatchObject({ status: 'waiting', waitingFor: 'office-rejected' })
    expect(seen.history.at(-1)).toMatchObject({ kind: 'delivery.given-up', body: { why: 'passed on by telephone' } })
  })

  it.each<[string, object]>([
    ['nothing', {}],
    ['blanks', { why: '  ' }],
    ['too much', { why: 'x'.repeat(501) }],
    ['a NUL', { why: 'a\u0000b' }],
    ['half a surrogate pair', { why: 'a\ud800b' }],
  ])('is not given up for %s', async (_, body) => {
    const { id } = await rejected()
    expect(await refused('POST', `/deliveries/${id}/give-up`, body)).toBe('400 invalid why')
  })

  it.each(['replay', 'give-up'])('must exist for a %s', async (verb) => {
    expect(await refused('POST', `/deliveries/${NOBODY}/${verb}`, { why: 'x' })).toBe('404 no-such')
  })
})

describe('a link', () => {
  it('that is paused sends nothing until it is resumed, and both stand in its history', async () => {
    const before = office.bodies.length
    const why = 'the office moves house'
    expect(await post(`/links/${link.id}/pause`, LinkRow, { why })).toMatchObject({ state: 'paused', pausedWhy: why })
    const { id } = await sendOne()
    expect([(await deliveryOf(id)).state, office.bodies.length]).toEqual(['ready', before])
    expect(await post(`/links/${link.id}/resume`, LinkRow)).toMatchObject({ state: 'on', pausedWhy: null })
    await t.work()
    expect([(await deliveryOf(id)).state, office.bodies.length]).toEqual(['taken', before + 1])
    expect((await kindsOf(`link:${link.id}`)).slice(-2)).toEqual(['link.paused', 'link.resumed'])
  })

  it('whose office refuses our credentials pauses by itself, and sends what waited once it is resumed', async () => {
    office.answer(401, 200)
    const { id } = await sendOne()
    const paused = { state: 'paused', pausedWhy: expect.stringContaining('401') }
    expect((await get('/links', Links)).items).toMatchObject([paused])
    await post(`/links/${link.id}/resume`, LinkRow)
    await t.work()
    expect((await deliveryOf(id)).state).toBe('taken')
  })

  it.each(['pause', 'resume'])('must exist to %s', async (verb) => {
    expect(await refused('POST', `/links/none/${verb}`, { why: 'x' })).toBe('404 no-such')
    expect(await refused('POST', `/links/%00/${verb}`, { why: 'x' })).toBe('400 invalid id')
  })
})

describe('work that failed through a fault of ours', () => {
  it('has a list, and can be tried again', async () => {
    const id = '00000000-0000-4000-8000-000000000001'
    const dead = { id, kind: 'read', ref: 'of nothing', attempts: 12, lastError: 'Error: broken' }
    const Dead = contract.listDeadTasks.reply[200]
    await t.ports.db.insert(tasks).values({ ...dead, lane: 'read', due: t.clock.now(), state: 'dead' })
    expect((await get('/tasks/dead', Dead)).items).toMatchObject([dead])
    expect(await post(`/tasks/${id}/replay`, contract.replayTask.reply[200])).toEqual({ id })
    expect((await get('/tasks/dead', Dead)).items).toEqual([])
    expect(await refused('POST', `/tasks/${id}/replay`)).toBe('404 no-such')
    await t.ports.db.delete(tasks).where(eq(tasks.id, id))
  })
})
