import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import { happenedTo } from '../deadlines/happened-to.ts'
import { reconsidered } from '../deadlines/reconsider.ts'
import { openDelivery } from '../delivery/open.ts'
import { assignments, cases } from '../tables/index.ts'
import type { AssignmentRole } from '../words.ts'
import { type Assignment, type Case, settle } from './hold.ts'

export interface AssignTo {
  readonly agencyId: string
  readonly role: AssignmentRole
  readonly how: string
  readonly passedFrom?: string
}

/** Gives an agency its share in a case, and tells its office. The caller holds the case. */
export async function assign(a: Act, root: Case, to: AssignTo): Promise<Assignment> {
  const [assignment] = await a.tx
    .insert(assignments)
    .values({
      id: uuid(),
      caseId: root.id,
      agencyId: to.agencyId,
      role: to.role,
      state: 'open',
      round: root.round,
      assignedAt: a.at,
      ...(to.passedFrom !== undefined && { passedFrom: to.passedFrom }),
    })
    .returning()
  a.record({ of: 'case', id: root.id }, 'case.assigned', {
    assignment: assignment!.id,
    agency: to.agencyId,
    role: to.role,
    how: to.how,
  })
  if (to.role === 'lead') {
    await a.tx.update(cases).set({ waitingFor: null, askedAt: null, routedAt: a.at }).where(eq(cases.id, root.id))
    await happenedTo(a, 'case.dispatched', { case: root })
  }
  if (to.role === 'coordinating' && !root.coordinated) {
    await a.tx.update(cases).set({ coordinated: true }).where(eq(cases.id, root.id))
    await reconsidered(a, { root })
  }
  await happenedTo(a, to.role === 'coordinating' ? 'assignment.asked' : 'assignment.assigned', {
    case: root,
    assignment: assignment,
  })
  await openDelivery(a, { assignment: assignment!, kind: 'case', urgent: root.urgent })
  await settle(a, root.id)
  return assignment!
}
