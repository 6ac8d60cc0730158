import { and, eq, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import type { Assignment } from '../cases/hold.ts'
import { deliveries, links } from '../tables/index.ts'
import type { DeliveryKind } from '../words.ts'

export interface Opening {
  readonly assignment: Assignment
  readonly kind: DeliveryKind
  /** The report that an addition is about. */
  readonly reportId?: string
  readonly urgent: boolean
}

/** Something to tell an agency's office. Without a link it waits, visible, until IT makes one. */
export async function openDelivery(a: Act, { assignment, kind, reportId, urgent }: Opening): Promise<void> {
  const link = await linkFor(a, assignment.agencyId)
  const id = uuid()
  const inserted = await a.tx
    .insert(deliveries)
    .values({
      id,
      assignmentId: assignment.id,
      reportId: reportId ?? null,
      linkId: link ?? null,
      kind,
      state: link === undefined ? 'waiting' : 'ready',
      createdAt: a.at,
    })
    .onConflictDoNothing()
    .returning({ id: deliveries.id })
  if (inserted.length === 0) return
  a.record({ of: 'case', id: assignment.caseId }, 'delivery.opened', {
    delivery: id,
    assignment: assignment.id,
    kind,
    link: link ?? null,
  })
  if (link !== undefined) deliverLater(a, { id, assignmentId: assignment.id, linkId: link, urgent })
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
async function linkFor(a: Act, agencyId: string): Promise<string | undefined> {
  const [link] = await a.tx
    .select({ id: links.id })
    .from(links)
    .where(sql`${links.serves} ?| array[${agencyId}, '*']`)
    .orderBy(sql`${links.serves} ? ${agencyId} desc`, links.id)
    .limit(1)
  return link?.id
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
      .set({ state: 'ready', linkId: link })
      .where(and(eq(deliveries.id, delivery.id), eq(deliveries.state, 'waiting')))
    a.record({ of: 'case', id: delivery.case_id }, 'delivery.released', { delivery: delivery.id, link })
    deliverLater(a, { id: delivery.id, assignmentId: delivery.assignment_id, linkId: link })
    released++
  }
  return released
}
