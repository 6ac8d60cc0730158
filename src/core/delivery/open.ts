import { and, eq, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import type { Assignment } from '../cases/hold.ts'
import { rulesOf } from '../profile/of-case.ts'
import { cases, deliveries, links } from '../tables/index.ts'
import type { DeliveryKind } from '../words.ts'
import { atDesk } from './has-it.ts'
import { giveNumber } from './number.ts'

export interface Opening {
  readonly assignment: Assignment
  readonly kind: DeliveryKind
  /** The report that an addition is about. */
  readonly reportId?: string
  readonly urgent: boolean
  /** Why there is one more about the same report. */
  readonly purpose?: 'identity' | `revision:${string}`
}

/**
 * Something to tell an agency's office. Without a link it waits, visible, until IT makes one; but where agencies work here they have it at once.
 */
export async function openDelivery(a: Act, { assignment, kind, reportId, urgent, purpose }: Opening): Promise<void> {
  const link = await linkFor(a, assignment.agencyId)
  const id = uuid()
  const inserted = await a.tx
    .insert(deliveries)
    .values({
      id,
      assignmentId: assignment.id,
      reportId: reportId ?? null,
      linkId: link?.id ?? null,
      kind,
      purpose: purpose ?? '',
      state: link === undefined ? 'waiting' : 'ready',
      createdAt: a.at,
    })
    .onConflictDoNothing()
    .returning()
  if (inserted.length === 0) return
  a.record({ of: 'case', id: assignment.caseId }, 'delivery.opened', {
    delivery: id,
    assignment: assignment.id,
    kind,
    link: link?.id ?? null,
  })
  if (link === undefined) {
    if (await isHandledHere(a, assignment)) await atDesk(a, inserted[0]!, assignment)
    return
  }
  await giveNumber(a, id, link)
  deliverLater(a, { id, assignmentId: assignment.id, linkId: link.id, urgent })
}

async function isHandledHere(a: Act, { caseId }: Assignment): Promise<boolean> {
  const [own] = await a.tx.select().from(cases).where(eq(cases.id, caseId))
  return (await rulesOf(a.ports, own!)).handling !== undefined
}

export function deliverLater(
  a: Act,
  delivery: { readonly id: string; readonly assignmentId: string; readonly linkId: string; readonly urgent?: boolean },
): void {
  a.later({
    kind: 'deliver',
    ref: delivery.id,
    lane: laneOf(delivery.linkId),
    // An addition never overtakes its case.
    orderedBy: delivery.assignmentId,
    urgent: delivery.urgent ?? false,
  })
}

export const laneOf = (linkId: string): string => `link:${linkId}`

/** The link that names the agency, else the one for all. */
async function linkFor(a: Act, agencyId: string): Promise<typeof links.$inferSelect | undefined> {
  const [link] = await a.tx
    .select()
    .from(links)
    .where(sql`${links.serves} ?| array[${agencyId}, '*']`)
    .orderBy(sql`${links.serves} ? ${agencyId} desc`, links.id)
    .limit(1)
  return link
}

/** Deliveries that waited for a link to this agency go out by it now. */
export async function releaseWaiting(a: Act): Promise<number> {
  const waiting = await a.tx.execute<{ id: string; assignment_id: string; agency_id: string; case_id: string }>(sql`
    select d.id, d.assignment_id, s.agency_id, s.case_id from ${deliveries} d join assignment s on s.id = d.assignment_id
    where d.state = 'waiting' order by d.created_at, d.id`)
  let released = 0
  for (const delivery of waiting.rows) {
    const link = await linkFor(a, delivery.agency_id)
    if (link === undefined) continue
    await a.tx
      .update(deliveries)
      .set({ state: 'ready', linkId: link.id })
      .where(and(eq(deliveries.id, delivery.id), eq(deliveries.state, 'waiting')))
    await giveNumber(a, delivery.id, link)
    a.record({ of: 'case', id: delivery.case_id }, 'delivery.released', { delivery: delivery.id, link: link.id })
    deliverLater(a, { id: delivery.id, assignmentId: delivery.assignment_id, linkId: link.id })
    released++
  }
  return released
}
