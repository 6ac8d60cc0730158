import { and, asc, count, eq, inArray } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { sendCode } from '../../contacts/ask.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { demand } from '../../people/may.ts'
import type { Officer } from '../../people/officer.ts'
import { cases } from '../../tables/index.ts'
import { masked } from '../masked.ts'
import { type Held, onCase } from '../operate.ts'
import { refuse } from '../refused.ts'

export interface Releasing {
  /** Of cases; or all that is held of one sender. */
  readonly ids?: readonly string[] | undefined
  readonly group?: string | undefined
  /** Why these are no reports. Without it they go on. */
  readonly reject?: string | undefined
}

const AT_A_TIME = 500

/**
 * What is held goes on as if it had just been read, or is refused; each case in a transaction of its own, so that one that somebody has in hand
 * does not keep the others. Whoever was held already sees in their view what became of it, and is sent nothing.
 */
export async function releaseHeld(
  ports: Ports,
  officer: Officer,
  { ids, group, reject }: Releasing,
): Promise<{ readonly done: number; readonly left: number }> {
  demand(officer, reject === undefined ? 'case.assign' : 'case.refuse')
  const held = and(
    eq(cases.waitingFor, 'held'),
    ids === undefined ? eq(cases.heldGroup, group ?? '') : inArray(cases.id, [...ids]),
  )
  const chosen = await ports.db.select({ id: cases.id }).from(cases).where(held).orderBy(asc(cases.id)).limit(AT_A_TIME)
  let done = 0
  for (const { id } of chosen) {
    const refused = await onCase(
      ports,
      officer,
      { caseId: id, ...(reject === undefined ? { action: 'case.assign' } : { action: 'case.refuse', move: 'refuse' }) },
      async (a, of) => {
        if (of.root.waitingFor !== 'held') refuse({ refused: 'not-now', status: of.root.status })
        await (reject === undefined ? free(a, of) : turnAway(a, of, reject))
      },
    )
    if (refused === undefined) done++
  }
  const [left] = await ports.db.select({ count: count() }).from(cases).where(held)
  return { done, left: left!.count }
}

async function free(a: Act, { root, reports, rules }: Held): Promise<void> {
  await a.tx.update(cases).set({ waitingFor: null, heldGroup: null }).where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.freed')
  for (const report of reports.filter(({ caseId }) => caseId === root.id)) {
    if (rules.report.verify.contact === 'code' && report.follows === null) await sendCode(a, report)
    a.later({ kind: 'match', ref: report.id })
  }
}

/** Refused, not hidden: its clocks end, and it can be disputed or reopened as any that was refused. */
async function turnAway(a: Act, { root }: Held, why: string): Promise<void> {
  await happenedTo(a, 'case.refused', { case: root })
  await a.tx.update(cases).set({ refusedAt: a.at, waitingFor: null, heldGroup: null }).where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.refused', { reason: await masked(a, root.id, why), quietly: true })
}
