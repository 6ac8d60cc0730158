import { eq } from 'drizzle-orm'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { nextAttempt } from '../delivery/next-attempt.ts'
import { fault, isFault } from '../fault.ts'
import { openSource } from '../intake/channel-context.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { noteTold } from '../intake/source-health.ts'
import { closeContact } from '../notices/bounced.ts'
import { reports, sources, statusChanges } from '../tables/index.ts'

/** One attempt to tell a program of a change. It knows the change by its id, so there is nothing to mark before it may leave. */
export async function sendStatus(ports: Ports, task: Claimed): Promise<void> {
  const { db, clock } = ports
  const [change] = await db.select().from(statusChanges).where(eq(statusChanges.id, task.ref))
  if (change === undefined || change.state !== 'due')
    return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  const since = change.firstAttemptAt ?? clock.now()
  const [row] = await db
    .select({ report: reports, source: sources })
    .from(reports)
    .innerJoin(sources, eq(sources.id, reports.sourceId))
    .where(eq(reports.id, change.reportId))
  const { report, source } = row!
  const send = ports.channels.get(source.kind)?.send
  const to = send && (await contactOf(db, ports.secrets, report.reporterId))[send.to]
  const { id, at, status } = change
  const statusText = ports.translate('vi', `case:status.${status}`)
  const result =
    send?.attemptStatus === undefined || to === undefined
      ? fault('rejected', 'the user was erased')
      : await send.attemptStatus(
          { token: id, to, code: report.code, at, status, statusText },
          openSource(ports, source),
        )
  const attempts = change.attempts + 1
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const again = isFault(result) ? nextAttempt(result, { attempts, firstAttemptAt: since, now: a.at }) : undefined
    await a.tx
      .update(statusChanges)
      .set({
        ...{ attempts, firstAttemptAt: since },
        state: !isFault(result) ? 'sent' : again === undefined ? 'failed' : 'due',
        lastFault: isFault(result) ? result.fault : null,
        lastMessage: isFault(result) ? result.message.slice(0, 500) : null,
      })
      .where(eq(statusChanges.id, change.id))
    await noteTold(a, source.id, isFault(result) ? result : undefined)
    if (isFault(result) && result.fault === 'closed') await closeContact(a, report.reporterId, send!.to)
    await finishing(a, task, again)
  })
  const outcome = isFault(result) ? result.fault : 'sent'
  ports.log.info({ change: change.id, source: change.sourceId, status: change.status, outcome }, 'status.attempted')
}
