import { and, eq } from 'drizzle-orm'
import { v4 as uuid } from 'uuid'
import type { Listener } from '../../channels/channel.ts'
import { isOutage } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { DAY_MS } from '../day.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { cursors, listeners, sources } from '../tables/index.ts'
import { openSource } from './channel-context.ts'
import { claimLease, type Lease, LeaseLost, LISTEN_LEASE_SECONDS, releaseLease, renewLease } from './lease.ts'
import { intakeSourceOf } from './rows.ts'
import { makeTakeIn } from './take-in.ts'

export interface RunningListeners {
  /** Resolves once every connection is closed and every lease given back. */
  stop(): Promise<void>
}

type Source = typeof sources.$inferSelect

/** How often sources are looked for that nobody listens to. */
const LOOK_MS = 2000
/** After a failure: 1, 2, 4, … seconds, at most a minute. */
const MOST_WAIT_MS = 60_000

interface Listening {
  /** History of the source when it began: settings that were applied since start it anew. */
  readonly as: number
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/** Listens to every source that is on and has a listener, each under its lease: of many processes one at a time. */
export function startListening(ports: Ports): RunningListeners {
  const running = new Map<string, Listening>()
  const waits = new Map<string, { readonly until: number; readonly tries: number }>()
  let stopped = false
  let looking: Promise<void> = Promise.resolve()

  async function look(): Promise<void> {
    const wanted = (await ports.db.select().from(sources).where(eq(sources.state, 'on'))).filter(
      (source) => listenerOf(ports, source) !== undefined,
    )
    for (const [id, { as, abort }] of running)
      if (!wanted.some((source) => source.id === id && source.historySeq === as)) abort.abort()
    for (const source of wanted) {
      const waiting = (waits.get(source.id)?.until ?? 0) > performance.now()
      if (!stopped && !waiting && !running.has(source.id)) await begin(source)
    }
  }

  async function begin(source: Source): Promise<void> {
    const lease = { sourceId: source.id, token: uuid() }
    if (!(await claimLease(ports.db, lease))) return
    const abort = new AbortController()
    const ended = listen(ports, source, { lease, abort }).then((failed) => {
      running.delete(source.id)
      if (!failed) return void waits.delete(source.id)
      const tries = (waits.get(source.id)?.tries ?? 0) + 1
      waits.set(source.id, { until: performance.now() + Math.min(1000 * 2 ** (tries - 1), MOST_WAIT_MS), tries })
    })
    running.set(source.id, { as: source.historySeq, abort, ended })
  }

  const again = setInterval(() => {
    looking = looking.then(look).catch((err: unknown) => ports.log.warn({ err }, 'listeners.failed'))
  }, LOOK_MS)
  looking = look().catch((err: unknown) => ports.log.warn({ err }, 'listeners.failed'))

  return {
    stop: async () => {
      stopped = true
      clearInterval(again)
      await looking
      for (const { abort } of running.values()) abort.abort()
      await Promise.all([...running.values()].map(({ ended }) => ended))
    },
  }
}

export function listenerOf(ports: Pick<Ports, 'channels'>, source: Source): Listener<unknown> | undefined {
  return ports.channels.get(source.kind)?.intakes.find((intake) => intake.intake === 'listener')
}

interface Held {
  readonly lease: Lease
  readonly abort: AbortController
}

/** Until the connection or the lease is lost, or it is told to stop. True where it failed: then the next try waits. */
async function listen(ports: Ports, source: Source, { lease, abort }: Held): Promise<boolean> {
  const heartbeat = setInterval(
    () => {
      renewLease(ports.db, lease)
        .then((held) => held || abort.abort())
        .catch((err: unknown) => ports.log.warn({ source: source.id, err }, 'lease.failed'))
    },
    (LISTEN_LEASE_SECONDS * 1000) / 3,
  )
  try {
    const failed = await attempt(ports, source, { lease, abort }).catch((error: unknown) => whyOf(ports, source, error))
    if (failed !== undefined)
      ports.log.warn({ source: source.id, fault: failed.fault, why: failed.message }, 'source.lost')
    await note(ports, lease, failed)
    await releaseLease(ports.db, lease)
    return failed !== undefined
  } catch (err) {
    // The database is away: the lease runs out by itself.
    ports.log.warn({ source: source.id, err }, 'source.lost')
    return true
  } finally {
    clearInterval(heartbeat)
  }
}

async function attempt(ports: Ports, source: Source, { lease, abort }: Held): Promise<Fault | undefined> {
  const context = openSource(ports, source)
  const { settings } = context
  const take = makeTakeIn(ports, {
    source: await intakeSourceOf(ports, source),
    settings,
    lease,
    quietAfterMs:
      (settings as { notifyBackfill?: unknown }).notifyBackfill === true ? Number.POSITIVE_INFINITY : DAY_MS,
  })
  const known = await ports.db.select().from(cursors).where(eq(cursors.sourceId, source.id))
  ports.log.info({ source: source.id }, 'source.listening')
  return listenerOf(ports, source)!.run({
    ...context,
    cursors: new Map(known.map(({ place, cursor }) => [place, cursor])),
    signal: abort.signal,
    take: (handed) => (handed.length === 0 ? Promise.resolve() : take(handed)),
    caughtUp: () => {
      note(ports, lease, 'caught-up').catch((err: unknown) => ports.log.warn({ source: source.id, err }, 'source.note'))
    },
  })
}

function whyOf(ports: Ports, source: Source, error: unknown): Fault {
  if (error instanceof LeaseLost) return fault('ours', 'another process listens now')
  if (isOutage(error)) return fault('ours', 'the database is away')
  ports.log.error({ source: source.id, err: error }, 'source.failed')
  return fault('ours', error instanceof Error ? error.name : 'failed')
}

/** How the source is, for people. */
async function note(
  { db, clock }: Ports,
  { sourceId, token }: Lease,
  how: Fault | 'caught-up' | undefined,
): Promise<void> {
  const at = clock.now()
  const set =
    how === 'caught-up'
      ? { caughtUpAt: at, lastFault: null, lastFaultAt: null }
      : {
          caughtUpAt: null,
          ...(isFault(how) && { lastFault: `${how.fault}: ${how.message}`.slice(0, 500), lastFaultAt: at }),
        }
  await db
    .update(listeners)
    .set(set)
    .where(and(eq(listeners.sourceId, sourceId), eq(listeners.token, token)))
}
