import { and, eq, or, sql } from 'drizzle-orm'
import { validate as isUuid } from 'uuid'
import type { OfficeUpdate } from '../../connectors/connector.ts'
import type { Act } from '../act.ts'
import type { Assignment } from '../cases/hold.ts'
import { agencies, assignments, deliveries } from '../tables/index.ts'

export interface Meant {
  readonly assignment: Assignment
  /** What it is about: the case's own delivery where only the assignment is named. */
  readonly delivery: typeof deliveries.$inferSelect
}

/**
 * `of` is our delivery's key, our assignment's or document's id, or the office's own reference; only what went out by this link counts. Where the
 * exchange says who wrote it, only the agency that has the matter may: from anybody else on the exchange it waits for a person.
 */
export async function meantBy(a: Act, linkId: string, { of, from }: OfficeUpdate): Promise<Meant | undefined> {
  const named = isUuid(of)
    ? or(eq(deliveries.id, of), eq(deliveries.assignmentId, of))
    : or(eq(deliveries.officeRef, of), eq(deliveries.documentId, of))
  const [found] = await a.tx
    .select({ assignment: assignments, delivery: deliveries, agency: agencies })
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .innerJoin(agencies, eq(agencies.id, assignments.agencyId))
    .where(and(eq(deliveries.linkId, linkId), named))
    .orderBy(sql`${deliveries.kind} = 'case' desc`)
    .limit(1)
  if (found === undefined) return undefined
  const { agency, ...meant } = found
  return from === undefined || from === agency.code || agency.aliases.includes(from) ? meant : undefined
}
