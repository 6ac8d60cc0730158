import { and, eq, isNull } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { markOf } from '../notices/token.ts'
import { reports, submissions } from '../tables/index.ts'

/**
 * The mark that proves that whoever has it goes on from this report. `unread`: it has none before it has been read, which is a matter of moments.
 * Undefined where the code is of none of the source's.
 */
export async function ownMark(ports: Ports, sourceId: string, code: string): Promise<string | 'unread' | undefined> {
  const [own] = await ports.db
    .select({ reportId: reports.id })
    .from(submissions)
    .leftJoin(reports, eq(reports.submissionId, submissions.id))
    .where(and(eq(submissions.code, code), eq(submissions.sourceId, sourceId), isNull(submissions.erasedAt)))
  if (own === undefined) return undefined
  return (own.reportId && (await markOf(ports, own.reportId))) ?? 'unread'
}

/** The client's own id of whose report it is. */
export async function userOf({ db, secrets }: Ports, reportId: string): Promise<string | undefined> {
  const [report] = await db.select({ reporterId: reports.reporterId }).from(reports).where(eq(reports.id, reportId))
  return report && (await contactOf(db, secrets, report.reporterId)).provider
}
