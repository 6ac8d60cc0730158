import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import { officerNotices } from '../tables/index.ts'

type Row = typeof officerNotices.$inferInsert

export type Addressee = Pick<Row, 'toRole' | 'agencyId'>

/** Who hears of a step that a rule gives to them. */
export const OWNERS_ROLE: Readonly<
  Record<'intake' | 'agency' | 'leader' | 'coordinator' | 'operator', Addressee['toRole']>
> = { intake: 'triage', agency: 'agency', leader: 'leader', coordinator: 'agency', operator: 'operator' }

/** Levels of escalation: the agency's leader, whoever runs the system, the leader of the province. */
const ABOVE: readonly [Addressee['toRole'], 'of the agency' | 'of the province'][] = [
  ['leader', 'of the agency'],
  ['operator', 'of the province'],
  ['leader', 'of the province'],
]

export function above(level: number, agencyId: string | null): Addressee {
  const [toRole, where] = ABOVE[level - 1]!
  return { toRole, agencyId: where === 'of the agency' ? agencyId : null }
}

/** A message among officers about a case; `values` hold no personal data. The caller holds the case. */
export async function tellOfficers(
  a: Act,
  to: Addressee,
  about: Pick<Row, 'event' | 'caseId' | 'values'> & { readonly deadlineId?: string; readonly level?: number | null },
): Promise<void> {
  await a.tx.insert(officerNotices).values({ ...to, ...about, id: uuid(), createdAt: a.at })
}
