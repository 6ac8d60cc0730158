import { and, asc, eq, gt, inArray, max, ne, sql } from 'drizzle-orm'
import type {
  AnyChannel,
  ChannelContext,
  Contact,
  OutgoingNotice,
  Sent,
  ShutForNow,
  Stood,
} from '../../channels/channel.ts'
import type { Db } from '../../platform/database/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { stillHeld } from '../../platform/tasks/finish.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { rootOf } from '../cases/hold.ts'
import { DAY_MS } from '../day.ts'
import { answerFiles } from '../delivery/answer-files.ts'
import { nextAttempt } from '../delivery/next-attempt.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { openSource } from '../intake/channel-context.ts'
import { contactOf, openItem } from '../intake/open-sealed.ts'
import { noteTold } from '../intake/source-health.ts'
import { contactIndex, noticeMessages, notices, reports, sources, submissions } from '../tables/index.ts'
import { NOTICE_EVENTS } from '../words.ts'
import { wayClosed, wayShut } from './bounced.ts'
import { textOf } from './text.ts'
import { type Notice, tokenOf } from './token.ts'

type Report = typeof reports.$inferSelect
type AnySender = NonNullable<AnyChannel['send']>

/** Where a source does not say how many automatic notices an address may get in a day. */
const DAILY_CAP = 20

/** One attempt to tell a reporter. As with deliveries, the mark "may have left" is committed before it may leave. */
export async function sendNotice(ports: Ports, task: Claimed): Promise<void> {
  const { db } = ports
  const [notice] = await db.select().from(notices).where(eq(notices.id, task.ref))
  if (notice === undefined || notice.state !== 'due' || notice.sourceId === null)
    return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  const [report] = await db.select().from(reports).where(eq(reports.id, notice.reportId))
  const [source] = await db.select().from(sources).where(eq(sources.id, notice.sourceId))
  const channel = ports.channels.get(notice.channel)!
  const context = openSource(ports, source!)
  const why = await whySkip(ports, { notice, report: report!, channel, context })
  if (why !== undefined) return act(ports, { actor: 'system' }, (a) => skip(a, { task, notice, report: report!, why }))

  const result = await attempt(ports, { task, notice, report: report!, channel, context })
  failpoint('notice.after-send')
  await act(ports, { actor: 'system' }, (a) => settleNotice(a, { task, report: report!, id: notice.id, result }))
  ports.log.info(
    {
      notice: notice.id,
      event: notice.event,
      channel: notice.channel,
      outcome: outcomeOf(result),
    },
    'notice.attempted',
  )
}

/** Overtaken by a newer word; or more than anybody should get in a day, which ends every loop. An answer goes out all the same. */
async function whySkip(
  { db, clock }: Ports,
  { notice, report, channel, context }: Omit<Attempt, 'task'>,
): Promise<'overtaken' | 'daily-cap' | undefined> {
  const newer = NOTICE_EVENTS.slice(NOTICE_EVENTS.indexOf(notice.event) + 1)
  const ofReport = and(eq(notices.reportId, report.id), eq(notices.channel, notice.channel), eq(notices.state, 'sent'))
  const overtaken = await db
    .select({ id: notices.id })
    .from(notices)
    .where(and(ofReport, inArray(notices.event, newer), gt(notices.createdAt, notice.createdAt)))
    .limit(1)
  if (overtaken.length > 0) return 'overtaken'
  // A program answers nobody, so it makes no loop; and one user of it may report for a whole village.
  if (notice.event === 'answer' || channel.send!.attemptStatus !== undefined) return undefined
  const cap = (context.settings as { dailyCap?: unknown }).dailyCap
  const since = new Date(clock.now().getTime() - DAY_MS)
  const [sent] = await db
    .select({ count: sql<number>`count(distinct ${notices.id})::int` })
    .from(contactIndex)
    .innerJoin(
      sql`contact_index theirs`,
      sql`theirs.kind = ${contactIndex.kind} and theirs.hash = ${contactIndex.hash} and theirs.kind = ${channel.send!.to}`,
    )
    .innerJoin(reports, sql`${reports.reporterId} = theirs.reporter_id`)
    .innerJoin(notices, eq(notices.reportId, reports.id))
    .where(
      and(
        eq(contactIndex.reporterId, report.reporterId),
        eq(notices.channel, notice.channel),
        gt(notices.sentAt, since),
        ne(notices.event, 'answer'),
      ),
    )
  return sent!.count >= (typeof cap === 'number' ? cap : DAILY_CAP) ? 'daily-cap' : undefined
}

interface Skipping {
  readonly task: Claimed
  readonly notice: Notice
  readonly report: Report
  readonly why: string
}

async function skip(a: Act, { task, notice, report, why }: Skipping): Promise<void> {
  await a.tx.update(notices).set({ state: 'skipped', lastMessage: why }).where(eq(notices.id, notice.id))
  a.record({ of: 'case', id: report.caseId }, 'notice.skipped', { report: report.id, event: notice.event, why })
  await finishing(a, task)
}

type Attempted = Sent | ShutForNow | Fault

const outcomeOf = (result: Attempted): string => (isFault(result) ? result.fault : result.sent ? 'sent' : 'shut')

interface Attempt {
  readonly task: Claimed
  readonly notice: Notice
  readonly report: Report
  readonly channel: AnyChannel
  readonly context: ChannelContext<unknown>
}

async function attempt(ports: Ports, { task, notice, report, channel, context }: Attempt): Promise<Attempted> {
  const sender = channel.send!
  if (notice.outcomeUnknown && sender.whenUnknown === 'leave')
    return fault('rejected', 'unknown whether it was sent, and it cannot be asked')
  const outgoing = await compose(ports, { notice, report, sender })
  if (outgoing === undefined) return fault('rejected', 'the address was erased')
  await ports.db.transaction(async (tx) => {
    await stillHeld(tx, task)
    await tx
      .update(notices)
      .set({
        outcomeUnknown: true,
        attempts: notice.attempts + 1,
        firstAttemptAt: notice.firstAttemptAt ?? ports.clock.now(),
      })
      .where(eq(notices.id, notice.id))
  })
  failpoint('notice.before-send')
  return sender.attempt(outgoing, context)
}

async function compose(
  ports: Ports,
  { notice, report, sender }: { readonly notice: Notice; readonly report: Report; readonly sender: AnySender },
): Promise<OutgoingNotice | undefined> {
  const { db, secrets } = ports
  const { to } = sender
  const address = (await contactOf(db, secrets, report.reporterId))[to]
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, report.submissionId))
  const thread = (await openItem(db, secrets, submission!))?.item.thread
  if (address === undefined) return undefined
  const before = await db
    .select({ id: notices.id })
    .from(notices)
    .where(and(eq(notices.reportId, report.id), eq(notices.channel, notice.channel), eq(notices.state, 'sent')))
    .orderBy(asc(notices.createdAt), asc(notices.id))
  return {
    token: tokenOf(secrets, notice.id),
    event: notice.event,
    ...{ code: report.code, at: notice.createdAt, to: address },
    ...(sender.attemptStatus !== undefined && { stood: await stoodAt(ports, notice, report) }),
    ...(await textOf(ports, notice, report)),
    // Another channel than the message came by knows nothing of its thread.
    ...(thread !== undefined && notice.channel === report.channel && { inReplyTo: thread }),
    earlier: before.map(({ id }) => tokenOf(secrets, id)),
    lastHeard: await lastHeard(db, report, to),
  }
}

/** Of everything that came by this source from whoever has the same contact. */
async function lastHeard(db: Db, report: Report, kind: keyof Contact): Promise<Date> {
  const [row] = await db
    .select({ at: max(reports.receivedAt) })
    .from(contactIndex)
    .innerJoin(
      sql`contact_index theirs`,
      sql`theirs.kind = ${contactIndex.kind} and theirs.hash = ${contactIndex.hash}`,
    )
    .innerJoin(reports, sql`${reports.reporterId} = theirs.reporter_id`)
    .where(
      and(
        eq(contactIndex.reporterId, report.reporterId),
        sql`${contactIndex.kind} = ${kind}`,
        eq(reports.sourceId, report.sourceId),
      ),
    )
  return row?.at ?? report.receivedAt
}

/** As it was with this: what changed since is told after it. */
async function stoodAt(ports: Ports, notice: Notice, report: Report): Promise<Stood> {
  const status = notice.status ?? 'received'
  const files = notice.about === '' ? undefined : await answerFiles(ports, await rootOf(ports.db, report.caseId))
  return {
    ...{ status, statusText: ports.translate('vi', `case:status.${status}`) },
    files: files?.get(notice.about) ?? [],
  }
}

interface Settling {
  readonly task: Claimed
  readonly report: Report
  readonly id: string
  readonly result: Attempted
}

async function wasSent(a: Act, { id, sourceId }: Notice, { providerIds = [] }: Sent): Promise<void> {
  await a.tx
    .update(notices)
    .set({ state: 'sent', sentAt: a.at, outcomeUnknown: false, lastFault: null, lastMessage: null })
    .where(eq(notices.id, id))
  if (providerIds.length > 0)
    await a.tx
      .insert(noticeMessages)
      .values(providerIds.map((providerId) => ({ sourceId: sourceId!, providerId, noticeId: id })))
      .onConflictDoNothing()
}

/** Writes what an attempt came to, and what happens next, in the transaction that lets go of the task. */
async function settleNotice(a: Act, { task, report, id, result }: Settling): Promise<void> {
  const [notice] = await a.tx.select().from(notices).where(eq(notices.id, id)).for('update')
  a.record({ of: 'case', id: report.caseId }, 'notice.attempted', {
    report: report.id,
    event: notice!.event,
    channel: notice!.channel,
    outcome: outcomeOf(result),
  })
  if (a.ports.channels.get(notice!.channel)?.send?.attemptStatus !== undefined)
    await noteTold(a, notice!.sourceId!, isFault(result) ? result : undefined)
  // It bounced before we came to write that it was sent.
  if (notice!.state !== 'due') return finishing(a, task)
  if (!isFault(result)) {
    if (result.sent) await wasSent(a, notice!, result)
    else await wayShut(a, notice!, result.why)
    return finishing(a, task)
  }
  if (result.fault === 'closed') {
    await wayClosed(a, notice!, result.message)
    return finishing(a, task)
  }
  const { attempts, firstAttemptAt } = notice!
  const again = nextAttempt(result, { attempts, firstAttemptAt: firstAttemptAt ?? a.at, now: a.at })
  await a.tx
    .update(notices)
    .set({
      state: again === undefined ? 'failed' : 'due',
      outcomeUnknown: result.outcomeUnknown ?? false,
      lastFault: result.fault,
      lastMessage: result.message.slice(0, 500),
    })
    .where(eq(notices.id, id))
  await finishing(a, task, again)
}
