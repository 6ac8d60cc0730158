import { and, asc, eq, gt } from 'drizzle-orm'
import { type Act, act, type Ports } from '../act.ts'
import { may, mayEverywhere } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { rulesOf } from '../profile/of-case.ts'
import type { ProfileVersion } from '../profile/profile.ts'
import { assignments, cases, history } from '../tables/index.ts'
import type { Action } from '../words.ts'
import {
  type Assignment,
  assignmentsOf,
  type Case,
  familyOf,
  holdWithRoot,
  ofThisRound,
  type Report,
  reportsOf,
  settle,
} from './hold.ts'
import { type AssignmentMoveName, type CaseMoveName, canMove, caseCan, isEnd } from './machine.ts'
import { orRefused, type Refused, refuse } from './refused.ts'

/** A case that is locked, with all that was put into it. */
export interface Held {
  readonly root: Case
  readonly family: readonly string[]
  readonly reports: readonly Report[]
  /** Of the present round. */
  readonly assignments: readonly Assignment[]
  readonly rules: ProfileVersion
}

interface Asked {
  readonly action: Action
  /** Of the case as the officer saw it: where anything has changed since, nothing is done and they are told what. */
  readonly version?: number | undefined
}

/** One officer's operation on one case: who may, from which status, on what they saw; then the change, its history and the new status, in one transaction. */
export function onCase(
  ports: Ports,
  officer: Officer,
  on: Asked & { readonly caseId: string; readonly move?: CaseMoveName },
  change: (a: Act, held: Held) => Promise<void>,
): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, officer, async (a) => {
      const held = await holdFor(a, officer, on)
      // What was put into another case has no life of its own: whoever acts on what they see there looks at that one.
      if (on.version !== undefined && held.root.id !== on.caseId) refuse({ refused: 'not-now', status: 'joined' })
      await unchanged(a, held, on)
      if (!mayEverywhere(officer, on.action) && !hasShare(officer, on.action, held)) refuse({ refused: 'forbidden' })
      if (on.move !== undefined && !caseCan(held.root.status, on.move))
        refuse({ refused: 'not-now', status: held.root.status })
      await change(a, held)
      await settle(a, held.root.id)
      return undefined
    }),
  )
}

/** The same for one assignment, whose agency the officer must be of, unless they are of the intake. */
export function onAssignment(
  ports: Ports,
  officer: Officer,
  on: Asked & { readonly assignmentId: string; readonly move?: AssignmentMoveName },
  change: (a: Act, held: Held, assignment: Assignment) => Promise<void>,
): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, officer, async (a) => {
      const [named] = await a.tx.select().from(assignments).where(eq(assignments.id, on.assignmentId))
      if (named === undefined) refuse({ refused: 'missing', what: 'assignment' })
      const held = await holdFor(a, officer, { ...on, caseId: named!.caseId })
      await unchanged(a, held, on)
      if (!may(officer, on.action, { agencyId: named!.agencyId })) refuse({ refused: 'forbidden' })
      // Read again under the lock.
      const assignment = held.assignments.find(({ id }) => id === on.assignmentId)
      if (assignment === undefined || (on.move !== undefined && !canMove(assignment.state, on.move)))
        refuse({ refused: 'not-now', status: assignment?.state ?? 'withdrawn' })
      await change(a, held, assignment!)
      await settle(a, held.root.id)
      return undefined
    }),
  )
}

async function holdFor(a: Act, officer: Officer, on: Asked & { readonly caseId: string }): Promise<Held> {
  const [known] = await a.tx.select({ id: cases.id }).from(cases).where(eq(cases.id, on.caseId))
  if (known === undefined) refuse({ refused: 'missing', what: 'case' })
  const { root } = await holdWithRoot(a.tx, on.caseId)
  const family = await familyOf(a.tx, root.id)
  const all = await assignmentsOf(a.tx, family)
  if (!sees(officer, all)) refuse({ refused: 'missing', what: 'case' })
  if (!may(officer, on.action)) refuse({ refused: 'forbidden' })
  return {
    root,
    family,
    reports: await reportsOf(a.tx, family),
    assignments: ofThisRound(root, all),
    rules: await rulesOf(a.ports, root),
  }
}

/** What an agency's officer does with a whole case they do for the share that it has now. */
function hasShare(officer: Officer, action: Action, { assignments: shares }: Held): boolean {
  return shares.some(({ agencyId, state }) => !isEnd(state) && may(officer, action, { agencyId }))
}

/** An officer of an agency sees the cases in which it has, or had, a part. */
function sees(officer: Officer, all: readonly Pick<Assignment, 'agencyId'>[]): boolean {
  return mayEverywhere(officer, 'case.read') || all.some(({ agencyId }) => may(officer, 'case.read', { agencyId }))
}

async function unchanged(a: Act, { root }: Held, { version }: Asked): Promise<void> {
  if (version !== undefined && version !== root.historySeq)
    refuse({ refused: 'stale', changes: await changesSince(a, root.id, version) })
}

async function changesSince(a: Act, caseId: string, version: number) {
  return a.tx
    .select({ seq: history.seq, at: history.at, actor: history.actor, kind: history.kind })
    .from(history)
    .where(and(eq(history.chain, `case:${caseId}`), gt(history.seq, version)))
    .orderBy(asc(history.seq))
    .limit(50)
}
