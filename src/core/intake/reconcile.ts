import { and, eq, sql } from 'drizzle-orm'
import type { Reconciled } from '../../channels/channel.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { DAY_MS, MINUTE_MS } from '../day.ts'
import { type Fault, isFault } from '../fault.ts'
import { cursors, sourceHealth, sources } from '../tables/index.ts'
import { openSource, type Source } from './channel-context.ts'
import { intakeSourceOf } from './rows.ts'
import { sealEnvelope } from './seal-envelope.ts'
import { noteFault } from './source-health.ts'
import { storeEnvelopes } from './store-envelopes.ts'

/** A provider that could not be asked is asked again: after 1, 2, 4, … minutes, at most an hour. */
const MOST_WAIT_MS = 3600_000

/** The place under which the cursor is kept, beside those of listeners. */
const PLACE = 'reconciled'

/** At start, after a time in which calls were turned away, and daily: every provider that calls us is asked what it may have failed to bring. */
export function reconcileLater(a: Act, source: Pick<Source, 'id' | 'kind' | 'state'>): void {
  if (source.state === 'on' && a.ports.channels.get(source.kind)?.reconcile !== undefined)
    a.later({ kind: 'reconcile', ref: source.id, lane: `reconcile:${source.id}` })
}

/** Takes in what the provider says there was, by the keys by which it would have called. */
export async function reconcileTask(ports: Ports, task: Claimed): Promise<void> {
  const [source] = await ports.db.select().from(sources).where(eq(sources.id, task.ref))
  const asks = source !== undefined && source.state === 'on'
  const failed = asks ? await reconcile(ports, source) : undefined
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    if (!asks) return finishing(a, task)
    await noteReconciled(a, source.id, failed)
    const wait = failed === undefined ? DAY_MS : Math.min(MINUTE_MS * 2 ** (task.attempts - 1), MOST_WAIT_MS)
    await finishing(a, task, new Date(a.at.getTime() + wait))
  })
}

async function reconcile(ports: Ports, source: Source): Promise<Fault | undefined> {
  const channel = ports.channels.get(source.kind)!
  const [known] = await ports.db
    .select()
    .from(cursors)
    .where(and(eq(cursors.sourceId, source.id), eq(cursors.place, PLACE)))
  const context = openSource(ports, source)
  const intake = await intakeSourceOf(ports, source)
  for await (const one of channel.reconcile!(known?.cursor, context)) {
    if (isFault(one)) return one
    const read = await ports.readEnvelope(source.kind, one.envelope, context.settings)
    const quiet = context.at.getTime() - one.receivedAt.getTime() > DAY_MS
    const { envelope, receivedAt } = one
    const sealed = await sealEnvelope(ports, { source: intake, envelope, receivedAt, read, quiet })
    const [fresh] = await storeEnvelopes(ports, [{ source: intake, sealed }], (a) => moveCursor(a, source.id, one))
    if (fresh! > 0) ports.log.warn({ source: source.id, fresh }, 'source.had-missed')
  }
  return undefined
}

async function moveCursor(a: Act, sourceId: string, { cursor }: Reconciled): Promise<void> {
  await a.tx
    .insert(cursors)
    .values({ sourceId, place: PLACE, cursor })
    .onConflictDoUpdate({ target: [cursors.sourceId, cursors.place], set: { cursor: sql`excluded.cursor` } })
}

async function noteReconciled(a: Act, sourceId: string, failed: Fault | undefined): Promise<void> {
  if (failed !== undefined) return noteFault(a, sourceId, failed)
  const well = { reconciledAt: a.at, lastFault: null, faultSince: null }
  await a.tx
    .insert(sourceHealth)
    .values({ sourceId, ...well })
    .onConflictDoUpdate({ target: sourceHealth.sourceId, set: well })
}
