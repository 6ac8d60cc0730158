import { sql } from 'drizzle-orm'
import type { Db } from '../../platform/database/database.ts'
import { listeners } from '../tables/index.ts'

/** Of listening to one source: one process at a time has it. Runs by the database's own clock, as leases of tasks do. */
export interface Lease {
  readonly sourceId: string
  readonly token: string
}

/** A mailbox whose listener was killed waits as long. */
export const LISTEN_LEASE_SECONDS = 6

/** Another process listens now: whatever this one took in is not written. */
export class LeaseLost extends Error {}

/** False while another process holds it. */
export async function claimLease(db: Db, { sourceId, token }: Lease): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    insert into listener (source_id, token, lease_until) values (${sourceId}, ${token}, now() + make_interval(secs => ${LISTEN_LEASE_SECONDS}))
    on conflict (source_id) do update set token = excluded.token, lease_until = excluded.lease_until
    where listener.token is null or listener.lease_until < now()`)
  return rowCount === 1
}

/** False once another process has taken over. */
export async function renewLease(db: Db, { sourceId, token }: Lease): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    update listener set lease_until = now() + make_interval(secs => ${LISTEN_LEASE_SECONDS}) where source_id = ${sourceId} and token = ${token}`)
  return rowCount === 1
}

/** As a part of a query: somebody listens to the source of this row. */
export const isListenedTo = sql<boolean>`coalesce(${listeners.leaseUntil} > now(), false)`

export async function releaseLease(db: Db, { sourceId, token }: Lease): Promise<void> {
  await db.execute(
    sql`update listener set token = null, lease_until = null where source_id = ${sourceId} and token = ${token}`,
  )
}
