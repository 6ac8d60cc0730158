import { eq } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { type Assignment, familyOf, holdOne, type Report, reportsOf, rootOf } from '../cases/hold.ts'
import { moveAssignment } from '../cases/move.ts'
import { dayInVietnam } from '../day.ts'
import { tell } from '../notices/tell.ts'
import { agencies, assignments, deliveries } from '../tables/index.ts'
import { answerDue } from './due.ts'

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
  const dueAt =
    delivery.kind === 'case' && assignment.state === 'open' ? await isDelivered(a, assignment) : assignment.dueAt
  if (isForReporters(delivery, assignment))
    await tellForwarded(a, { assignment, dueAt, to: await concerned(a, delivery, assignment) })
}

/** It is seen here, where the agency works: it has it without a link. */
export async function atDesk(a: Act, delivery: Delivery, assignment: Assignment): Promise<void> {
  await a.tx.update(deliveries).set({ takenVia: 'desk' }).where(eq(deliveries.id, delivery.id))
  await officeHasIt(a, delivery, assignment)
}

/** Who helps the lead, or has just heard that it need not go on, will not answer them. */
const isForReporters = ({ kind }: Delivery, { role, state }: Assignment): boolean =>
  role === 'lead' && kind !== 'withdrawal' && state !== 'withdrawn'

/** The agency has the case: its clocks start. Gives the time by which it must answer. */
async function isDelivered(a: Act, assignment: Assignment): Promise<Date | null> {
  const root = await holdOne(a, await rootOf(a.tx, assignment.caseId))
  await moveAssignment(a, { root, assignment, move: 'deliver', set: { deliveredAt: a.at } })
  const dueAt = (await answerDue(a.tx, assignment)) ?? null
  await a.tx.update(assignments).set({ dueAt }).where(eq(assignments.id, assignment.id))
  return dueAt
}

async function concerned(a: Act, delivery: Delivery, assignment: Assignment): Promise<Report[]> {
  const all = await reportsOf(a.tx, await familyOf(a.tx, await rootOf(a.tx, assignment.caseId)))
  return delivery.reportId === null ? all : all.filter((r) => r.id === delivery.reportId)
}

export async function tellForwarded(
  a: Act,
  {
    assignment,
    dueAt,
    to,
  }: { readonly assignment: Assignment; readonly dueAt: Date | null; readonly to: readonly Report[] },
): Promise<void> {
  const [agency] = await a.tx.select().from(agencies).where(eq(agencies.id, assignment.agencyId))
  await tell(a, to, {
    event: 'forwarded',
    about: assignment.id,
    // Without a time by which it must answer the sentence is another one (`forwarded_undated`).
    values: { agency: agency!.name, ...(dueAt === null ? { context: 'undated' } : { due: dayInVietnam(dueAt) }) },
  })
}
