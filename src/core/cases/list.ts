import { and, asc, desc, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm'
import { parseCode } from '../../normalize/code.ts'
import type { Ports } from '../act.ts'
import { contactsKnown } from '../contacts/verify.ts'
import { selectDeliveries } from '../delivery/list.ts'
import { type PageAsked, type PageOf, pageOf } from '../page.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { visibleTo } from '../people/scope.ts'
import {
  assignments,
  assignmentWords,
  cases,
  consents,
  deadlines,
  files,
  history,
  notices,
  ratings,
  reports,
  submissions,
} from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'
import { assignmentsOf, type Case, familyOf, reportsOf, rootOf } from './hold.ts'

export interface CaseSeen extends Case {
  /** Of its own first report. */
  readonly code: string
  readonly title: string
}

export interface CasesAsked {
  readonly status?: CaseStatus | undefined
  readonly code?: string | undefined
  readonly waitingFor?: string | undefined
}

/** Newest first; ids are in order of time (UUID version 7). */
export async function listCases(
  { db }: Ports,
  officer: Officer,
  asked: PageAsked & CasesAsked,
): Promise<PageOf<CaseSeen>> {
  demand(officer, 'case.read')
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
        asked.waitingFor === undefined ? undefined : eq(cases.waitingFor, asked.waitingFor),
        visibleTo(officer, cases.id),
      ),
    )
    .orderBy(desc(cases.id), asc(reports.receivedAt))
    .limit(asked.limit)
  return pageOf(
    rows.map((r) => ({ ...r.own, code: r.code, title: r.title })),
    asked.limit,
  )
}

/** With all that was joined to it; undefined where they see no such case. */
export async function viewCase(ports: Ports, officer: Officer, id: string) {
  demand(officer, 'case.read')
  const [seen] = (await listOne(ports, officer, id)).items
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
      const contacts = await contactsKnown(
        tx,
        held.map((r) => r.reporterId),
      )
      return {
        seen,
        reports: held.map((r) => ({
          ...r,
          contacts: contacts.filter(({ reporterId }) => reporterId === r.reporterId),
          files: fileCounts.find((f) => f.submissionId === r.submissionId)?.count ?? 0,
        })),
        assignments: await assignmentsOf(tx, family),
        deliveries: (await selectDeliveries({ db: tx }, officer, { limit: 200, caseIds: family })).items,
        notices: await tx
          .select()
          .from(notices)
          .where(inArray(notices.reportId, ids))
          .orderBy(notices.createdAt, notices.id),
        words: await tx
          .select({ ...getTableColumns(assignmentWords) })
          .from(assignmentWords)
          .innerJoin(assignments, eq(assignments.id, assignmentWords.assignmentId))
          .where(inArray(assignments.caseId, family))
          .orderBy(assignmentWords.at, assignmentWords.id),
        deadlines: await tx
          .select()
          .from(deadlines)
          .where(inArray(deadlines.caseId, family))
          .orderBy(deadlines.startedAt, deadlines.id),
        consents: await tx
          .select()
          .from(consents)
          .where(inArray(consents.reportId, ids))
          .orderBy(consents.askedAt, consents.id),
        ratings: await tx.select().from(ratings).where(inArray(ratings.reportId, ids)).orderBy(ratings.at),
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

async function listOne({ db }: Ports, officer: Officer, id: string): Promise<PageOf<CaseSeen>> {
  const rows = await db
    .select({ own: cases, code: reports.code, title: reports.title })
    .from(cases)
    .innerJoin(reports, eq(reports.caseId, cases.id))
    .where(and(eq(cases.id, id), visibleTo(officer, cases.id)))
    .orderBy(asc(reports.receivedAt))
    .limit(1)
  return pageOf(
    rows.map((r) => ({ ...r.own, code: r.code, title: r.title })),
    2,
  )
}

/** What was sent, with what became of it. */
export async function listSubmissions({ db }: Ports, officer: Officer, asked: PageAsked) {
  demand(officer, 'case.read')
  const rows = await db
    .select({
      id: submissions.id,
      code: submissions.code,
      sourceId: submissions.sourceId,
      receivedAt: submissions.receivedAt,
      erasedAt: submissions.erasedAt,
      partOf: submissions.partOf,
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
    .where(
      and(asked.after === undefined ? undefined : lt(submissions.id, asked.after), visibleTo(officer, reports.caseId)),
    )
    .orderBy(desc(submissions.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}

/** The case that an assignment counts for now, over joins. */
export function caseOfAssignment({ db }: Ports, assignmentId: string): Promise<string> {
  return db.transaction(async (tx) => {
    const [assignment] = await tx.select().from(assignments).where(eq(assignments.id, assignmentId))
    return rootOf(tx, assignment!.caseId)
  })
}
