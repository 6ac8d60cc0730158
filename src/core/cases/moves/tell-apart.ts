import { and, asc, eq, inArray } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Act, Ports } from '../../act.ts'
import type { Officer } from '../../people/officer.ts'
import { cases, contactIndex, reports } from '../../tables/index.ts'
import { familyOf, type Report, rootOf } from '../hold.ts'
import { onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'

export interface TellingApart {
  readonly caseId: string
  readonly version: number
  /** It is about the matter that it stands beside; else it is one of its own. */
  readonly same: boolean
}

const ASKS: ReadonlySet<string | null> = new Set(['beside-case', 'same-or-new'])

/** What a message is that may go on from another case: joined to that one, or on its own way. The match step does it. */
export function tellApart(ports: Ports, officer: Officer, { same, ...on }: TellingApart): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.join' }, async (a, { root, reports: held }) => {
    const report = held.find(({ beside, caseId }) => beside !== null && caseId === root.id)
    if (report === undefined || !ASKS.has(root.waitingFor)) refuse({ refused: 'not-now', status: root.status })
    await a.tx.update(cases).set({ waitingFor: null }).where(eq(cases.id, root.id))
    await a.tx
      .update(reports)
      .set(same ? await asSame(a, report!) : { says: null, beside: null })
      .where(eq(reports.id, report!.id))
    a.record({ of: 'case', id: root.id }, 'case.told-apart', { report: report!.id, beside: report!.beside, same })
    a.later({ kind: 'match', ref: report!.id })
  })
}

/** Whoever reported the matter already hears of it by that report; somebody else by this one. */
async function asSame(a: Act, report: Report): Promise<Partial<typeof reports.$inferInsert>> {
  const mine = alias(contactIndex, 'mine')
  const [first] = await a.tx
    .select({ id: reports.id, follows: reports.follows })
    .from(reports)
    .innerJoin(contactIndex, eq(contactIndex.reporterId, reports.reporterId))
    .innerJoin(mine, and(eq(mine.kind, contactIndex.kind), eq(mine.hash, contactIndex.hash)))
    .where(
      and(
        eq(mine.reporterId, report.reporterId),
        inArray(reports.caseId, await familyOf(a.tx, await rootOf(a.tx, report.beside!))),
      ),
    )
    .orderBy(asc(reports.receivedAt), asc(reports.id))
    .limit(1)
  return first === undefined ? { says: 'same' } : { says: 'addition', beside: null, follows: first.follows ?? first.id }
}
