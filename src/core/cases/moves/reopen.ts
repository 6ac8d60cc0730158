import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { tell } from '../../notices/tell.ts'
import type { Officer } from '../../people/officer.ts'
import { rulesOf } from '../../profile/of-case.ts'
import { cases } from '../../tables/index.ts'
import { assignmentsOf, type Case, familyOf, ofThisRound, type Report } from '../hold.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import type { Refused } from '../refused.ts'
import { escalate, topLevel } from './escalate.ts'
import { withdrawAll } from './withdraw.ts'

interface Saying {
  readonly caseId: string
  readonly version: number
  readonly why: string
}

interface Reopening extends Saying {
  /** Because a reporter would not have it so: that is counted, and may bring it before the level above. */
  readonly disputed: boolean
}

/** The matter is not settled after all: it waits for an officer, in a round of its own; what was said before stays. */
export function reopenCase(
  ports: Ports,
  officer: Officer,
  { why, disputed, ...on }: Reopening,
): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.reopen', move: 'reopen' }, async (a, { root, reports }) => {
    if (disputed) await dispute(a, root)
    await beginAnew(a, root, reports, await masked(a, root.id, why))
  })
}

/** A reporter would not have the answer so: counted whatever becomes of it, and brought before who decides where the profile says so. */
export async function dispute(a: Act, root: Case): Promise<void> {
  const rules = await rulesOf(a.ports, root)
  await a.tx
    .update(cases)
    .set({ disputes: root.disputes + 1 })
    .where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.disputed', { times: root.disputes + 1 })
  const top = topLevel(rules)
  if (rules.dispute?.when.includes('reporter-insists') && top > 0) await escalate(a, root, top, 'disputed')
}

/** The next round of a case. The caller holds it, and settles it afterwards. */
export async function beginAnew(a: Act, root: Case, reports: readonly Report[], why: string): Promise<void> {
  // Who was only asked for their part is of the round that ends.
  await withdrawAll(a, root, ofThisRound(root, await assignmentsOf(a.tx, await familyOf(a.tx, root.id))))
  await a.tx
    .update(cases)
    .set({
      round: root.round + 1,
      waitingFor: 'reopened',
      refusedAt: null,
      askedAt: null,
      reply: null,
      repliedAt: null,
      publishedAt: null,
      ratedAt: null,
      closedAt: null,
    })
    .where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.reopened', { why, round: root.round + 1 })
  await tell(a, reports, { event: 'reopened', about: String(root.round + 1), values: {} })
  await happenedTo(a, 'case.reopened', { case: root })
}

export function closeCase(ports: Ports, officer: Officer, { why, ...on }: Saying): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.close', move: 'close' }, async (a, { root, assignments }) => {
    await withdrawAll(a, root, assignments)
    await a.tx.update(cases).set({ closedAt: a.at }).where(eq(cases.id, root.id))
    a.record({ of: 'case', id: root.id }, 'case.closed', { why: await masked(a, root.id, why) })
    await happenedTo(a, 'case.closed', { case: root })
  })
}
