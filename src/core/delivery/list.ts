import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import { type PageAsked, type PageOf, pageOf } from '../page.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { ownShares } from '../people/scope.ts'
import { assignments, deliveries, updates } from '../tables/index.ts'
import type { DeliveryState } from '../words.ts'

const seen = {
  id: deliveries.id,
  caseId: assignments.caseId,
  assignmentId: deliveries.assignmentId,
  agencyId: assignments.agencyId,
  linkId: deliveries.linkId,
  kind: deliveries.kind,
  purpose: deliveries.purpose,
  state: deliveries.state,
  createdAt: deliveries.createdAt,
  attempts: deliveries.attempts,
  nextAttemptAt: deliveries.nextAttemptAt,
  takenAt: deliveries.takenAt,
  takenVia: deliveries.takenVia,
  officeRef: deliveries.officeRef,
  documentId: deliveries.documentId,
  lastFault: deliveries.lastFault,
  lastMessage: deliveries.lastMessage,
}

export type DeliverySeen = Omit<
  typeof deliveries.$inferSelect,
  'reportId' | 'outcomeUnknown' | 'firstAttemptAt' | 'documentNumber' | 'documentDay' | 'progress'
> & {
  readonly caseId: string
  readonly agencyId: string
}

export interface DeliveriesAsked extends PageAsked {
  readonly id?: string
  readonly state?: DeliveryState | undefined
  readonly link?: string | undefined
  readonly caseIds?: readonly string[]
}

export async function listDeliveries(
  ports: { readonly db: Db },
  officer: Officer,
  asked: DeliveriesAsked,
): Promise<PageOf<DeliverySeen>> {
  demand(officer, 'delivery.read')
  return selectDeliveries(ports, officer, asked)
}

/** Those of cases that they see, without asking whether they see cases. An agency is shown its own. */
export async function selectDeliveries(
  { db }: { readonly db: Db | Tx },
  officer: Officer,
  asked: DeliveriesAsked,
): Promise<PageOf<DeliverySeen>> {
  const rows = await db
    .select(seen)
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .where(
      and(
        asked.id === undefined ? undefined : eq(deliveries.id, asked.id),
        asked.after === undefined ? undefined : lt(deliveries.id, asked.after),
        asked.state === undefined ? undefined : eq(deliveries.state, asked.state),
        asked.link === undefined ? undefined : eq(deliveries.linkId, asked.link),
        asked.caseIds === undefined ? undefined : inArray(assignments.caseId, [...asked.caseIds]),
        ownShares(officer, assignments.agencyId, asked.caseIds === undefined ? 'delivery.read' : 'case.read'),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}

/** As it is now, for whoever has just done something with it: not everybody who may passes deliveries in review. */
export async function deliveryNow({ db }: { readonly db: Db }, id: string): Promise<DeliverySeen> {
  const [row] = await db
    .select(seen)
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .where(eq(deliveries.id, id))
  return row!
}

export async function listUpdates(
  { db }: { readonly db: Db },
  officer: Officer,
  asked: PageAsked & { readonly outcome?: 'applied' | 'late' | 'unknown' | undefined },
) {
  demand(officer, 'delivery.read')
  const rows = await db
    .select()
    .from(updates)
    .where(
      and(
        asked.after === undefined ? undefined : lt(updates.id, asked.after),
        asked.outcome === undefined ? undefined : eq(updates.outcome, asked.outcome),
      ),
    )
    .orderBy(desc(updates.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}

/** How many deliveries are in each state: for the metrics and the doctor. */
export async function countDeliveries(db: Db): Promise<Readonly<Record<string, number>>> {
  const rows = await db
    .select({ state: deliveries.state, count: sql<number>`count(*)::int` })
    .from(deliveries)
    .groupBy(deliveries.state)
  return Object.fromEntries(rows.map((r) => [r.state, r.count]))
}
