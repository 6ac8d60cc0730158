import { sql } from 'drizzle-orm'
import type { Handed, Item, Unreadable } from '../../channels/channel.ts'
import { isOutage, isUniqueViolation } from '../../platform/database/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { newId } from '../../platform/secrets/random.ts'
import type { Act, Ports } from '../act.ts'
import { type Lease, LeaseLost } from './lease.ts'
import type { IntakeSource } from './rows.ts'
import { type SealedEnvelope, sealEnvelope, withNewCodes } from './seal-envelope.ts'
import { storeEnvelopes } from './store-envelopes.ts'

export interface TakingIn {
  readonly source: IntakeSource
  readonly settings: unknown
  readonly lease: Lease
  /** What is older when it is taken in gets no automatic notice. */
  readonly quietAfterMs: number
}

/**
 * Takes what a listener hands over: read (in worker threads), files in place, then all of it in one transaction with the cursors, under the
 * lease. One that cannot be written costs only itself: it is quarantined. The unique keys decide what is new, as for every other intake.
 */
export function makeTakeIn(ports: Ports, taking: TakingIn): (handed: readonly Handed[]) => Promise<void> {
  const { source, settings, lease, quietAfterMs } = taking

  async function seal(handed: Handed, reading: Promise<readonly Item[] | Unreadable>): Promise<SealedEnvelope> {
    // In the order in which things came, whichever is sealed first.
    const ids = { envelopeId: newId(), submissionId: newId() }
    const { envelope, receivedAt } = handed
    const quiet = ports.clock.now().getTime() - receivedAt.getTime() > quietAfterMs
    return sealEnvelope(ports, { ...ids, source, envelope, receivedAt, read: await reading, quiet })
  }

  function readAndSeal(handed: Handed): Promise<SealedEnvelope> {
    const { unreadable, envelope } = handed
    if (unreadable !== undefined) return seal(handed, Promise.resolve({ unreadable }))
    return seal(handed, ports.readEnvelope(source.channel, envelope, settings))
  }

  /** In one transaction with the cursors, under the lease. */
  const store = (handed: readonly Handed[], sealed: readonly SealedEnvelope[]) =>
    storeEnvelopes(
      ports,
      sealed.map((one) => ({ source, sealed: one })),
      (a) => moveCursors(a, lease, handed),
    )

  async function storeEach(handed: readonly Handed[], sealed: readonly SealedEnvelope[]): Promise<void> {
    try {
      await store(handed, sealed)
    } catch (error) {
      if (isOutage(error) || error instanceof LeaseLost) throw error
      if (sealed.length > 1) {
        for (const [i, one] of sealed.entries()) await storeEach([handed[i]!], [one])
      } else if (isUniqueViolation(error, 'submission_code_unique')) {
        await store(
          handed,
          sealed.map((one) => withNewCodes(one, source)),
        )
      } else {
        ports.log.error({ source: source.id, err: error }, 'envelope.quarantined')
        const unreadable = 'could not be stored as it was read'
        const quarantined = await seal(plainly(handed[0]!, ports.clock.now()), Promise.resolve({ unreadable }))
        await store(handed, [quarantined])
      }
    }
  }

  /** What was handed over before: it commits first, and if it cannot, nothing after it does. */
  let before: Promise<void> = Promise.resolve()

  async function storeAfter(earlier: Promise<void>, handed: readonly Handed[], sealing: Promise<SealedEnvelope[]>) {
    await earlier
    const sealed = await sealing
    failpoint('take.before-commit')
    await storeEach(handed, sealed)
    failpoint('take.after-commit')
  }

  return (handed) => {
    // Read while what came before is still being written.
    const sealing = Promise.all(handed.map(readAndSeal))
    sealing.catch(() => undefined)
    before = storeAfter(before, handed, sealing)
    return before
  }
}

/**
 * Remembers what was handed over last, of each place, and fences: the listener's row is locked until the commit, so whoever lost the lease
 * writes nothing, and whoever has it writes alone.
 */
async function moveCursors({ tx, at }: Act, { sourceId, token }: Lease, handed: readonly Handed[]): Promise<void> {
  const last = new Map(handed.map(({ place, cursor }) => [place, JSON.stringify(cursor)]))
  const { rowCount } = await tx.execute(sql`
    with held as (update listener set last_received_at = ${at} where source_id = ${sourceId} and token = ${token} returning source_id)
    insert into source_cursor (source_id, place, cursor)
    select held.source_id, c.place, c.cursor from held, unnest(${sql.param([...last.keys()])}::text[], ${sql.param([...last.values()])}::jsonb[]) as c(place, cursor)
    on conflict (source_id, place) do update set cursor = excluded.cursor`)
  if (rowCount === 0) throw new LeaseLost(sourceId)
}

/** With nothing of the provider's but the bytes. */
function plainly(handed: Handed, now: Date): Handed {
  return { ...handed, receivedAt: now, envelope: { ...handed.envelope, contentType: 'application/octet-stream' } }
}
