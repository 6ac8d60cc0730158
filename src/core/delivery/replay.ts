import { eq } from 'drizzle-orm'
import { type Act, act, type Ports } from '../act.ts'
import { holdWithRoot, settle } from '../cases/hold.ts'
import { type Fault, fault } from '../fault.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { assignments, cases, deliveries } from '../tables/index.ts'
import { deliverLater } from './open.ts'

type Delivery = typeof deliveries.$inferSelect

/** Sends again now, under the same key: safe at any time, since what was taken already stays taken. */
export async function replayDelivery(
  ports: Ports,
  officer: Officer,
  id: string,
): Promise<Fault | 'missing' | undefined> {
  demand(officer, 'delivery.replay')
  return change(ports, officer, id, async (a, delivery, caseId) => {
    if (delivery.state === 'taken') return fault('rejected', 'the office has it already')
    if (delivery.linkId === null) return fault('rejected', 'no link serves its agency yet')
    await a.tx
      .update(deliveries)
      // The seven days begin anew.
      .set({ state: 'ready', firstAttemptAt: null, attempts: 0, nextAttemptAt: null })
      .where(eq(deliveries.id, id))
    a.record({ of: 'case', id: caseId }, 'delivery.replayed', { delivery: id })
    deliverLater(a, { id, assignmentId: delivery.assignmentId, linkId: delivery.linkId })
    return undefined
  })
}

/** Stops trying; the case goes back to triage with the reason. */
export async function giveUpDelivery(
  ports: Ports,
  officer: Officer,
  { id, why }: { readonly id: string; readonly why: string },
): Promise<Fault | 'missing' | undefined> {
  demand(officer, 'delivery.give-up')
  return change(ports, officer, id, async (a, delivery, caseId) => {
    if (delivery.state === 'taken') return fault('rejected', 'the office has it already')
    await a.tx.update(deliveries).set({ state: 'given-up', nextAttemptAt: null }).where(eq(deliveries.id, id))
    await a.tx.update(cases).set({ waitingFor: 'office-rejected' }).where(eq(cases.id, caseId))
    a.record({ of: 'case', id: caseId }, 'delivery.given-up', { delivery: id, why })
    return undefined
  })
}

async function change(
  ports: Ports,
  officer: Officer,
  id: string,
  apply: (a: Act, delivery: Delivery, caseId: string) => Promise<Fault | undefined>,
): Promise<Fault | 'missing' | undefined> {
  return act(ports, { ...officer, unrecorded: true }, async (a) => {
    const [found] = await a.tx
      .select({ caseId: assignments.caseId })
      .from(deliveries)
      .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
      .where(eq(deliveries.id, id))
    if (found === undefined) return 'missing' as const
    const { own, root } = await holdWithRoot(a.tx, found.caseId)
    const [delivery] = await a.tx.select().from(deliveries).where(eq(deliveries.id, id)).for('update')
    const refused = await apply(a, delivery!, own.id)
    if (refused !== undefined) return refused
    await settle(a, root.id)
    return undefined
  })
}
