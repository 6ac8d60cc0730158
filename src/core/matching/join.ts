import { and, eq, inArray, isNull } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import { assignmentsOf, type Case, familyOf, hold, reportsOf, rootOf, settle } from '../cases/hold.ts'
import { caseCan } from '../cases/machine.ts'
import { endClocks } from '../deadlines/clocks.ts'
import { tellForwarded } from '../delivery/has-it.ts'
import { openDelivery } from '../delivery/open.ts'
import { tell } from '../notices/tell.ts'
import { rulesOf } from '../profile/of-case.ts'
import { assignments, cases, deadlines, joins } from '../tables/index.ts'

export interface Joining {
  readonly one: string
  readonly other: string
  readonly why: string
  /** Offices that have the one hear of the other as an addition. */
  readonly tellsOffices?: boolean
}

/**
 * Puts the newer of two matters into the older. Both are locked in id order and looked at again: whoever comes second finds them joined already
 * and changes nothing. Returns the survivor, or undefined where nothing was to be done.
 */
export async function joinCases(
  a: Act,
  { one, other, why, tellsOffices = true }: Joining,
): Promise<string | undefined> {
  const [first, second] = await holdRoots(a, one, other)
  if (first.id === second.id || !isOpen(first) || !isOpen(second)) return undefined
  const [older, newer] = isOlder(first, second) ? [first, second] : [second, first]
  const moved = await familyOf(a.tx, newer.id)
  await a.tx.insert(joins).values({ id: uuid(), fromCase: newer.id, toCase: older.id, at: a.at, by: a.actor, why })
  // What goes on, goes on in the survivor's round.
  await a.tx
    .update(assignments)
    .set({ round: older.round })
    .where(and(inArray(assignments.caseId, moved), isNull(assignments.endedAt)))
  await a.tx.update(cases).set({ joinedTo: older.id, urgent: newer.urgent }).where(eq(cases.id, newer.id))
  if (newer.urgent && !older.urgent) await a.tx.update(cases).set({ urgent: true }).where(eq(cases.id, older.id))
  a.record({ of: 'case', id: newer.id }, 'case.joined', { to: older.id, why })
  a.record({ of: 'case', id: older.id }, 'case.took-in', { from: newer.id, why })
  await endIntake(a, newer)
  if (tellsOffices) await tellOffices(a, older.id, moved)
  await tellRepeated(a, older, moved)
  await settle(a, newer.id)
  await settle(a, older.id)
  return older.id
}

/** Nobody has to dispatch a repeat any more. What its reporter was promised, and what an agency owes that has it already, runs on. */
async function endIntake(a: Act, newer: Case): Promise<void> {
  const open = await a.tx
    .select()
    .from(deadlines)
    .where(and(eq(deadlines.caseId, newer.id), eq(deadlines.state, 'open'), isNull(deadlines.assignmentId)))
    .for('update')
  const intake = open.filter(({ towards }) => towards === 'agency')
  const met = intake.filter(({ until }) => until.includes('case.joined'))
  await endClocks(a, met, { state: 'met', at: a.at, of: { case: newer } })
  await endClocks(
    a,
    intake.filter((d) => !met.includes(d)),
    { state: 'cancelled', at: a.at, of: { case: newer } },
  )
}

/** Whoever reports what is known already hears that it is recorded and in hand; where an agency has it, they have heard which (`tellOffices`). */
async function tellRepeated(a: Act, older: Case, moved: readonly string[]): Promise<void> {
  const { repeats } = await rulesOf(a.ports, older)
  const having = await assignmentsOf(a.tx, await familyOf(a.tx, older.id))
  if (repeats.tell === 'nothing' || having.some((s) => s.deliveredAt !== null && s.endedAt === null)) return
  await tell(a, await reportsOf(a.tx, moved), { event: 'repeated', about: older.id, values: {} })
}

/**
 * Offices that have one of the two hear of each report of the other as an addition; its reporter hears who has it. Either may be with an
 * office already: the newer one is, where the older was read late.
 */
async function tellOffices(a: Act, survivor: string, moved: readonly string[]): Promise<void> {
  const [root] = await a.tx.select().from(cases).where(eq(cases.id, survivor))
  const stayed = (await familyOf(a.tx, survivor)).filter((id) => !moved.includes(id))
  for (const [having, added] of [
    [stayed, moved],
    [moved, stayed],
  ] as const) {
    const reports = await reportsOf(a.tx, added)
    for (const assignment of await assignmentsOf(a.tx, having)) {
      if (assignment.endedAt !== null) continue
      for (const report of reports)
        await openDelivery(a, { assignment, kind: 'addition', reportId: report.id, urgent: root!.urgent })
      if (assignment.deliveredAt !== null && assignment.role === 'lead')
        await tellForwarded(a, { assignment, dueAt: assignment.dueAt, to: reports })
    }
  }
}

async function holdRoots(a: Act, one: string, other: string): Promise<readonly [Case, Case]> {
  for (;;) {
    const roots = [await rootOf(a.tx, one), await rootOf(a.tx, other)] as const
    const held = await hold(a.tx, roots)
    const pair = roots.map((id) => held.find((c) => c.id === id)!)
    if (pair.every((c) => c.joinedTo === null)) return [pair[0]!, pair[1]!]
  }
}

/** What its reporters have been told is settled, so nothing is put into it any more. */
const isOpen = (c: Case): boolean => caseCan(c.status, 'ask')

function isOlder(a: Case, b: Case): boolean {
  const difference = a.openedAt.getTime() - b.openedAt.getTime()
  return difference === 0 ? a.id < b.id : difference < 0
}
