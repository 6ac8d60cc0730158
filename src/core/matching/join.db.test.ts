import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignmentRow, caseRow } from '../../../test/support/case-rows.ts'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { act } from '../act.ts'
import type { Case } from '../cases/hold.ts'
import { happened } from '../deadlines/clocks.ts'
import { Rule } from '../deadlines/rule.ts'
import { deadlines } from '../tables/index.ts'
import { joinCases } from './join.ts'

let t: TestPorts
beforeAll(async () => {
  t = await testPorts()
})
afterAll(() => t.close())

const rule = (given: object) =>
  Rule.parse({
    source: 'Quyết định 4874/QĐ-UBND, Điều 6 khoản 4',
    from: 'report.received',
    span: { hours: 1 },
    ...given,
  })

/** Whom a clock binds, and what becomes of it when its case is put into an older one. */
const CLOCKS: readonly { name: string; rule: Rule; becomes: string }[] = [
  {
    name: 'to dispatch it, and a join does that: done',
    rule: rule({ step: 'dispatch', owner: 'intake', until: ['case.dispatched', 'case.joined'] }),
    becomes: 'met',
  },
  {
    name: 'to ask for its place: nobody has to any more',
    rule: rule({ step: 'ask-place', owner: 'intake', until: ['case.asked-back'] }),
    becomes: 'cancelled',
  },
  {
    name: 'of the operator: nobody has to any more',
    rule: rule({ step: 'unknown-agency', owner: 'operator', until: ['case.dispatched'] }),
    becomes: 'cancelled',
  },
  {
    name: 'what its reporter was promised: runs on',
    rule: rule({ step: 'answer', owner: 'operator', until: ['case.replied'], towards: 'citizen' }),
    becomes: 'open',
  },
  {
    name: 'what an agency owes that has it already: runs on',
    rule: rule({ step: 'handle', owner: 'agency', until: ['assignment.answered'] }),
    becomes: 'open',
  },
]

/** With all of these clocks. */
async function begun(more: Partial<Case> = {}): Promise<Case> {
  const own = await caseRow(t, more)
  const assignment = await assignmentRow(t, own)
  const rules = CLOCKS.map((one) => one.rule)
  await act(t.ports, { actor: 'system', unrecorded: true }, (a) =>
    happened(a, 'report.received', { case: own, assignment, rules, facts: {} }),
  )
  return own
}

const join = (one: Case, other: Case) =>
  act(t.ports, { actor: 'system', unrecorded: true }, (a) =>
    joinCases(a, { one: one.id, other: other.id, why: 'text' }),
  )

async function stateOf({ id }: Case, step: string) {
  const rows = await t.ports.db.select().from(deadlines).where(eq(deadlines.caseId, id))
  return rows.find((row) => row.step === step)
}

describe('of the clocks of a case that is put into an older one', () => {
  it.each(CLOCKS.map((one) => [one.name, one] as const))('%s', async (_, { rule: { step }, becomes }) => {
    const older = await begun({ openedAt: new Date(t.clock.now().getTime() - 60_000) })
    const newer = await begun()
    expect(await join(newer, older)).toBe(older.id)
    expect(await stateOf(newer, step)).toMatchObject({
      state: becomes,
      endedAt: becomes === 'open' ? null : t.clock.now(),
    })
    expect(await stateOf(older, step)).toMatchObject({ state: 'open' })
  })

  it('one that was late before it was joined stays late', async () => {
    const older = await begun({ openedAt: new Date(t.clock.now().getTime() - 60_000) })
    const newer = await begun()
    t.clock.move(2 * 3600_000)
    await join(older, newer)
    expect(await stateOf(newer, 'dispatch')).toMatchObject({ state: 'met', missedAt: t.clock.now() })
  })

  it('none ends where nothing was joined', async () => {
    const older = await begun({ status: 'answered', openedAt: new Date(t.clock.now().getTime() - 60_000) })
    const newer = await begun()
    expect(await join(older, newer)).toBeUndefined()
    expect(await stateOf(newer, 'dispatch')).toMatchObject({ state: 'open' })
  })
})
