import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import { tells } from '../notices/tells.ts'
import { contactIndex, notices, reports, sources, statusChanges } from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'

type Report = typeof reports.$inferSelect

/**
 * A case has another status: the programs by which its reports came are told, as far as they want to be, in the order in which it changed. What a
 * report's status is, its view says: that of the case that everything was put into.
 */
export async function statusChanged(a: Act, family: readonly string[], seen: CaseStatus): Promise<void> {
  const kinds = [...a.ports.channels.values()].flatMap(({ kind, send }) => (send?.attemptStatus ? [kind] : []))
  if (kinds.length === 0) return
  const rows = await a.tx
    .select({ report: reports, source: sources })
    .from(reports)
    .innerJoin(sources, eq(sources.id, reports.sourceId))
    .innerJoin(
      contactIndex,
      // Erased, or its user has left: nobody wants to know.
      and(
        eq(contactIndex.reporterId, reports.reporterId),
        eq(contactIndex.kind, 'provider'),
        isNull(contactIndex.closedAt),
      ),
    )
    .where(
      and(
        inArray(reports.caseId, [...family]),
        inArray(reports.channel, kinds),
        // Whoever goes on from another report hears by that one.
        isNull(reports.follows),
        eq(sources.state, 'on'),
      ),
    )
    .orderBy(reports.receivedAt, reports.id)
  for (const { report, source } of rows) if (tells(a.ports, source)) await queue(a, report, seen)
}

async function queue(a: Act, report: Report, status: CaseStatus): Promise<void> {
  if ((await statusKnown(a, report.id)) === status) return
  const id = uuid()
  const withNotice = await carriedByNotice(a, report, status)
  await a.tx.insert(statusChanges).values({
    ...{ id, reportId: report.id, sourceId: report.sourceId, status, at: a.at },
    state: withNotice ? 'with-notice' : 'due',
  })
  if (!withNotice)
    a.later({ kind: 'status', ref: id, lane: `source:${report.sourceId}`, orderedBy: `notices:${report.id}` })
}

/** The status that a program knows, or will once it has all that was queued for it. */
export async function statusKnown({ tx }: Pick<Act, 'tx'>, reportId: string): Promise<CaseStatus> {
  const [last] = await tx
    .select({ status: statusChanges.status })
    .from(statusChanges)
    .where(eq(statusChanges.reportId, reportId))
    .orderBy(desc(statusChanges.seq))
    .limit(1)
  return last?.status ?? 'received'
}

/** Where this very transaction tells the program something anyhow, that says the status too: one change is one message. */
async function carriedByNotice(a: Act, { id, sourceId }: Report, status: CaseStatus): Promise<boolean> {
  const carrying = await a.tx
    .update(notices)
    .set({ status })
    .where(
      and(
        eq(notices.reportId, id),
        eq(notices.sourceId, sourceId),
        eq(notices.state, 'due'),
        // Not by its time, which another transaction may have as well.
        sql`${notices}.xmin = pg_current_xact_id()::xid`,
      ),
    )
    .returning({ id: notices.id })
  return carrying.length > 0
}
