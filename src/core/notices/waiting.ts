import { and, eq, lt } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { DAY_MS } from '../day.ts'
import { notices, reports, sources } from '../tables/index.ts'

/** What is older would only astonish. */
const FRESH_MS = DAY_MS

/** A source of a channel is switched on: what waited for one goes out by it; what is more than a day old no longer does. */
export async function releaseNotices(
  a: Act,
  { id, kind, profile }: Pick<typeof sources.$inferSelect, 'id' | 'kind' | 'profile'>,
): Promise<void> {
  const waiting = and(eq(notices.channel, kind), eq(notices.state, 'waiting'))
  await a.tx
    .update(notices)
    .set({ state: 'skipped', lastMessage: 'waited too long' })
    .where(and(waiting, lt(notices.createdAt, new Date(a.at.getTime() - FRESH_MS))))
  const fresh = await a.tx
    .select({ id: notices.id, reportId: notices.reportId })
    .from(notices)
    .innerJoin(reports, eq(reports.id, notices.reportId))
    .innerJoin(sources, and(eq(sources.id, reports.sourceId), eq(sources.profile, profile)))
    .where(waiting)
    .orderBy(notices.createdAt, notices.id)
    .for('update', { of: notices })
  for (const notice of fresh) {
    await a.tx.update(notices).set({ state: 'due', sourceId: id }).where(eq(notices.id, notice.id))
    a.later({ kind: 'notice', ref: notice.id, lane: `source:${id}`, orderedBy: `notices:${notice.reportId}` })
  }
}
