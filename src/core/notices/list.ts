import { and, desc, eq, lt } from 'drizzle-orm'
import type { Db } from '../../platform/database/database.ts'
import { type PageAsked, pageOf } from '../page.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { notices, reports } from '../tables/index.ts'
import type { NOTICE_STATES } from '../words.ts'

export async function listNotices(
  { db }: { readonly db: Db },
  officer: Officer,
  asked: PageAsked & { readonly state?: (typeof NOTICE_STATES)[number] | undefined },
) {
  demand(officer, 'notice.read')
  const rows = await db
    .select({
      id: notices.id,
      code: reports.code,
      event: notices.event,
      channel: notices.channel,
      state: notices.state,
      createdAt: notices.createdAt,
      sentAt: notices.sentAt,
      attempts: notices.attempts,
      lastFault: notices.lastFault,
      lastMessage: notices.lastMessage,
    })
    .from(notices)
    .innerJoin(reports, eq(reports.id, notices.reportId))
    .where(
      and(
        asked.state === undefined ? undefined : eq(notices.state, asked.state),
        asked.after === undefined ? undefined : lt(notices.id, asked.after),
      ),
    )
    .orderBy(desc(notices.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}
