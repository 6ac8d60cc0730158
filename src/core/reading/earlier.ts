import { and, desc, eq, lte, max, ne, or } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import { rootOf } from '../cases/hold.ts'
import { caseCan } from '../cases/machine.ts'
import { cases, contactIndex, notices, reports, sources, submissions } from '../tables/index.ts'
import type { ContactHashes } from './follows.ts'
import { lastHeardOf } from './whole.ts'

type Submission = typeof submissions.$inferSelect

/** What somebody reported before. */
export interface Earlier {
  readonly submission: Submission
  readonly sourceId: string
  readonly reportId: string
  /** The case that it counts for now. */
  readonly caseId: string
  /** That can still be added to. */
  readonly open: boolean
  /** Its reporter was asked for what is missing, and has not answered. */
  readonly asked: boolean
  readonly folded: string
  /** The units that it may be in, as `code@period`. */
  readonly units: readonly string[]
  readonly heardAt: Date
  /** When they were last told something. */
  readonly toldAt: Date | null
}

export async function earlierOf(tx: Tx, reportId: string): Promise<Earlier> {
  const [found] = await tx
    .select({ submission: submissions, report: reports })
    .from(reports)
    .innerJoin(submissions, eq(submissions.id, reports.submissionId))
    .where(eq(reports.id, reportId))
  const { submission, report } = found!
  const caseId = await rootOf(tx, report.caseId)
  const [root] = await tx.select().from(cases).where(eq(cases.id, caseId))
  const [told] = await tx
    .select({ at: max(notices.sentAt) })
    .from(notices)
    .where(eq(notices.reportId, reportId))
  return {
    ...{ submission, sourceId: report.sourceId, reportId, caseId, folded: report.folded },
    open: caseCan(root!.status, 'ask'),
    asked: root!.askedAt !== null || (report.askedAt !== null && report.answeredAt === null),
    units: report.readings['unit']?.candidates ?? [],
    heardAt: await lastHeardOf(tx, submission.id),
    toldAt: told?.at ?? null,
  }
}

/** The matter that a sender reported last, in this province: what they only said later about one is none. */
export async function earlierBy(
  tx: Tx,
  {
    sender,
    submission: { id, receivedAt },
    profileId,
  }: { readonly sender: ContactHashes; readonly submission: Submission; readonly profileId: string },
): Promise<Earlier | undefined> {
  if (sender.length === 0) return undefined
  const [last] = await tx
    .select({ id: reports.id, follows: reports.follows })
    .from(contactIndex)
    .innerJoin(reports, eq(reports.reporterId, contactIndex.reporterId))
    .innerJoin(sources, eq(sources.id, reports.sourceId))
    .where(
      and(
        or(...sender.map(({ kind, hash }) => and(eq(contactIndex.kind, kind), eq(contactIndex.hash, hash)))),
        eq(sources.profile, profileId),
        lte(reports.receivedAt, receivedAt),
        ne(reports.submissionId, id),
      ),
    )
    .orderBy(desc(reports.receivedAt), desc(reports.id))
    .limit(1)
  return last && earlierOf(tx, last.follows ?? last.id)
}
