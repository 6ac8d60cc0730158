import { and, eq, ne } from 'drizzle-orm'
import { type Act, act, type Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { assign } from '../routing/route.ts'
import { agencies, assignments, deliveries } from '../tables/index.ts'
import { type Assignment, assignmentsOf, familyOf, hold } from './hold.ts'

/** An officer gives a waiting case to an agency; refused when the case is not what they saw. */
export async function assignByHand(
  ports: Ports,
  actor: string,
  to: { readonly caseId: string; readonly agencyId: string; readonly version: number },
): Promise<Fault | undefined | { readonly stale: true } | { readonly missing: 'case' | 'agency' }> {
  return act(ports, { actor, unrecorded: true }, async (a) => {
    const [own] = await hold(a.tx, [to.caseId])
    if (own === undefined) return { missing: 'case' as const }
    const [agency] = await a.tx.select({ id: agencies.id }).from(agencies).where(eq(agencies.id, to.agencyId))
    if (agency === undefined) return { missing: 'agency' as const }
    if (own.version !== to.version || own.joinedTo !== null) return { stale: true as const }
    const before = await assignmentsOf(a.tx, await familyOf(a.tx, own.id))
    const live = before.filter((s) => s.endedAt === null)
    // A case that its office does not take may go to another one; a case that an office works on may not.
    if (live.length > 0 && own.waitingFor !== 'office-rejected')
      return fault('rejected', 'an agency has this case already')
    for (const assignment of live) await endAssignment(a, assignment)
    const last = before.at(-1)
    await assign(a, own, {
      agencyId: agency.id,
      how: 'by an officer',
      ...(last !== undefined && { passedFrom: last.id }),
    })
    return undefined
  })
}

async function endAssignment(a: Act, assignment: Assignment): Promise<void> {
  await a.tx
    .update(assignments)
    .set({ state: 'returned', returnedAt: a.at, endedAt: a.at })
    .where(eq(assignments.id, assignment.id))
  await a.tx
    .update(deliveries)
    .set({ state: 'given-up', nextAttemptAt: null })
    .where(and(eq(deliveries.assignmentId, assignment.id), ne(deliveries.state, 'taken')))
  a.record({ of: 'case', id: assignment.caseId }, 'assignment.ended', { assignment: assignment.id })
}
