import { eq } from 'drizzle-orm'
import type { AnyConnector, DeliverContext, OutgoingDelivery, Pending, Taken } from '../../connectors/connector.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { deliveriesAttempted } from '../../platform/metrics/metrics.ts'
import type { ExchangeTrace } from '../../platform/outgoing/http.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { stillHeld } from '../../platform/tasks/finish.ts'
import { act, finishing, type Ports } from '../act.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { deliveries, links } from '../tables/index.ts'
import { compose } from './compose.ts'
import { openLink } from './link.ts'
import { settleOutcome } from './outcome.ts'
import { keepTraces } from './trace.ts'

type Delivery = typeof deliveries.$inferSelect

/**
 * One attempt to tell an office. The mark `outcome_unknown` is committed before the request may leave and cleared with its outcome, so a worker
 * that was killed in between leaves behind exactly what the next one must know: ask first.
 */
export async function deliver(ports: Ports, task: Claimed): Promise<void> {
  const { db } = ports
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, task.ref))
  const [link] = delivery?.linkId == null ? [] : await db.select().from(links).where(eq(links.id, delivery.linkId))
  if (delivery === undefined || link === undefined || delivery.state !== 'ready') {
    return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  }
  const connector = ports.connectors.get(link.kind)
  if (connector === undefined) throw new Error(`no connector of kind ${link.kind}`)
  const traces: ExchangeTrace[] = []
  const context = {
    ...openLink(ports, connector, link, (trace) => traces.push(trace)),
    progress: delivery.progress,
    saveProgress: (progress: unknown) => saveProgress(ports, task, progress),
  }
  const outgoing = await db.transaction((tx) => compose(tx, ports, delivery))

  const result = await attempt(ports, { task, delivery, connector, context, outgoing })
  failpoint('deliver.after-send')
  await act(ports, { actor: 'system' }, async (a) => {
    await keepTraces(a, delivery, traces)
    await settleOutcome(a, { task, delivery, linkId: link.id, result })
  })
  failpoint('deliver.after-commit')
  const outcome = isFault(result) ? result.fault : 'pending' in result ? 'sent' : 'taken'
  deliveriesAttempted.inc({ outcome })
  ports.log.info(
    { delivery: delivery.id, link: link.id, attempt: delivery.attempts + 1, outcome },
    'delivery.attempted',
  )
}

/** A part of an attempt that is done: the next one does not do it again. */
async function saveProgress(ports: Ports, task: Claimed, progress: unknown): Promise<void> {
  await ports.db.transaction(async (tx) => {
    await stillHeld(tx, task)
    await tx.update(deliveries).set({ progress }).where(eq(deliveries.id, task.ref))
  })
  failpoint('deliver.after-progress')
}

interface Attempt {
  readonly task: Claimed
  readonly delivery: Delivery
  readonly connector: AnyConnector
  readonly context: DeliverContext<unknown>
  readonly outgoing: OutgoingDelivery
}

async function attempt(
  ports: Ports,
  { task, delivery, connector, context, outgoing }: Attempt,
): Promise<Taken | Pending | Fault> {
  if (!connector.takes.includes(delivery.kind))
    return fault('rejected', `a ${connector.kind} link takes no ${delivery.kind}`)
  if (delivery.outcomeUnknown) {
    const whenUnknown = connector.whenUnknown(context.settings)
    if (whenUnknown === 'person') return fault('rejected', 'unknown whether the office took it, and it cannot be asked')
    const found = whenUnknown === 'lookup' ? await connector.lookup!(outgoing, context) : 'absent'
    // "Cannot tell" sends nothing.
    if (found !== 'absent') return isFault(found) ? { ...found, outcomeUnknown: true } : found
  }
  await ports.db.transaction(async (tx) => {
    await stillHeld(tx, task)
    await tx
      .update(deliveries)
      .set({
        outcomeUnknown: true,
        attempts: delivery.attempts + 1,
        firstAttemptAt: delivery.firstAttemptAt ?? ports.clock.now(),
      })
      .where(eq(deliveries.id, delivery.id))
  })
  failpoint('deliver.before-send')
  return connector.deliver(outgoing, context)
}
