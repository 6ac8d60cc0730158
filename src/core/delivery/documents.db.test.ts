import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { citizens } from '../../../test/support/citizens.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import type {
  AnyConnector,
  DeliverContext,
  OfficeUpdate,
  OutgoingDelivery,
  Pending,
  Polled,
  Taken,
} from '../../connectors/connector.ts'
import { connectors } from '../../connectors/list.ts'
import { act } from '../act.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { applyConfig } from '../settings/apply.ts'
import { ConfigFile } from '../settings/config-file.ts'
import { assignments, cases, deliveries, files, links, polls, updates } from '../tables/index.ts'
import { giveNumber } from './number.ts'

/** An exchange that does as it is told: numbered documents out, updates fetched. */
const exchange = {
  delivered: [] as OutgoingDelivery[],
  answers: [] as (Taken | Pending | Fault)[],
  updates: [] as OfficeUpdate[],
  polls: [] as (Fault | undefined)[],
  acknowledged: [] as Polled[],
  refusals: [] as Fault[],
  /** In the middle of an attempt. */
  during: async (_ctx: DeliverContext<unknown>): Promise<void> => undefined,
}

const docs: AnyConnector = {
  kind: 'docs',
  settings: z.strictObject({ organ: z.string() }),
  secrets: [],
  takes: ['case', 'addition'],
  limits: { perSecond: 1000, concurrency: 10, timeoutMs: 1000 },
  documents: {
    book: (settings) => (settings as { organ: string }).organ,
    idOf: (settings, number, day) => `${(settings as { organ: string }).organ},${day},${number}/PC`,
  },
  deliver: async (delivery, ctx) => {
    exchange.delivered.push(delivery)
    await exchange.during(ctx)
    return exchange.answers.shift() ?? { pending: true, officeRef: `E-${delivery.key}` }
  },
  lookup: async () => 'absent',
  whenUnknown: () => 'lookup',
  updates: [
    {
      update: 'poll',
      everySeconds: () => 60,
      poll: async (cursor) => {
        const failed = exchange.polls.shift()
        if (failed !== undefined) return failed
        const polled = {
          updates: exchange.updates.splice(0),
          cursor: Number(cursor ?? 0) + 1,
          receipts: null,
          more: false,
        }
        return polled
      },
      acknowledge: async (polled) => {
        exchange.acknowledged.push(polled)
        return exchange.refusals.shift()
      },
    },
  ],
  check: async () => ({ ok: true, note: '' }),
}

let t: TestServer
beforeAll(async () => {
  t = await testServer({ connectors: new Map([...connectors, docs].map((each) => [each.kind, each])) })
  const config = ConfigFile.parse({
    links: [{ id: 'docs', kind: 'docs', name: 'Trục', serves: ['*'], settings: { organ: 'H18.99' } }],
  })
  const applied = await applyConfig(t.ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
})
afterAll(() => t.close())
beforeEach(() => {
  exchange.delivered.length = 0
  exchange.acknowledged.length = 0
  exchange.during = async () => undefined
})

const people = citizens(3)
async function report(): Promise<{ code: string; link: string }> {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(people.next().value),
  })
  return (await answer.json()) as { code: string; link: string }
}

const view = async (link: string) =>
  (await (await fetch(link.replace('http://localhost:8080', t.url))).json()) as {
    status: string
    notices: { event: string; files: { url: string; name: string }[] }[]
  }

async function sent() {
  const { code, link } = await report()
  await t.work()
  const outgoing = exchange.delivered.find((delivery) => delivery.code === code)!
  return { code, link, outgoing }
}

let events = 0
async function fetched(of: string, kind: OfficeUpdate['kind'], more: Partial<OfficeUpdate> = {}) {
  const event = `e-${++events}`
  exchange.updates.push({ event, of, kind, at: t.clock.now(), text: 'Đã xong.', rawCode: kind, ...more })
  t.clock.move(61_000)
  await t.work()
  const [update] = await t.ports.db.select().from(updates).where(eq(updates.event, event))
  return update!
}

const deliveryOf = async (id: string) => (await t.ports.db.select().from(deliveries).where(eq(deliveries.id, id)))[0]!

describe('numbers', () => {
  it('are given one by one, without a gap, however many want one at once; each year begins anew', async () => {
    await Promise.all(Array.from({ length: 20 }, report))
    await t.work()
    const given = (await t.ports.db.select().from(deliveries)).map(({ documentNumber }) => documentNumber!)
    expect(given.sort((a, b) => a - b)).toEqual(given.map((_, i) => i + 1))
    const { outgoing } = await sent()
    expect(outgoing.document).toEqual({
      number: given.length + 1,
      day: '2026-10-19',
      id: `H18.99,2026-10-19,${given.length + 1}/PC`,
    })
  })

  it('come back where their transaction is rolled back', async () => {
    const { outgoing } = await sent()
    const [link] = await t.ports.db.select().from(links).where(eq(links.id, 'docs'))
    await act(t.ports, { actor: 'system', unrecorded: true }, async (a) => {
      await giveNumber(a, outgoing.key, link!)
      return fault('ours', 'something else failed')
    })
    const next = await sent()
    expect(next.outgoing.document!.number).toBe(outgoing.document!.number + 1)
  })

  it('stay with their delivery over all attempts, and so does what is done of it', async () => {
    exchange.answers.push(fault('unreachable', 'broken off'))
    exchange.during = (ctx) => ctx.saveProgress({ docId: 'D-1' })
    const { outgoing } = await sent()
    const seen: unknown[] = []
    exchange.during = async (ctx) => void seen.push(ctx.progress)
    t.clock.move(15_000)
    await t.work()
    const attempts = exchange.delivered.filter(({ key }) => key === outgoing.key)
    expect(attempts).toHaveLength(2)
    expect(attempts[1]!.document).toEqual(outgoing.document)
    expect(seen).toEqual([{ docId: 'D-1' }])
  })

  it('are given when a delivery gets its link, where it waited for one', async () => {
    const waiting = (await t.ports.db.select().from(deliveries)).filter(({ state }) => state === 'waiting')
    expect(waiting).toEqual([])
  })
})

describe('what the exchange has, the office need not have yet', () => {
  it('is "sent", and nobody is told; the office’s own word makes it delivered and forwarded', async () => {
    const { outgoing, link } = await sent()
    expect(await deliveryOf(outgoing.key)).toMatchObject({ state: 'sent', officeRef: expect.stringMatching(/^E-/) })
    expect(await view(link)).toMatchObject({ status: 'dispatching', notices: [{ event: 'received' }] })
    expect(await fetched(outgoing.document!.id, 'arrived')).toMatchObject({ outcome: 'applied' })
    expect(await deliveryOf(outgoing.key)).toMatchObject({ state: 'taken' })
    expect(await view(link)).toMatchObject({
      status: 'dispatched',
      notices: [{ event: 'received' }, { event: 'forwarded' }],
    })
  })

  it('is known by its number in the exchange too; a word that overtakes counts', async () => {
    const { outgoing, link } = await sent()
    const { officeRef } = await deliveryOf(outgoing.key)
    await fetched(officeRef!, 'in-progress')
    expect(await fetched(outgoing.document!.id, 'arrived')).toMatchObject({ outcome: 'late' })
    expect((await view(link)).status).toBe('in-progress')
  })

  it('is not answered when the clerk closes it; the letter is the answer, kept byte for byte', async () => {
    const { outgoing, link } = await sent()
    await fetched(outgoing.document!.id, 'completed', { text: 'Văn thư: hoàn thành' })
    expect(await view(link)).toMatchObject({ status: 'in-progress' })
    const bytes = Buffer.from('%PDF-1.7 trả lời')
    const update = await fetched(outgoing.document!.id, 'answer', {
      files: [{ name: 'Trả lời bà Lan.pdf', type: 'application/pdf', bytes }],
    })
    const seen = await view(link)
    expect(seen.status).toBe('answered')
    const [file] = seen.notices.find(({ event }) => event === 'answer')!.files
    expect(file!.name).toBe('tra-loi-1.pdf')
    const got = await fetch(file!.url.replace('http://localhost:8080', t.url))
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
    expect(got.headers.get('content-disposition')).toContain('attachment')
    const [row] = await t.ports.db.select().from(files).where(eq(files.submissionId, update.id))
    expect(row).toMatchObject({ variant: 'office', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it('comes back to triage with the reason where the office refuses it', async () => {
    const { outgoing } = await sent()
    await fetched(outgoing.document!.id, 'refused', { text: 'Không thuộc thẩm quyền' })
    const [share] = await t.ports.db.select().from(assignments).where(eq(assignments.id, outgoing.assignmentId))
    expect(share).toMatchObject({ state: 'returned', returnReason: 'Không thuộc thẩm quyền' })
    const [own] = await t.ports.db.select().from(cases).where(eq(cases.id, outgoing.caseId))
    expect(own).toMatchObject({ status: 'waiting', waitingFor: 'returned' })
  })
})

describe('looking for updates', () => {
  it('goes on from where it was, tells the exchange after the commit, and takes each update once', async () => {
    const { outgoing } = await sent()
    const before = exchange.acknowledged.length
    const update = {
      event: 'twice',
      of: outgoing.document!.id,
      kind: 'taken',
      at: t.clock.now(),
      text: '',
      rawCode: '03',
    } as const
    exchange.updates.push(update, update)
    t.clock.move(61_000)
    await t.work()
    expect(await t.ports.db.select().from(updates).where(eq(updates.event, 'twice'))).toHaveLength(1)
    expect(exchange.acknowledged.length).toBe(before + 1)
    const [first] = await t.ports.db.select().from(polls)
    t.clock.move(61_000)
    await t.work()
    const [second] = await t.ports.db.select().from(polls)
    expect(second!.cursor).toBe(Number(first!.cursor) + 1)
  })

  it('takes nobody’s word but that of the agency that has the matter', async () => {
    const { outgoing, link } = await sent()
    const forged = await fetched(outgoing.document!.id, 'answer', { from: 'H18.66', text: 'Chuyện của cơ quan khác' })
    expect(forged).toMatchObject({ outcome: 'unknown' })
    expect(await view(link)).toMatchObject({ status: 'dispatching', notices: [{ event: 'received' }] })
    expect(await fetched(outgoing.document!.id, 'answer', { from: outgoing.agency.code })).toMatchObject({
      outcome: 'applied',
    })
  })

  it('says again what the exchange did not hear, and does not stop at what it will never take', async () => {
    const { outgoing } = await sent()
    exchange.refusals.push(fault('unreachable', 'no route'))
    await fetched(outgoing.document!.id, 'arrived')
    const [before] = await t.ports.db.select().from(polls)
    expect(before!.lastFault).toBe('unreachable: no route')
    exchange.refusals.push(fault('rejected', 'no such document'))
    t.clock.move(61_000)
    await t.work()
    const [after] = await t.ports.db.select().from(polls)
    expect(after!.cursor).toBe(Number(before!.cursor) + 1)
  })

  it('moves an addition by itself: taken, or back to an officer, and the matter goes on', async () => {
    const { outgoing, link } = await sent()
    await fetched(outgoing.document!.id, 'taken')
    const add = async () => {
      const [row] = await t.ports.db.select().from(deliveries).where(eq(deliveries.id, outgoing.key))
      const id = crypto.randomUUID()
      const documentId = `${outgoing.document!.id}-${id}`
      await t.ports.db
        .insert(deliveries)
        .values({ ...row!, id, kind: 'addition', reportId: id, state: 'sent', documentId })
      return { id, documentId }
    }
    const taken = await add()
    expect(await fetched(taken.documentId, 'arrived')).toMatchObject({ outcome: 'applied' })
    expect(await deliveryOf(taken.id)).toMatchObject({ state: 'taken' })
    const refused = await add()
    await fetched(refused.documentId, 'refused', { text: 'Đã có' })
    expect(await deliveryOf(refused.id)).toMatchObject({ state: 'rejected' })
    const [share] = await t.ports.db.select().from(assignments).where(eq(assignments.id, outgoing.assignmentId))
    expect(share!.state).toBe('accepted')
    expect((await view(link)).status).toBe('waiting')
  })

  it('keeps what it cannot place in a list', async () => {
    expect(await fetched('H18.99,2026-10-19,999999/PC', 'answer')).toMatchObject({ outcome: 'unknown' })
    const { outgoing } = await sent()
    expect(await fetched(outgoing.document!.id, 'unknown', { rawCode: '77' })).toMatchObject({
      outcome: 'unknown',
      rawCode: '77',
    })
  })

  it('comes again after a failure, and pauses the link where the credentials are refused', async () => {
    exchange.polls.push(fault('unreachable', 'no route'))
    t.clock.move(61_000)
    await t.work()
    expect((await t.ports.db.select().from(polls))[0]!.lastFault).toBe('unreachable: no route')
    t.clock.move(61_000)
    await t.work()
    expect((await t.ports.db.select().from(polls))[0]!.lastFault).toBeNull()
    exchange.polls.push(fault('config', 'wrong secret'))
    t.clock.move(61_000)
    await t.work()
    const [link] = await t.ports.db.select().from(links).orderBy(asc(links.id))
    expect(link).toMatchObject({ state: 'paused', pausedWhy: 'wrong secret' })
  })
})
