import { randomUUID } from 'node:crypto'
import { eq, isNotNull, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizens } from '../../../test/support/citizens.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { act } from '../../core/act.ts'
import { addressHash, forgetSenders, tooMuchFrom } from '../../core/intake/sender.ts'
import { viewLink } from '../../core/notices/view-link.ts'
import { cases, reports, senders, sources, submissions } from '../../core/tables/index.ts'
import { handlersOf } from '../../handlers.ts'
import { claim } from '../../platform/tasks/claim.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const FIRST_PHONE = 912_000_000

let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

/** Each about another matter, so that none is put into another. */
const people = citizens(5)
let sent = 0

async function sendOne(more: object, path: string): Promise<string> {
  const { content } = people.next().value
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: `${content} (${++sent})`, name: 'Lò Văn Mẫu', ...more }),
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { code: string }).code
}

const send = (many: number, more: (i: number) => object, path = '/reports') =>
  Promise.all(Array.from({ length: many }, (_, i) => sendOne(more(i), path)))

/** As three processes would, at once. What is done with a report once it is read stays where it is, but for those that a test looks at. */
async function readAll(): Promise<void> {
  const handlers = handlersOf(t.ports, t.dataDir)
  const worker = async (token: string): Promise<void> => {
    for (;;) {
      const tasks = await claim(t.ports.db.$client, t.clock.now(), 16, token)
      if (tasks.length === 0) return
      for (const task of tasks.filter(({ kind }) => kind === 'read')) await handlers.read!(task)
    }
  }
  await t.ports.db.$client.query(`insert into lane (name) values ('read'), ('match') on conflict do nothing`)
  await Promise.all([worker(randomUUID()), worker(randomUUID()), worker(randomUUID())])
}

async function staff(path: string, body?: object) {
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...t.staff, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: what the contract says is checked by its schema on the way out
  return { status: answer.status, body: (await answer.json()) as any }
}

async function heldOf(codes: readonly string[]) {
  const rows = await t.ports.db
    .select({ code: reports.code, id: cases.id, group: cases.heldGroup, waitingFor: cases.waitingFor })
    .from(reports)
    .innerJoin(cases, eq(cases.id, reports.caseId))
  const of = rows.filter(({ code }) => codes.includes(code))
  expect(of).toHaveLength(codes.length)
  return of.filter(({ waitingFor }) => waitingFor === 'held')
}

/** More than the pool has connections would only wait for one. */
const WORKERS = 10

/** As any number of workers do it that read at once; gives the groups of what is held. */
async function judge(
  many: number,
  sender: (i: number) => { phone?: string; provider?: string; from?: Buffer },
): Promise<string[]> {
  const [source] = await t.ports.db.select().from(sources)
  const [any] = await t.ports.db.select().from(submissions).limit(1)
  const one = (i: number) => {
    const { from = null, ...contact } = sender(i)
    const submission = { ...any!, id: randomUUID(), addressHash: from, receivedAt: t.clock.now() }
    const judging = { source: source!, submission, contact }
    return act(t.ports, { actor: 'system', unrecorded: true }, (a) => tooMuchFrom(a, judging))
  }
  const groups: (string | null)[] = []
  let next = 0
  const worker = async () => {
    while (next < many) groups.push(await one(next++))
  }
  await Promise.all(Array.from({ length: WORKERS }, worker))
  return groups.flatMap((group) => group ?? [])
}

describe('a minute in which much comes', () => {
  const HERE = () => ({ from: addressHash(t.ports.secrets, '2001:db8::1') })
  beforeAll(async () => {
    await send(1, () => ({ phone: '0987000003' }))
  })

  it('300 from one office, with 300 numbers, all go straight on', async () => {
    expect(await judge(300, (i) => ({ ...HERE(), phone: `+84${FIRST_PHONE + i}` }))).toEqual([])
  })

  it('of 300 from one number 5 go on, 295 are held together', async () => {
    const held = await judge(300, () => ({ phone: '+84987000009' }))
    expect(held).toHaveLength(295)
    expect(new Set(held).size).toBe(1)
  })

  it('of an app’s users without a number each is counted by itself; with one, by that', async () => {
    expect(await judge(30, (i) => ({ provider: `user-${i}` }))).toEqual([])
    expect(await judge(12, () => ({ provider: 'user-of-12' }))).toHaveLength(7)
    expect(await judge(12, (i) => ({ provider: 'user-of-24', phone: `+8498700${1000 + i}` }))).toEqual([])
    expect(await judge(12, (i) => ({ provider: `other-${i}`, phone: '+84987000010' }))).toHaveLength(7)
  })

  it('of 70 without a number from one address 60 go on, and the next minute others do', async () => {
    expect(await judge(70, HERE)).toHaveLength(10)
    // The same house, as far as IPv6 tells.
    expect(await judge(1, () => ({ from: addressHash(t.ports.secrets, '2001:db8::2') }))).toHaveLength(1)
    t.clock.move(MINUTE)
    expect(await judge(1, HERE)).toEqual([])
  })

  it('keeps no address, and forgets a day later that somebody sent much', async () => {
    const [code] = await send(1, () => ({ phone: '0987000003' }))
    await readAll()
    await send(2, () => ({}), `/reports/${code}/additions${new URL(viewLink(t.ports, code!)).search}`)
    expect(await t.ports.db.$count(submissions, isNotNull(submissions.addressHash))).toBe(2)
    const { rows } = await t.ports.db.execute(
      sql`select s::text as row from submission s union all select s::text from sender s`,
    )
    expect(rows.filter(({ row }) => String(row).includes('127.0.0.1'))).toEqual([])
    await readAll()
    expect(await t.ports.db.$count(submissions, isNotNull(submissions.addressHash))).toBe(0)
    expect(await t.ports.db.$count(senders)).toBe(348)
    t.clock.move(25 * HOUR)
    await forgetSenders(t.ports)
    expect(await t.ports.db.$count(senders)).toBe(0)
  })
})

describe('30 from one number within an hour', () => {
  const PHONE = '0987 000 001'
  const PIN = { lat: 21.386, lng: 103.016 }
  let codes: string[]
  let group: string | null
  beforeAll(async () => {
    codes = await send(30, () => ({ phone: PHONE, ...PIN }))
    await readAll()
  })

  it('are answered as ever; 5 go on, the others are held together, and go nowhere', async () => {
    const held = await heldOf(codes)
    expect(held).toHaveLength(25)
    expect(new Set(held.map((row) => row.group)).size).toBe(1)
    group = held[0]!.group
    const { body } = await staff('/cases?waitingFor=held&limit=1')
    expect(body.items).toMatchObject([{ status: 'waiting', waitingFor: 'held', heldGroup: group }])
    const { body: seen } = await staff(`/cases/${body.items[0].id}`)
    expect(seen).toMatchObject({ assignments: [], reports: [{ channel: 'portal' }] })
    expect(seen.history.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['case.opened', 'case.waiting']),
    )
  })

  it('do not draw in what others report from the same place in the same words', async () => {
    const [one] = await t.ports.db
      .select({ text: reports.text })
      .from(reports)
      .innerJoin(cases, eq(cases.id, reports.caseId))
      .where(eq(cases.heldGroup, group!))
    const other = await send(1, () => ({ phone: '0987000002', content: one!.text, ...PIN }))
    await t.work()
    const { body } = await staff(`/cases?code=${other[0]}`)
    expect(body.items[0]).toMatchObject({ joinedTo: null })
  })

  it('a fire among them goes on at once, and an hour later other matters do', async () => {
    const urgent = await send(1, () => ({ phone: PHONE, urgent: 'fire' }))
    await t.work()
    expect(await heldOf(urgent)).toEqual([])
    t.clock.move(HOUR)
    const later = await send(1, () => ({ phone: PHONE }))
    await t.work()
    expect(await heldOf(later)).toEqual([])
  })

  it('one call lets some go on, as if they had just come, another refuses the others, and nobody is told', async () => {
    const of = await send(9, () => ({ phone: '0987000004' }))
    await readAll()
    const [one, two, ...others] = (await heldOf(of)).map(({ id }) => id)
    const freeing = { ids: [one, two] }
    expect(await staff('/held/release', freeing)).toEqual({ status: 200, body: { done: 2, left: 0 } })
    expect(await staff('/held/release', freeing)).toEqual({ status: 200, body: { done: 0, left: 0 } })
    await t.work()
    const [{ heldGroup }] = (await staff(`/cases?waitingFor=held&limit=1`)).body.items
    const refusing = { group: heldGroup, reject: 'Một người gửi 9 lần' }
    expect(await staff('/held/release', refusing)).toEqual({ status: 200, body: { done: 2, left: 0 } })
    expect(await heldOf(of)).toEqual([])
    for (const id of [one, two]) {
      const { body } = await staff(`/cases/${id}`)
      expect(body.joinedTo ?? body.waitingFor ?? body.assignments[0]?.id).toEqual(expect.any(String))
    }
    for (const id of others) {
      const { body } = await staff(`/cases/${id}`)
      expect(body).toMatchObject({ status: 'refused', heldGroup: null, notices: [{ event: 'received' }] })
    }
    expect(await heldOf(codes)).toHaveLength(25)
  })

  it.each([
    ['nothing', {}],
    ['cases and a sender', { ids: [randomUUID()], group: randomUUID() }],
    ['501 cases', { ids: Array.from({ length: 501 }, () => randomUUID()) }],
  ])('a call is refused that names %s', async (_, body) => {
    expect((await staff('/held/release', body)).status).toBe(400)
  })
})
