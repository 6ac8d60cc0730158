import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { assignmentRow, caseRow } from '../../../test/support/case-rows.ts'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { act } from '../act.ts'
import type { Case } from '../cases/hold.ts'
import { hold } from '../cases/hold.ts'
import { deadlines, history, notices, officerNotices, reports, rings } from '../tables/index.ts'
import { type Deadline, happened } from './clocks.ts'
import { giveMark } from './marks.ts'
import { Rule } from './rule.ts'
import { type OnMark, tick } from './tick.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let t: TestPorts
beforeAll(async () => {
  t = await testPorts()
})
afterAll(() => t.close())

let given: string[]
const note: OnMark = async (_, { step }, mark) => void given.push(`${step} ${mark.do} ${mark.level ?? ''}`.trim())
beforeEach(async () => {
  given = []
  await t.ports.db.update(deadlines).set({ state: 'cancelled' })
})

const MARKS = [
  { before: { minutes: 30 }, do: 'remind' },
  { at: true, do: 'remind' },
  { after: { minutes: 10 }, do: 'escalate', level: 1 },
  { after: { minutes: 20 }, do: 'escalate', level: 2 },
]

async function running(own: Case, more: object = {}): Promise<Deadline> {
  const rule = Rule.parse({
    step: 'handle',
    source: 'Điều 7',
    owner: 'agency',
    from: 'assignment.delivered',
    until: ['assignment.answered'],
    span: { minutes: 60 },
    marks: MARKS,
    ...more,
  })
  const assignment = await assignmentRow(t, own)
  const of = { case: own, assignment, rules: [rule], facts: {} }
  const { started } = await act(t.ports, { actor: 'system' }, (a) => happened(a, 'assignment.delivered', of))
  return started[0]!
}

const rowOf = async ({ id }: Deadline) => (await t.ports.db.select().from(deadlines).where(eq(deadlines.id, id)))[0]!
const kindsOf = async ({ caseId }: Deadline) =>
  (
    await t.ports.db
      .select({ kind: history.kind })
      .from(history)
      .where(eq(history.chain, `case:${caseId}`))
      .orderBy(history.seq)
  ).map(({ kind }) => kind)

describe('a tick', () => {
  it('gives each mark at its time, once, and says when the deadline has passed', async () => {
    const deadline = await running(await caseRow(t))
    const seen: (readonly string[])[] = []
    for (const minutes of [29, 1, 29, 1, 1, 9, 10, 60]) {
      t.clock.move(minutes * MINUTE)
      await tick(t.ports, note)
      seen.push(given)
      given = []
    }
    expect(seen).toEqual([
      [],
      ['handle remind'],
      [],
      ['handle remind'],
      [],
      ['handle escalate 1'],
      ['handle escalate 2'],
      [],
    ])
    expect(await rowOf(deadline)).toMatchObject({
      state: 'open',
      nextAt: null,
      missedAt: new Date(deadline.dueAt.getTime() + MINUTE),
    })
    const marked = 'deadline.marked'
    expect(await kindsOf(deadline)).toEqual(['deadline.started', marked, marked, 'deadline.missed', marked, marked])
  })

  it('that comes late, after hours without any process, gives all of them in order', async () => {
    const deadline = await running(await caseRow(t))
    t.clock.move(5 * HOUR)
    expect(await tick(t.ports, note)).toBe(1)
    expect(given).toEqual(['handle remind', 'handle remind', 'handle escalate 1', 'handle escalate 2'])
    const marked = 'deadline.marked'
    expect(await kindsOf(deadline)).toEqual(['deadline.started', marked, marked, 'deadline.missed', marked, marked])
    expect(await tick(t.ports, note)).toBe(0)
  })

  it('beside others gives each once', async () => {
    const all: Deadline[] = []
    for (let i = 0; i < 40; i++) all.push(await running(await caseRow(t), { step: `step-${i}` }))
    t.clock.move(2 * HOUR)
    const looked = await Promise.all([1, 2, 3, 4].map(() => tick(t.ports, note)))
    await tick(t.ports, note)
    expect(looked.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(40)
    expect([...given].sort()).toEqual(
      all
        .flatMap(({ step }) => ['escalate 1', 'escalate 2', 'remind', 'remind'].map((mark) => `${step} ${mark}`))
        .sort(),
    )
  })

  it('leaves alone what an operation holds, and what has been met or cancelled', async () => {
    const own = await caseRow(t)
    const deadline = await running(own)
    t.clock.move(2 * HOUR)
    await t.ports.db.transaction(async (tx) => {
      await hold(tx, [own.id])
      expect(await tick(t.ports, note)).toBe(0)
    })
    await t.ports.db.update(deadlines).set({ state: 'met' }).where(eq(deadlines.id, deadline.id))
    expect(await tick(t.ports, note)).toBe(0)
    expect(given).toEqual([])
  })

  it('is not held up by one whose mark fails', async () => {
    const [good, bad] = [await running(await caseRow(t)), await running(await caseRow(t), { step: 'bad' })]
    t.clock.move(2 * HOUR)
    const failing: OnMark = (a, deadline, mark) =>
      deadline.step === 'bad' ? Promise.reject(new Error('a fault of ours')) : note(a, deadline, mark)
    await tick(t.ports, failing)
    expect((await rowOf(good)).nextAt).toBeNull()
    expect((await rowOf(bad)).nextAt).toEqual(new Date(t.clock.now().getTime() + 10 * MINUTE))
    expect(await kindsOf(bad)).toEqual(['deadline.started'])
    given = []
    t.clock.move(10 * MINUTE)
    await tick(t.ports, note)
    expect(given).toHaveLength(4)
  })

  it('never gives a mark from before the clock started', async () => {
    await running(await caseRow(t), { span: { minutes: 10 }, marks: [{ before: { hours: 1 }, do: 'remind' }] })
    await tick(t.ports, note)
    t.clock.move(HOUR)
    await tick(t.ports, note)
    expect(given).toEqual([])
  })
})

describe('a mark', () => {
  async function give(more: object): Promise<{ deadline: Deadline; sent: (typeof officerNotices.$inferSelect)[] }> {
    const deadline = await running(await caseRow(t), { span: { minutes: 0 }, ...more })
    await tick(t.ports, giveMark)
    const sent = await t.ports.db.select().from(officerNotices).where(eq(officerNotices.caseId, deadline.caseId))
    return { deadline, sent }
  }

  it.each([
    [{ do: 'remind' }, 'agency', 'agency', 'agency'],
    [{ do: 'remind' }, 'leader', 'leader', 'agency'],
    [{ do: 'remind' }, 'intake', 'triage', null],
    [{ do: 'escalate' }, 'agency', 'leader', 'agency'],
    [{ do: 'escalate', level: 2 }, 'agency', 'operator', null],
    [{ do: 'escalate', level: 3 }, 'agency', 'leader', null],
  ])('%j of a step of the %s goes to: %s', async (mark, owner, toRole, of) => {
    const { deadline, sent } = await give({ owner, marks: [{ at: true, ...mark }] })
    expect(sent).toMatchObject([
      {
        event: mark.do,
        toRole,
        agencyId: of === 'agency' ? deadline.agencyId : null,
        level: 'level' in mark ? mark.level : null,
        deadlineId: deadline.id,
        values: { step: 'handle', source: 'Điều 7', due: deadline.dueAt.toISOString() },
        readAt: null,
      },
    ])
  })

  it('rings for whoever is on duty', async () => {
    const { deadline } = await give({ owner: 'operator', marks: [{ at: true, do: 'ring' }] })
    const [ring] = await t.ports.db.select().from(rings).where(eq(rings.caseId, deadline.caseId))
    expect(ring).toMatchObject({ deadlineId: deadline.id, rung: 0, takenAt: null })
  })

  it('tells the reporters that it is being handled, each once', async () => {
    const own = await caseRow(t)
    const folded = { folded: 'a', foldedHash: Buffer.alloc(32), title: 'a', text: 'a', readVersion: 1 }
    const row = {
      sourceId: 'portal',
      channel: 'portal',
      receivedAt: t.clock.now(),
      identitySecret: true,
      contentSecret: false,
    }
    const id = own.id
    await t.ports.db
      .insert(reports)
      .values({ ...folded, ...row, id, code: 'DB-26-1', submissionId: id, reporterId: id, caseId: id })
    await t.ports.db.execute(
      `insert into submission (id, source_id, envelope_id, received_at, code, key_id, item, print) values ('${id}', 'portal', '${id}', '2026-10-19', 'DB-26-1', '${id}', '', '')`,
    )
    await running(own, { span: { workingDays: 6 }, marks: [{ after: { minutes: 0 }, do: 'tell-reporter' }] })
    t.clock.move(9 * 24 * HOUR)
    await tick(t.ports, giveMark)
    await tick(t.ports, giveMark)
    const told = await t.ports.db.select().from(notices).where(eq(notices.reportId, id))
    expect(told).toMatchObject([{ event: 'in-progress', channel: 'portal', state: 'sent' }])
  })
})
