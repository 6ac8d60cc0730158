import { and, eq, ne } from 'drizzle-orm'
import type { Act, Ports } from '../act.ts'
import type { Assignment } from '../cases/hold.ts'
import { isEnd } from '../cases/machine.ts'
import { masked } from '../cases/masked.ts'
import { onCase } from '../cases/operate.ts'
import { type Refused, refuse } from '../cases/refused.ts'
import type { Officer } from '../people/officer.ts'
import { assignments, deliveries } from '../tables/index.ts'
import { atDesk, officeHasIt } from './has-it.ts'

export interface Telephoned {
  readonly deliveryId: string
  /** Who took the call, by office or position: not the reporter. */
  readonly spokeTo: string
}

/** Passed on by telephone: the agency has it, whatever its software does; what waited for a link or a retry goes out no more. */
export async function passedByTelephone(
  ports: Ports,
  officer: Officer,
  { deliveryId, spokeTo }: Telephoned,
): Promise<Refused | undefined> {
  const [found] = await ports.db
    .select({ delivery: deliveries, assignment: assignments })
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .where(eq(deliveries.id, deliveryId))
  if (found === undefined) return { refused: 'missing', what: 'delivery' }
  const on = { caseId: found.assignment.caseId, action: 'duty.take' } as const
  return onCase(ports, officer, on, async (a, { root }) => {
    const [delivery] = await a.tx.select().from(deliveries).where(eq(deliveries.id, deliveryId)).for('update')
    const [assignment] = await a.tx.select().from(assignments).where(eq(assignments.id, found.assignment.id))
    if (delivery!.state === 'taken') refuse({ refused: 'not-now', status: delivery!.state })
    if (delivery!.kind === 'case' && isEnd(assignment!.state)) refuse({ refused: 'not-now', status: assignment!.state })
    await a.tx.update(deliveries).set({ takenVia: 'telephone' }).where(eq(deliveries.id, deliveryId))
    a.record({ of: 'case', id: root.id }, 'delivery.by-telephone', {
      delivery: deliveryId,
      spokeTo: await masked(a, root.id, spokeTo),
    })
    await officeHasIt(a, delivery!, assignment!)
  })
}

/** An agency's officer works on it here: the agency has it, whether its own software does or not. */
export async function hasItAtDesk(a: Act, assignment: Assignment): Promise<Assignment> {
  const [delivery] = await a.tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.assignmentId, assignment.id), eq(deliveries.kind, 'case'), ne(deliveries.state, 'taken')))
    .for('update')
  if (delivery === undefined) return assignment
  await atDesk(a, delivery, assignment)
  const [now] = await a.tx.select().from(assignments).where(eq(assignments.id, assignment.id))
  return now!
}
