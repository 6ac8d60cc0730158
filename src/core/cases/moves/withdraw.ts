import { and, eq, inArray } from 'drizzle-orm'
import type { Act } from '../../act.ts'
import { openDelivery } from '../../delivery/open.ts'
import { deliveries } from '../../tables/index.ts'
import type { Assignment, Case } from '../hold.ts'
import { isEnd } from '../machine.ts'
import { moveAssignment } from '../move.ts'

/** Whoever still has a share in the case need not go on with it. */
export async function withdrawAll(a: Act, root: Case, shares: readonly Assignment[]): Promise<void> {
  for (const assignment of shares.filter(({ state }) => !isEnd(state))) {
    await moveAssignment(a, { root, assignment, move: 'withdraw' })
    await withdrawDeliveries(a, assignment, root.urgent)
  }
}

/** What its office has not got yet does not go out any more, and an office that has the case is told that it need not go on. */
async function withdrawDeliveries(a: Act, assignment: Assignment, urgent: boolean): Promise<void> {
  const known = await giveUpOpen(a, assignment)
  const told = known.some(
    ({ kind, state, outcomeUnknown }) => kind === 'case' && (['taken', 'sent'].includes(state) || outcomeUnknown),
  )
  if (told) await openDelivery(a, { assignment, kind: 'withdrawal', urgent })
}

/** What its office has not got yet does not go out any more. Gives all deliveries as they were. */
export async function giveUpOpen(a: Act, assignment: Assignment): Promise<(typeof deliveries.$inferSelect)[]> {
  const known = await a.tx.select().from(deliveries).where(eq(deliveries.assignmentId, assignment.id))
  const open = known.filter(({ state }) => !['taken', 'sent', 'given-up'].includes(state)).map(({ id }) => id)
  if (open.length > 0)
    await a.tx
      .update(deliveries)
      .set({ state: 'given-up', nextAttemptAt: null })
      .where(and(eq(deliveries.assignmentId, assignment.id), inArray(deliveries.id, open)))
  return known
}
