import { sql } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { type PageAsked, type PageOf, pageOf } from '../page.ts'
import { hashesOf } from '../reading/contact-hashes.ts'
import { cases, contactIndex, reports } from '../tables/index.ts'
import type { CaseStatus } from '../words.ts'
import { joinRoot } from './root-of.ts'

/** In short: what is told about it, `openView` says. */
export interface UserReport {
  readonly id: string
  readonly code: string
  readonly receivedAt: Date
  readonly status: CaseStatus
  readonly title: string
}

interface Asked extends PageAsked {
  readonly sourceId: string
  readonly userId: string
}

/** What one user of a program has sent by it and has been read, newest first. Additions are no reports of their own; what was erased is nobody's. */
export async function userReports({ db, secrets }: Ports, asked: Asked): Promise<PageOf<UserReport>> {
  const [user] = hashesOf(secrets, { provider: asked.userId }, asked.sourceId)
  const { rows } = await db.execute<{ id: string; code: string; at: string; status: CaseStatus; title: string }>(sql`
    select ${reports.id}, ${reports.code}, ${reports.receivedAt} as at, ${cases.status}, ${reports.title}
    from ${contactIndex}
    join ${reports} on ${reports.reporterId} = ${contactIndex.reporterId}
    ${joinRoot(reports.caseId)}
    join ${cases} on ${cases.id} = root.id
    where ${contactIndex.kind} = 'provider' and ${contactIndex.hash} = ${user!.hash}
      and ${reports.sourceId} = ${asked.sourceId} and ${reports.follows} is null
      ${asked.after === undefined ? sql`` : sql`and ${reports.id} < ${asked.after}`}
    order by ${reports.id} desc
    limit ${asked.limit}`)
  return pageOf(
    rows.map(({ at, ...row }) => ({ ...row, receivedAt: new Date(at) })),
    asked.limit,
  )
}
