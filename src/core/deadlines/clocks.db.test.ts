import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignmentRow, caseRow } from '../../../test/support/case-rows.ts'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { act } from '../act.ts'
import { cases, deadlines, history } from '../tables/index.ts'
import { type Clocks, type Happening, happened } from './clocks.ts'
import type { Event } from './events.ts'
import { Rule } from './rule.ts'

let t: TestPorts
beforeAll(async () => {
  t = await testPorts()
})
afterAll(() => t.close())

const rule = (given: Partial<Parameters<typeof Rule.parse>[0] & object>) =>
  Rule.parse({
    step: 'handle',
    source: 'Quyết định 663/QĐ-UBND, Điều 7 khoản 3',
    owner: 'agency',
    from: 'assignment.delivered',
    until: ['assignment.answered'],
    span: { workingDays: 6 },
    ...given,
  })
const handle = rule({})
const refuse = rule({ step: 'refuse', until: ['assignment.accepted', 'assignment.returned'], span: { workingDays: 1 } })
const towardsCitizen = rule({
  step: 'answer-citizen',
  owner: 'operator',
  from: 'assignment.assigned',
  towards: 'citizen',
  span: { workingDays: 7 },
})
const again = rule({
  step: 'dispatch-again',
  owner: 'intake',
  from: 'assignment.returned',
  until: ['assignment.assigned'],
  span: { workingHours: 1 },
})
const RULES = [handle, refuse, towardsCitizen, again]

const tell = (event: Event, of: Omit<Happening, 'rules' | 'facts'> & Partial<Happening>): Promise<Clocks> =>
  act(t.ports, { actor: 'system', unrecorded: true }, (a) => happened(a, event, { rules: RULES, facts: {}, ...of }))
const steps = (rows: Clocks['started']) => rows.map(({ step }) => step).sort()
const stateOf = async (caseId: string) =>
  (
    await t.ports.db
      .select()
      .from(deadlines)
      .where(eq(deadlines.caseId, caseId))
      .orderBy(deadlines.startedAt, deadlines.id)
  ).map(({ step, state }) => `${step} ${state}`)

describe('an event', () => {
  it('starts the clocks that it names, each by its span, with a line of history', async () => {
    const own = await caseRow(t)
    const assignment = await assignmentRow(t, own)
    const { started } = await tell('assignment.delivered', { case: own, assignment })
    expect(started.map(({ step, dueAt, calendarId }) => [step, dueAt.toISOString(), calendarId])).toEqual([
      ['handle', '2026-10-27T10:00:00.000Z', 'dien-bien'],
      ['refuse', '2026-10-20T10:00:00.000Z', 'dien-bien'],
    ])
    expect(started[0]).toMatchObject({ assignmentId: assignment.id, agencyId: assignment.agencyId, state: 'open' })
    const lines = await t.ports.db
      .select()
      .from(history)
      .where(eq(history.chain, `case:${own.id}`))
    expect(lines.map(({ kind }) => kind)).toEqual(['deadline.started', 'deadline.started'])
  })

  it('counts from when it happened, where that was before now', async () => {
    const own = await caseRow(t)
    const { started } = await tell('report.received', {
      case: own,
      rules: [rule({ from: 'report.received', owner: 'intake', span: { minutes: 5 } })],
      at: new Date('2026-10-19T01:00:00Z'),
    })
    expect(started[0]).toMatchObject({ dueAt: new Date('2026-10-19T01:05:00Z'), assignmentId: null })
  })

  it('meets what waits for it, of its assignment and, from the lead, of the case', async () => {
    const own = await caseRow(t)
    const lead = await assignmentRow(t, own)
    const other = await assignmentRow(t, own, { role: 'coordinating' })
    const ofOther = rule({
      step: 'coordinate',
      owner: 'coordinator',
      when: { role: 'coordinating' },
      span: { workingDays: 2 },
    })
    const rules = [...RULES, ofOther]
    await tell('assignment.assigned', { case: own, assignment: lead, rules })
    await tell('assignment.delivered', { case: own, assignment: lead, rules })
    expect(steps((await tell('assignment.delivered', { case: own, assignment: other, rules })).started)).toEqual([
      'coordinate',
    ])
    expect(steps((await tell('assignment.answered', { case: own, assignment: other, rules })).met)).toEqual([
      'coordinate',
    ])
    expect(steps((await tell('assignment.answered', { case: own, assignment: lead, rules })).met)).toEqual([
      'answer-citizen',
      'handle',
    ])
    expect(await stateOf(own.id)).toEqual(['answer-citizen met', 'handle met', 'refuse open', 'coordinate met'])
  })

  it('says that it came too late, also where nobody had looked', async () => {
    const own = await caseRow(t)
    await tell('case.dispatched', {
      case: own,
      rules: [rule({ from: 'case.dispatched', until: ['case.replied'], span: { minutes: 0 } })],
    })
    t.clock.move(60_000)
    const { met } = await tell('case.replied', { case: own })
    const [row] = await t.ports.db.select().from(deadlines).where(eq(deadlines.id, met[0]!.id))
    expect(row).toMatchObject({ state: 'met', missedAt: t.clock.now(), endedAt: t.clock.now(), nextAt: null })
    const lines = await t.ports.db
      .select()
      .from(history)
      .where(eq(history.chain, `case:${own.id}`))
      .orderBy(history.seq)
    expect(lines.map(({ kind }) => kind)).toEqual(['deadline.started', 'deadline.missed', 'deadline.met'])
    expect(lines[2]!.body).toContain('"late":true')
  })
})

describe('a return', () => {
  async function returned(rules: readonly Rule[]) {
    const own = await caseRow(t)
    const first = await assignmentRow(t, own)
    await tell('assignment.assigned', { case: own, assignment: first, rules })
    await tell('assignment.delivered', { case: own, assignment: first, rules })
    const back = await tell('assignment.returned', { case: own, assignment: first, rules })
    t.clock.move(3600_000)
    const second = await assignmentRow(t, own)
    const given = await tell('assignment.assigned', { case: own, assignment: second, rules })
    const there = await tell('assignment.delivered', { case: own, assignment: second, rules })
    return { own, back, given, there, second }
  }

  it('ends what the agency owed; the next has a clock of its own, the citizen the same as before', async () => {
    const { own, back, given, there } = await returned(RULES)
    expect([steps(back.met), steps(back.cancelled), steps(back.started)]).toEqual([
      ['refuse'],
      ['handle'],
      ['dispatch-again'],
    ])
    expect([steps(given.met), steps(given.started)]).toEqual([['dispatch-again'], []])
    expect(there.started.map(({ startedAt }) => startedAt)).toEqual([t.clock.now(), t.clock.now()])
    expect((await stateOf(own.id)).filter((s) => s.startsWith('answer-citizen'))).toEqual(['answer-citizen open'])
  })

  it('leaves the next agency what is left, where the rule says so', async () => {
    const { there, second } = await returned([rule({ restarts: false })])
    expect(there.started).toMatchObject([
      { assignmentId: second.id, startedAt: new Date(t.clock.now().getTime() - 3600_000) },
    ])
  })

  it('does not start twice what runs already', async () => {
    const { own, second } = await returned(RULES)
    expect((await tell('assignment.delivered', { case: own, assignment: second })).started).toEqual([])
  })
})

describe('the end of a case', () => {
  it.each(['case.refused', 'case.closed'] as const)('ends every clock with it: %s', async (event) => {
    const own = await caseRow(t)
    const assignment = await assignmentRow(t, own)
    await tell('assignment.assigned', { case: own, assignment })
    await tell('assignment.delivered', { case: own, assignment })
    await tell(event, { case: own })
    expect(await stateOf(own.id)).toEqual(['answer-citizen cancelled', 'handle cancelled', 'refuse cancelled'])
  })
})

it('answers the reporters of cases that were put together, together', async () => {
  const root = await caseRow(t)
  const joined = await caseRow(t, { joinedTo: root.id })
  await tell('assignment.assigned', { case: joined, assignment: await assignmentRow(t, joined) })
  const assignment = await assignmentRow(t, root)
  await tell('assignment.answered', { case: root, assignment })
  expect(await stateOf(joined.id)).toEqual(['answer-citizen met'])
})

describe('a promised day', () => {
  const promise = rule({ step: 'promise', from: 'assignment.interim', span: { promised: true } })
  const first = new Date('2026-12-01T10:00:00Z')
  const second = new Date('2026-12-15T10:00:00Z')

  it('is a clock of its own; the day that was named last counts; without a day there is none', async () => {
    const own = await caseRow(t)
    const assignment = await assignmentRow(t, own)
    const of = { case: own, assignment, rules: [promise] }
    expect((await tell('assignment.interim', of)).started).toEqual([])
    expect((await tell('assignment.interim', { ...of, promised: first })).started[0]!.dueAt).toEqual(first)
    const anew = await tell('assignment.interim', { ...of, promised: second })
    expect([steps(anew.cancelled), anew.started[0]!.dueAt]).toEqual([['promise'], second])
    expect(steps((await tell('assignment.interim', of)).cancelled)).toEqual([])
    expect(steps((await tell('assignment.answered', of)).met)).toEqual(['promise'])
  })
})

it('of a change that is rolled back nothing is left', async () => {
  const own = await caseRow(t)
  const assignment = await assignmentRow(t, own)
  const failing = act(t.ports, { actor: 'system' }, async (a) => {
    await happened(a, 'assignment.delivered', { case: own, assignment, rules: RULES, facts: {} })
    throw new Error('later')
  })
  await expect(failing).rejects.toThrow('later')
  expect(await stateOf(own.id)).toEqual([])
  const [row] = await t.ports.db.select().from(cases).where(eq(cases.id, own.id))
  expect(row!.historySeq).toBe(0)
})
