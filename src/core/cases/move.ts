import { eq } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { happenedTo } from '../deadlines/happened-to.ts'
import { assignments } from '../tables/index.ts'
import type { Assignment, Case } from './hold.ts'
import { ASSIGNMENT_MOVES, type AssignmentMove, type AssignmentMoveName, canMove, isEnd } from './machine.ts'

interface Moving {
  readonly root: Case
  readonly assignment: Assignment
  readonly move: AssignmentMoveName
  readonly set?: Partial<Assignment>
  /** What the line of history says beside which assignment: masked text and row ids. */
  readonly saying?: Readonly<Record<string, string | number | boolean | null>>
  /** The last instant of the day that an interim answer commits to. */
  readonly promised?: Date | undefined
}

/**
 * The one place where an assignment changes its state: as the machine allows, with its line of history and its clocks. Undefined where there is
 * no such move from here: somebody was first, or a late word. The caller holds the case.
 */
export async function moveAssignment(
  a: Act,
  { root, assignment, move, set = {}, saying = {}, promised }: Moving,
): Promise<Assignment | undefined> {
  if (!canMove(assignment.state, move)) return undefined
  const { to, event, line = `assignment.${to}` }: AssignmentMove = ASSIGNMENT_MOVES[move]
  const [moved] = await a.tx
    .update(assignments)
    .set({ ...set, state: to, ...(isEnd(to) && { endedAt: a.at }) })
    .where(eq(assignments.id, assignment.id))
    .returning()
  // A case that was put into another one keeps its own history, too.
  for (const id of new Set([assignment.caseId, root.id]))
    a.record({ of: 'case', id }, line, { assignment: assignment.id, ...saying })
  if (event !== undefined) await happenedTo(a, event, { case: root, assignment: moved!, promised })
  return moved
}
