import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Contact } from '../../channels/channel.ts'
import type { Act } from '../act.ts'
import { hold, type Report } from '../cases/hold.ts'
import { contactIndex, notices, reports } from '../tables/index.ts'
import { tellBy } from './tell.ts'
import type { Notice } from './token.ts'
import { senderOf, waysTo } from './ways.ts'

/** It came back: it will never arrive there. Said twice, it counts once. */
export async function noticeBounced(a: Act, notice: Notice, why: string): Promise<void> {
  if (notice.state === 'failed') return
  await wayClosed(a, notice, why)
}

/** Nothing arrives there: the address is closed for this reporter, and the notice goes by the next way, at last to their view. */
export async function wayClosed(a: Act, notice: Notice, why: string): Promise<void> {
  const report = await reportOf(a, notice)
  const sender = senderOf(a, notice.channel)
  if (sender !== undefined) await closeContact(a, report.reporterId, sender.to)
  await byAnotherWay(a, report, notice, why)
}

/** Nothing more goes there for this reporter. */
export async function closeContact(a: Act, reporterId: string, kind: keyof Contact): Promise<void> {
  if (kind === 'name') return
  await a.tx
    .update(contactIndex)
    .set({ closedAt: a.at })
    .where(
      and(eq(contactIndex.reporterId, reporterId), inArray(contactIndex.kind, [kind]), isNull(contactIndex.closedAt)),
    )
}

/** It cannot be said there now; the address stays. The notice goes by the next way. */
export async function wayShut(a: Act, notice: Notice, why: string): Promise<void> {
  await byAnotherWay(a, await reportOf(a, notice), notice, why)
}

async function reportOf(a: Act, { reportId }: Notice): Promise<Report> {
  const [report] = await a.tx.select().from(reports).where(eq(reports.id, reportId))
  await hold(a.tx, [report!.caseId])
  return report!
}

async function byAnotherWay(a: Act, report: Report, notice: Notice, why: string): Promise<void> {
  await a.tx
    .update(notices)
    .set({ state: 'failed', outcomeUnknown: false, lastFault: 'closed', lastMessage: why.slice(0, 500) })
    .where(eq(notices.id, notice.id))
  const { first, spare } = await waysTo(a, report)
  const next = [...first, ...spare].filter(({ channel }) => channel !== notice.channel)
  a.record({ of: 'case', id: report.caseId }, 'notice.closed', {
    report: report.id,
    event: notice.event,
    channel: notice.channel,
    next: next[0]?.channel ?? null,
  })
  await tellBy(a, report, { ...notice, ways: next.slice(0, 1), quiet: false })
}
