import { and, asc, eq, gte, inArray, isNull, lte, ne, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ports } from '../act.ts'
import { rootOf } from '../cases/hold.ts'
import { type AnswerFile, answerFiles } from '../delivery/answer-files.ts'
import { notices, reports, submissions } from '../tables/index.ts'
import { NOTICE_STATES, type NoticeEvent } from '../words.ts'

export interface UpdatesAsked {
  readonly sourceId: string
  readonly from: Date
  readonly to: Date
  readonly limit: number
  readonly skip: number
}

/** One thing that the reporter was told, by however many ways. */
export interface ClientUpdate {
  readonly id: string
  readonly code: string
  readonly at: Date
  readonly event: NoticeEvent
  readonly values: Readonly<Record<string, string>>
  readonly files: readonly AnswerFile[]
}

/** Of the client's own reports, oldest first. What proves a contact is between the reporter and us. */
export async function clientUpdates(
  ports: Ports,
  { sourceId, from, to, limit, skip }: UpdatesAsked,
): Promise<ClientUpdate[]> {
  const { db } = ports
  const other = alias(notices, 'other')
  const second = sql`date_trunc('second', ${notices.createdAt})`
  const toldBefore = db
    .select({ one: sql`1` })
    .from(other)
    .where(
      and(
        eq(other.reportId, notices.reportId),
        eq(other.event, notices.event),
        eq(other.about, notices.about),
        sql`(${other.createdAt}, ${other.id}) < (${notices.createdAt}, ${notices.id})`,
      ),
    )
  const rows = await db
    .select({ notice: notices, code: reports.code, caseId: reports.caseId })
    .from(notices)
    .innerJoin(reports, eq(reports.id, notices.reportId))
    .innerJoin(submissions, eq(submissions.id, reports.submissionId))
    .where(
      and(
        eq(reports.sourceId, sourceId),
        isNull(submissions.erasedAt),
        // Every state: the index over them holds the times as well.
        inArray(notices.state, [...NOTICE_STATES]),
        gte(notices.createdAt, from),
        lte(second, to),
        ne(notices.event, 'verify'),
        notExists(toldBefore),
      ),
    )
    .orderBy(asc(notices.createdAt), asc(notices.id))
    .limit(limit)
    .offset(skip)
  const ofCase = new Map<string, ReadonlyMap<string, readonly AnswerFile[]>>()
  const told: ClientUpdate[] = []
  for (const { notice, code, caseId } of rows) {
    const { id, createdAt: at, event, values, about } = notice
    if (about !== '' && !ofCase.has(caseId)) ofCase.set(caseId, await answerFiles(ports, await rootOf(db, caseId)))
    told.push({ id, code, at, event, values, files: (about !== '' && ofCase.get(caseId)?.get(about)) || [] })
  }
  return told
}
