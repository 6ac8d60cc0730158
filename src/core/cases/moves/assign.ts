import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import type { Officer } from '../../people/officer.ts'
import { agencies } from '../../tables/index.ts'
import type { AssignmentRole } from '../../words.ts'
import { assign } from '../assign.ts'
import { isEnd } from '../machine.ts'
import { moveAssignment } from '../move.ts'
import { type Held, onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'
import { giveUpOpen } from './withdraw.ts'

export interface Assigning {
  readonly caseId: string
  readonly version: number
  readonly agencyId: string
  readonly role: AssignmentRole
}

/** An officer of the intake gives a case to an agency: as its lead where nobody leads, or beside the lead. */
export function assignCase(ports: Ports, officer: Officer, to: Assigning): Promise<Refused | undefined> {
  const lead = to.role === 'lead'
  return onCase(
    ports,
    officer,
    { ...to, action: lead ? 'case.assign' : 'case.coordinate', move: lead ? 'assign' : 'involve' },
    async (a, held) => {
      await knownAgency(a, to.agencyId)
      if (lead) await freeOfLead(a, held)
      if (held.assignments.some((s) => s.agencyId === to.agencyId && !isEnd(s.state)))
        refuse({ refused: 'invalid', field: 'agencyId', problem: 'has-it-already' })
      const last = held.assignments.filter(({ role }) => role === 'lead').at(-1)
      await assign(a, held.root, {
        agencyId: to.agencyId,
        role: to.role,
        how: 'by an officer',
        ...(lead && last !== undefined && { passedFrom: last.id }),
      })
    },
  )
}

export async function knownAgency(a: Act, id: string): Promise<typeof agencies.$inferSelect> {
  const [agency] = await a.tx.select().from(agencies).where(eq(agencies.id, id))
  return agency ?? refuse({ refused: 'missing', what: 'agency' })
}

/** A case that its office does not take may go to another one; a case that an agency works on may not. */
async function freeOfLead(a: Act, { root, assignments }: Held): Promise<void> {
  const live = assignments.filter(({ role, state }) => role === 'lead' && !isEnd(state))
  if (live.length > 0 && root.waitingFor !== 'office-rejected') refuse({ refused: 'not-now', status: root.status })
  for (const assignment of live) {
    await moveAssignment(a, { root, assignment, move: 'withdraw' })
    await giveUpOpen(a, assignment)
  }
}
