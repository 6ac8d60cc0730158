import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { above, tellOfficers } from '../../duty/tell-officers.ts'
import type { Officer } from '../../people/officer.ts'
import type { ProfileVersion } from '../../profile/profile.ts'
import { cases } from '../../tables/index.ts'
import { assignmentsOf, type Case, familyOf } from '../hold.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'

interface Escalating {
  readonly caseId: string
  readonly version: number
  readonly why: string
}

/** An officer brings a case before the level above: agencies do not agree, or a reporter will not have it so. */
export function escalateCase(ports: Ports, officer: Officer, { why, ...on }: Escalating): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.escalate', move: 'escalate' }, async (a, { root, rules }) => {
    const top = topLevel(rules)
    if (root.escalated >= top) refuse({ refused: 'not-now', status: root.status })
    await escalate(a, root, root.escalated + 1, await masked(a, root.id, why))
  })
}

/** The highest level that the profile knows. */
export const topLevel = ({ escalation }: Pick<ProfileVersion, 'escalation'>): number =>
  Math.max(0, ...escalation.levels.map(({ level }) => level))

/** `level`: 1 is the one above the agency. It never falls, and is told each time. The caller holds the case. */
export async function escalate(a: Act, root: Case, level: number, why: string): Promise<void> {
  if (level > root.escalated) await a.tx.update(cases).set({ escalated: level }).where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.escalated', { level, why })
  const all = await assignmentsOf(a.tx, await familyOf(a.tx, root.id))
  const lead = all.filter(({ role }) => role === 'lead').at(-1)
  await tellOfficers(a, above(level, lead?.agencyId ?? null), {
    ...{ event: 'escalate', caseId: root.id, level },
    values: { why },
  })
}
