import { and, eq, lt } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { dayAfter, startOfDay } from '../../day.ts'
import { hasItAtDesk } from '../../delivery/otherwise.ts'
import { tellOfficers } from '../../duty/tell-officers.ts'
import { tell } from '../../notices/tell.ts'
import type { Officer } from '../../people/officer.ts'
import type { ProfileVersion } from '../../profile/profile.ts'
import { deadlines } from '../../tables/index.ts'
import { type Assignment, assignmentsOf } from '../hold.ts'
import { masked } from '../masked.ts'
import { moveAssignment } from '../move.ts'
import { onAssignment } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'
import { concerns, type On, say } from './work.ts'

export interface Interim extends On {
  /** The state so far, in words for the reporter. */
  readonly text: string
  /** The day by which it will be done, YYYY-MM-DD. */
  readonly committedFor?: string | undefined
  readonly upload?: string | undefined
}

/** It takes longer: the reporters hear how far it is and, where the agency commits itself to a day, by when. */
export function giveInterim(
  ports: Ports,
  officer: Officer,
  { text, committedFor, upload, ...on }: Interim,
): Promise<Refused | undefined> {
  return onAssignment(
    ports,
    officer,
    { ...on, action: 'case.answer', move: 'interim' },
    async (a, { root, reports, rules }, given) => {
      const assignment = await hasItAtDesk(a, given)
      const must = rules.interim.filter((rule) => concerns(rule, root)).flatMap((rule) => rule.must)
      if (must.includes('committed-date') && committedFor === undefined)
        refuse({ refused: 'invalid', field: 'committedFor', problem: 'missing' })
      if (must.includes('photo') && upload === undefined)
        refuse({ refused: 'invalid', field: 'upload', problem: 'photo-needed' })
      if (assignment.role === 'coordinating' && (await isLate(a, assignment)))
        await owesLead(a, { assignment, rules, committedFor })
      const clean = await masked(a, root.id, text)
      const wordId = await say(a, assignment, { kind: 'interim', text: clean, committedFor, upload })
      await moveAssignment(a, {
        root,
        assignment,
        move: 'interim',
        ...(committedFor !== undefined && { set: { committedFor } }),
        saying: { text: clean, committedFor: committedFor ?? null },
        promised: committedFor === undefined ? undefined : new Date(startOfDay(dayAfter(committedFor)) - 1),
      })
      if (assignment.role === 'lead')
        await tell(a, reports, {
          event: 'interim',
          about: wordId,
          values: { state: clean, committed: committedFor ?? '—' },
        })
    },
  )
}

/** Is the time over in which it was to answer? */
async function isLate(a: Act, { id }: Assignment): Promise<boolean> {
  const [late] = await a.tx
    .select({ id: deadlines.id })
    .from(deadlines)
    .where(and(eq(deadlines.assignmentId, id), eq(deadlines.state, 'open'), lt(deadlines.dueAt, a.at)))
    .limit(1)
  return late !== undefined
}

/** Whoever coordinates and is late says by when, and the lead hears of it (Quyết định 663/QĐ-UBND, Điều 7 khoản 4). */
async function owesLead(
  a: Act,
  {
    assignment,
    rules,
    committedFor,
  }: {
    readonly assignment: Assignment
    readonly rules: ProfileVersion
    readonly committedFor: string | undefined
  },
): Promise<void> {
  const { lateMust } = rules.coordination
  if (lateMust.includes('committed-date') && committedFor === undefined)
    refuse({ refused: 'invalid', field: 'committedFor', problem: 'missing' })
  const lead = (await assignmentsOf(a.tx, [assignment.caseId])).findLast(({ role }) => role === 'lead')
  if (!lateMust.includes('tell-lead') || lead === undefined) return
  await tellOfficers(
    a,
    { toRole: 'agency', agencyId: lead.agencyId },
    {
      ...{ event: 'coordination-late', caseId: lead.caseId },
      values: { agency: assignment.agencyId, committed: committedFor ?? '—' },
    },
  )
}
