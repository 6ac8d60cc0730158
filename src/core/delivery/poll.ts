import { eq } from 'drizzle-orm'
import type { AnyConnector, Poller } from '../../connectors/connector.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { type Fault, isFault } from '../fault.ts'
import { links, polls } from '../tables/index.ts'
import { openLink } from './link.ts'
import { pauseLink } from './outcome.ts'
import { takeUpdates } from './take-updates.ts'

/** Asks for the updates of a link again and again; asked for when the link is applied and at each start of a worker. */
export function pollLater(a: Pick<Act, 'later'>, linkId: string): void {
  a.later({ kind: 'poll', ref: linkId, lane: `poll:${linkId}` })
}

export function pollerOf(connector: AnyConnector | undefined): Poller<unknown> | undefined {
  return connector?.updates.find((updates) => updates.update === 'poll')
}

/** One look: each update is committed by itself, then how far we looked, then the exchange is told that we have them. Killed in between, the next look finds the same again, and the same event is one update. */
export async function poll(ports: Ports, task: Claimed): Promise<void> {
  const { db } = ports
  const [link] = await db.select().from(links).where(eq(links.id, task.ref))
  const connector = link && ports.connectors.get(link.kind)
  const poller = pollerOf(connector)
  if (link === undefined || connector === undefined || poller === undefined)
    return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  const context = openLink(ports, connector, link, () => undefined)
  const everyMs = poller.everySeconds(context.settings) * 1000
  const again = (from: Date) => new Date(from.getTime() + everyMs)
  if (link.state === 'paused')
    return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task, again(a.at)))

  const [before] = await db.select().from(polls).where(eq(polls.linkId, link.id))
  const polled = await poller.poll(before?.cursor ?? undefined, context)
  if (isFault(polled)) return failed(ports, task, { linkId: link.id, cause: polled, again })
  await takeUpdates(ports, link.id, polled.updates)
  failpoint('poll.after-updates')
  const acknowledged = await poller.acknowledge?.(polled, context)
  failpoint('poll.after-acknowledge')
  // What it will never take, for one document, holds up no other; anything else is said again with the next look, from where this one began.
  if (acknowledged !== undefined && acknowledged.fault !== 'rejected')
    return failed(ports, task, { linkId: link.id, cause: acknowledged, again })
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const seen = { cursor: polled.cursor, polledAt: a.at, lastFault: acknowledged?.message ?? null }
    await a.tx
      .insert(polls)
      .values({ linkId: link.id, ...seen })
      .onConflictDoUpdate({ target: polls.linkId, set: seen })
    await finishing(a, task, polled.more ? a.at : again(a.at))
  })
}

interface Failed {
  readonly linkId: string
  readonly cause: Fault
  readonly again: (from: Date) => Date
}

/** Refused credentials are IT's to mend, as for a delivery; everything else passes. */
async function failed(ports: Ports, task: Claimed, { linkId, cause, again }: Failed): Promise<void> {
  ports.log.warn({ link: linkId, fault: cause.fault, why: cause.message }, 'poll.failed')
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const seen = { polledAt: a.at, lastFault: `${cause.fault}: ${cause.message}`.slice(0, 500) }
    await a.tx
      .insert(polls)
      .values({ linkId, ...seen })
      .onConflictDoUpdate({ target: polls.linkId, set: seen })
    if (cause.fault === 'config') await pauseLink(a, linkId, cause.message)
    await finishing(a, task, again(a.at))
  })
}
