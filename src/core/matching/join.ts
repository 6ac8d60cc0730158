import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import { assignmentsOf, type Case, familyOf, hold, reportsOf, rootOf, settle } from '../cases/hold.ts'
import { tellForwarded } from '../delivery/has-it.ts'
import { openDelivery } from '../delivery/open.ts'
import { cases, joins } from '../tables/index.ts'

export interface Joining {
  readonly one: string
  readonly other: string
  readonly why: string
}

/**
 * Puts the newer of two matters into the older. Both are locked in id order and looked at again: whoever comes second finds them joined already
 * and changes nothing. Returns the survivor, or undefined where nothing was to be done.
 */
export async function joinCases(a: Act, { one, other, why }: Joining): Promise<string | undefined> {
  const [first, second] = await holdRoots(a, one, other)
  if (first.id === second.id || !isOpen(first) || !isOpen(second)) return undefined
  const [older, newer] = isOlder(first, second) ? [first, second] : [second, first]
  const moved = await familyOf(a.tx, newer.id)
  await a.tx.insert(joins).values({ id: uuid(), fromCase: newer.id, toCase: older.id, at: a.at, by: a.actor, why })
  await a.tx.update(cases).set({ joinedTo: older.id, urgent: newer.urgent }).where(eq(cases.id, newer.id))
  if (newer.urgent && !older.urgent) await a.tx.update(cases).set({ urgent: true }).where(eq(cases.id, older.id))
  a.record({ of: 'case', id: newer.id }, 'case.joined', { to: older.id, why })
  a.record({ of: 'case', id: older.id }, 'case.took-in', { from: newer.id, why })
  await tellOffices(a, older.id, moved)
  await settle(a, newer.id)
  await settle(a, older.id)
  return older.id
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
      if (assignment.deliveredAt !== null && assignment.dueAt !== null)
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

const isOpen = (c: Case): boolean => c.joinedTo === null && c.status !== 'answered'

function isOlder(a: Case, b: Case): boolean {
  const difference = a.openedAt.getTime() - b.openedAt.getTime()
  return difference === 0 ? a.id < b.id : difference < 0
}
