import { eq } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { type Assignment, familyOf, type Report, reportsOf, rootOf } from '../cases/hold.ts'
import { movesForward } from '../cases/status.ts'
import { tell } from '../notices/tell.ts'
import { dayInVietnam } from '../profile/profile.ts'
import { agencies, assignments, deliveries } from '../tables/index.ts'
import { dueOf } from './due.ts'

type Delivery = typeof deliveries.$inferSelect

/**
 * The office has it: told by its answer to our request, by a look-up, or because it already works on it (then its reply to us was lost). The
 * caller holds the case. Only now are reporters told that it was forwarded, to whom and by when.
 */
export async function officeHasIt(
  a: Act,
  delivery: Delivery,
  assignment: Assignment,
  officeRef?: string,
): Promise<void> {
  if (delivery.state === 'taken') return
  await a.tx
    .update(deliveries)
    .set({
      state: 'taken',
      takenAt: a.at,
      outcomeUnknown: false,
      nextAttemptAt: null,
      lastFault: null,
      lastMessage: null,
      ...(officeRef !== undefined && { officeRef }),
    })
    .where(eq(deliveries.id, delivery.id))
  a.record({ of: 'case', id: assignment.caseId }, 'delivery.taken', {
    delivery: delivery.id,
    officeRef: officeRef ?? null,
  })
  const dueAt = await dueOf(a.tx, a.ports, assignment, a.at)
  if (delivery.kind === 'case' && assignment.state === 'open') {
    await a.tx
      .update(assignments)
      .set({ state: 'delivered', deliveredAt: a.at, dueAt })
      .where(eq(assignments.id, assignment.id))
  }
  await tellForwarded(a, { assignment, dueAt, to: await concerned(a, delivery, assignment) })
}

/** Moves an assignment on, never back. */
export async function moveOn(
  a: Act,
  assignment: Assignment,
  to: Assignment['state'],
  more: Partial<Assignment> = {},
): Promise<boolean> {
  if (!movesForward(assignment.state, to)) return false
  await a.tx
    .update(assignments)
    .set({ state: to, ...more })
    .where(eq(assignments.id, assignment.id))
  return true
}

async function concerned(a: Act, delivery: Delivery, assignment: Assignment): Promise<Report[]> {
  const all = await reportsOf(a.tx, await familyOf(a.tx, await rootOf(a.tx, assignment.caseId)))
  return delivery.reportId === null ? all : all.filter((r) => r.id === delivery.reportId)
}

export async function tellForwarded(
  a: Act,
  { assignment, dueAt, to }: { readonly assignment: Assignment; readonly dueAt: Date; readonly to: readonly Report[] },
): Promise<void> {
  const [agency] = await a.tx.select().from(agencies).where(eq(agencies.id, assignment.agencyId))
  await tell(a, to, {
    event: 'forwarded',
    about: assignment.id,
    values: { agency: agency!.name, due: dayInVietnam(dueAt) },
  })
}
