import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { tellOfficers } from '../../duty/tell-officers.ts'
import type { Officer } from '../../people/officer.ts'
import type { ProfileVersion } from '../../profile/profile.ts'
import { cases } from '../../tables/index.ts'
import { assign } from '../assign.ts'
import type { Assignment, Case } from '../hold.ts'
import { isEnd } from '../machine.ts'
import { masked } from '../masked.ts'
import { moveAssignment } from '../move.ts'
import { onAssignment } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'
import { knownAgency } from './assign.ts'
import { giveUpOpen } from './withdraw.ts'
import { type On, say } from './work.ts'

export interface Returning extends On {
  readonly why: string
  /** What was found when it was looked into. */
  readonly verification?: string | undefined
  /** Photos that were sent before. */
  readonly upload?: string | undefined
  /** The place was looked at first: a longer limit may hold. */
  readonly siteVisit?: boolean | undefined
  readonly proposedAgencyId?: string | undefined
}

/**
 * Not this agency's matter: back to whoever gave it, with what the profile asks for and, where known, whose it is. Where a managing agency had
 * passed it on, that one looks at it first, and returns it to the intake if it agrees (Quyết định 4874/QĐ-UBND, Điều 7 khoản 1 điểm c).
 */
export function returnAssignment(
  ports: Ports,
  officer: Officer,
  { why, verification, upload, siteVisit = false, proposedAgencyId, ...on }: Returning,
): Promise<Refused | undefined> {
  return onAssignment(
    ports,
    officer,
    { ...on, action: 'case.return', move: 'return' },
    async (a, { root, rules, assignments }, assignment) => {
      if (proposedAgencyId !== undefined) await knownAgency(a, proposedAgencyId)
      const rule = wrongAuthorityOf(rules, root)
      // Where it is to be passed on directly, a return is the way out of those who do not know to whom.
      const must = rule === undefined || rule.to === 'right-agency' ? [] : rule.must
      if (must.includes('verification') && verification === undefined)
        refuse({ refused: 'invalid', field: 'verification', problem: 'missing' })
      if (must.includes('photo') && upload === undefined)
        refuse({ refused: 'invalid', field: 'upload', problem: 'photo-needed' })
      if (must.includes('proposed-agency') && proposedAgencyId === undefined)
        refuse({ refused: 'invalid', field: 'proposedAgencyId', problem: 'missing' })
      const reason = await masked(a, root.id, [why, verification].filter((part) => part !== undefined).join('\n\n'))
      await say(a, assignment, { kind: 'note', text: reason, upload })
      const moved = await moveAssignment(a, {
        root,
        assignment,
        move: 'return',
        set: {
          returnReason: reason,
          returnedAt: a.at,
          proposedAgencyId: proposedAgencyId ?? null,
          ...(siteVisit && { siteVisitedAt: a.at }),
        },
        saying: { why: reason, siteVisit, proposed: proposedAgencyId ?? null },
      })
      await afterReturn(a, root, moved!)
      const above = rule?.to === 'agency-above' && assignments.find(({ id }) => id === assignment.passedFrom)
      if (above && above.state === 'forwarded')
        await assign(a, root, {
          agencyId: above.agencyId,
          role: assignment.role,
          how: 'returned to whoever passed it on',
          passedFrom: assignment.id,
        })
    },
  )
}

/** What a lead returned waits for an officer; the clock towards the citizen goes on. */
export async function afterReturn(a: Act, root: Case, assignment: Assignment): Promise<void> {
  await giveUpOpen(a, assignment)
  if (assignment.role === 'lead') await a.tx.update(cases).set({ waitingFor: 'returned' }).where(eq(cases.id, root.id))
}

/** The profile's rule for what an agency holds not to be its own matter: the first that is for its category. */
function wrongAuthorityOf({ wrongAuthority }: ProfileVersion, { category }: Case) {
  return wrongAuthority.find(({ categories }) => categories?.includes(category ?? '') ?? true)
}

export interface Forwarding extends On {
  readonly agencyId: string
  readonly why: string
}

/** The agency itself passes it on: to the right one where the profile says so, or to a unit of its own; the supervisor sees it with the reason. */
export function forwardAssignment(
  ports: Ports,
  officer: Officer,
  { agencyId, why, ...on }: Forwarding,
): Promise<Refused | undefined> {
  return onAssignment(
    ports,
    officer,
    { ...on, action: 'case.forward', move: 'forward' },
    async (a, { root, assignments, rules }, assignment) => {
      const to = await knownAgency(a, agencyId)
      const rule = wrongAuthorityOf(rules, root)
      const direct = rule?.to === 'right-agency' ? rule : undefined
      if (direct === undefined && !rules.passingOn.allowed && officer.agencies !== 'all')
        refuse({ refused: 'invalid', field: 'agencyId', problem: 'return-instead' })
      if (assignments.some((s) => s.agencyId === to.id && !isEnd(s.state)))
        refuse({ refused: 'invalid', field: 'agencyId', problem: 'has-it-already' })
      const reason = await masked(a, root.id, why)
      await moveAssignment(a, { root, assignment, move: 'forward', saying: { why: reason, to: to.id } })
      await giveUpOpen(a, assignment)
      // To watch, and to mend the routing (Quyết định 663/QĐ-UBND, Điều 7 khoản 5).
      if (direct?.copyTo === 'operator')
        await tellOfficers(
          a,
          { toRole: 'operator', agencyId: null },
          { event: 'forwarded', caseId: root.id, values: { from: assignment.agencyId, to: to.id, why: reason } },
        )
      await assign(a, root, { agencyId: to.id, role: assignment.role, how: 'passed on', passedFrom: assignment.id })
    },
  )
}

export interface Coordinating extends On {
  readonly agencyId: string
  readonly question: string
}

/** The lead asks another agency for its part; what it answers goes to the lead. */
export function askCoordinator(
  ports: Ports,
  officer: Officer,
  { agencyId, question, ...on }: Coordinating,
): Promise<Refused | undefined> {
  return onAssignment(
    ports,
    officer,
    { ...on, action: 'case.coordinate' },
    async (a, { root, assignments, rules }, assignment) => {
      if (rules.coordination.askedBy !== 'agency' && officer.agencies !== 'all') refuse({ refused: 'forbidden' })
      if (assignment.role !== 'lead' || isEnd(assignment.state))
        refuse({ refused: 'not-now', status: assignment.state })
      const to = await knownAgency(a, agencyId)
      if (assignments.some((s) => s.agencyId === to.id && !isEnd(s.state)))
        refuse({ refused: 'invalid', field: 'agencyId', problem: 'has-it-already' })
      const asked = await assign(a, root, {
        agencyId: to.id,
        role: 'coordinating',
        how: 'asked by the lead',
        passedFrom: assignment.id,
      })
      await say(a, asked, { kind: 'question', text: await masked(a, root.id, question) })
    },
  )
}
