import { eq, sql } from 'drizzle-orm'
import { type Act, act, type Ports } from '../../act.ts'
import { OWNERS_ROLE, tellOfficers } from '../../duty/tell-officers.ts'
import { rulesOf } from '../../profile/of-case.ts'
import type { ProfileVersion } from '../../profile/profile.ts'
import { cases, ratings, reports } from '../../tables/index.ts'
import { assignmentsOf, type Case, familyOf, holdWithRoot, reportsOf, settle } from '../hold.ts'
import { caseCan } from '../machine.ts'
import { masked } from '../masked.ts'
import { orRefused, type Refused, refuse } from '../refused.ts'
import { beginAnew, dispute } from './reopen.ts'

export interface Rating {
  /** One of the profile's scale. */
  readonly value: string
  readonly why: string
}

/**
 * A reporter says what they think of the answer; saying it again changes it. Whoever is not content counts as disputing it, and where the profile
 * says so the matter begins anew, or goes before the level above.
 */
export function rateReport(ports: Ports, reportId: string, { value, why }: Rating): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, { actor: 'citizen' }, async (a) => {
      const [report] = await a.tx.select().from(reports).where(eq(reports.id, reportId))
      const { root } = await holdWithRoot(a.tx, report!.caseId)
      if (!caseCan(root.status, 'rate')) refuse({ refused: 'not-now', status: root.status })
      const { rating } = await rulesOf(a.ports, root)
      const at = rating.scale.findIndex(({ id }) => id === value)
      if (at === -1) return refuse({ refused: 'invalid', field: 'value', problem: 'not-in-profile' })
      const clean = await masked(a, root.id, why)
      const [written] = await a.tx
        .insert(ratings)
        .values({ reportId, round: root.round, value, why: clean, at: a.at })
        .onConflictDoUpdate({ target: [ratings.reportId, ratings.round], set: { value, why: clean, at: a.at } })
        .returning({ fresh: sql<boolean>`xmax = 0` })
      await a.tx.update(cases).set({ ratedAt: a.at }).where(eq(cases.id, root.id))
      a.record({ of: 'case', id: root.id }, 'case.rated', { report: reportId, value, why: clean })
      // The scale goes from the best to the worst: who says the worst would not have it so.
      if (at === rating.scale.length - 1 && written!.fresh) await disputed(a, root, rating)
      await settle(a, root.id)
      return undefined
    }),
  )
}

/** Whoever says the worst would not have it so; where the profile wants it checked again the matter begins anew. */
async function disputed(
  a: Act,
  root: Case,
  { notSatisfied: then, followedBy }: ProfileVersion['rating'],
): Promise<void> {
  await dispute(a, root)
  const all = await assignmentsOf(a.tx, await familyOf(a.tx, root.id))
  const lead = all.findLast(({ role, state }) => role === 'lead' && state === 'answered')
  const about = { event: 'disputed', caseId: root.id, values: { times: String(root.disputes + 1) } } as const
  // Whoever follows what is rated, and the agency, which weighs whether to make it clearer.
  await tellOfficers(a, { toRole: OWNERS_ROLE[followedBy], agencyId: null }, about)
  if (lead !== undefined) await tellOfficers(a, { toRole: 'agency', agencyId: lead.agencyId }, about)
  if (then === 'agency-checks-again')
    await beginAnew(a, root, await reportsOf(a.tx, await familyOf(a.tx, root.id)), 'disputed')
}
