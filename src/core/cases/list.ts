import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { parseCode } from '../../normalize/code.ts'
import type { Ports } from '../act.ts'
import { listDeliveries } from '../delivery/list.ts'
import { type PageAsked, type PageOf, pageOf } from '../page.ts'
import { cases, files, history, notices, reports, submissions } from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'
import { assignmentsOf, type Case, familyOf, reportsOf } from './hold.ts'

export interface CaseSeen extends Case {
  /** Of its own first report. */
  readonly code: string
  readonly title: string
}

/** Newest first; ids are in order of time (UUID version 7). */
export async function listCases(
  { db }: Ports,
  asked: PageAsked & { readonly status?: CaseStatus | undefined; readonly code?: string | undefined },
): Promise<PageOf<CaseSeen>> {
  const code = asked.code === undefined ? undefined : (parseCode(asked.code) ?? asked.code)
  const rows = await db
    .selectDistinctOn([cases.id], { own: cases, code: reports.code, title: reports.title })
    .from(cases)
    .innerJoin(reports, eq(reports.caseId, cases.id))
    .where(
      and(
        asked.after === undefined ? undefined : lt(cases.id, asked.after),
        asked.status === undefined ? undefined : eq(cases.status, asked.status),
        code === undefined ? undefined : eq(reports.code, code),
      ),
    )
    .orderBy(desc(cases.id), asc(reports.receivedAt))
    .limit(asked.limit)
  return pageOf(
    rows.map((r) => ({ ...r.own, code: r.code, title: r.title })),
    asked.limit,
  )
}

export async function viewCase(ports: Ports, id: string) {
  const [seen] = (await listOne(ports, id)).items
  if (seen === undefined) return undefined
  return ports.db.transaction(
    async (tx) => {
      const family = await familyOf(tx, id)
      const held = await reportsOf(tx, family)
      const fileCounts = await tx
        .select({ submissionId: files.submissionId, count: sql<number>`count(*)::int` })
        .from(files)
        .where(
          and(
            eq(files.variant, 'original'),
            inArray(
              files.submissionId,
              held.map((r) => r.submissionId),
            ),
          ),
        )
        .groupBy(files.submissionId)
      const ids = held.map((r) => r.id)
      return {
        seen,
        reports: held.map((r) => ({
          ...r,
          files: fileCounts.find((f) => f.submissionId === r.submissionId)?.count ?? 0,
        })),
        assignments: await assignmentsOf(tx, family),
        deliveries: (await listDeliveries({ db: tx }, { limit: 200, caseIds: family })).items,
        notices: await tx
          .select()
          .from(notices)
          .where(inArray(notices.reportId, ids))
          .orderBy(notices.createdAt, notices.id),
        history: await tx
          .select()
          .from(history)
          .where(eq(history.chain, `case:${id}`))
          .orderBy(history.seq),
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

async function listOne({ db }: Ports, id: string): Promise<PageOf<CaseSeen>> {
  const rows = await db
    .select({ own: cases, code: reports.code, title: reports.title })
    .from(cases)
    .innerJoin(reports, eq(reports.caseId, cases.id))
    .where(eq(cases.id, id))
    .orderBy(asc(reports.receivedAt))
    .limit(1)
  return pageOf(
    rows.map((r) => ({ ...r.own, code: r.code, title: r.title })),
    2,
  )
}

/** What was sent, with what became of it. */
export async function listSubmissions({ db }: Ports, asked: PageAsked) {
  const rows = await db
    .select({
      id: submissions.id,
      code: submissions.code,
      sourceId: submissions.sourceId,
      receivedAt: submissions.receivedAt,
      erasedAt: submissions.erasedAt,
      reportId: reports.id,
      caseId: reports.caseId,
      survivorId: sql<string | null>`(
        with recursive up as (
          select id, joined_to from ${cases} c where c.id = ${reports.caseId}
          union all select c.id, c.joined_to from ${cases} c join up on c.id = up.joined_to
        ) select id from up where joined_to is null)`,
    })
    .from(submissions)
    .leftJoin(reports, eq(reports.submissionId, submissions.id))
    .where(asked.after === undefined ? undefined : lt(submissions.id, asked.after))
    .orderBy(desc(submissions.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}
