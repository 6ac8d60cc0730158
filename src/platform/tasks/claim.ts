import type pg from 'pg'

/** A task that this worker holds until `lease_until`; `token` proves it. */
export interface Claimed {
  readonly id: string
  readonly token: string
  readonly kind: string
  readonly ref: string
  readonly lane: string
  /** Counts this attempt. */
  readonly attempts: number
}

export const LEASE_SECONDS = 30

/**
 * Claims of all processes take turns, so a lane's limits hold without counters that a killed worker would leave wrong: what runs in a lane is
 * counted from the leases themselves. The turn is a statement of its own: only a statement that begins after the turn has come sees the leases
 * that the turn before gave (PostgreSQL, Read Committed). A claim takes about 1 ms and serves many slots, so the turns are no bottleneck
 * (`npm run bench -- tasks`).
 *
 * It does not wait for the disk: a claim that a crash of the database takes back is a lease that nobody holds, and its worker finishes nothing.
 *
 * A worker whose machine stops in the middle of its turn (frozen, unplugged: nobody closes its connection) would keep all others waiting for
 * it, so the database ends such a turn after 5 s.
 */
const TURN =
  "begin; set local synchronous_commit to off; set local idle_in_transaction_session_timeout to '5s'; select pg_advisory_xact_lock(7046312)"

/**
 * Takes up to `slots` tasks that are due: urgent first, then round over the lanes (the first of each lane before the second of any), within each
 * lane's rate and concurrency, and of one `ordered_by` only the oldest.
 *
 * `now()` here is the database's own clock, for leases and rates alone; what is due is decided by $1, business time.
 */
const CLAIM = `
with room as materialized (
  select l.name, l.per_second, l.served_at,
    case when l.per_second is null then $2
      else least(greatest(l.per_second, 1), l.tokens + l.per_second * extract(epoch from now() - coalesce(l.filled_at, now()))) end as fuel,
    case when l.concurrency is null then $2
      else l.concurrency - (select count(*) from task r where r.lane = l.name and r.token is not null and r.lease_until >= now()) end as free
  from lane l
  where not l.paused
),
picked as materialized (
  select id, lane from (
    select t.id, l.name as lane, t.priority, l.served_at,
      row_number() over (partition by l.name order by t.priority desc, t.due, t.seq) as round
    from room l cross join lateral (
      select t.id, t.priority, t.due, t.seq from task t
      where t.lane = l.name and t.state = 'open' and t.due <= $1 and (t.token is null or t.lease_until < now())
        and (t.ordered_by is null or not exists (select 1 from task o where o.ordered_by = t.ordered_by and o.seq < t.seq))
      order by t.priority desc, t.due, t.seq
      limit greatest(0, least(l.free, floor(l.fuel), $2))::int
      for update skip locked
    ) t
  ) ranked
  order by priority desc, round, served_at nulls first
  limit $2
),
served as (
  update lane l set served_at = now(), filled_at = now(), tokens = (select fuel from room where room.name = l.name) - p.taken
  from (select lane, count(*) as taken from picked group by lane) p
  where l.name = p.lane
)
update task t set token = $3, lease_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempts = t.attempts + 1
from picked p where t.id = p.id
returning t.id, t.token, t.kind, t.ref, t.lane, t.attempts`

export async function claim(pool: pg.Pool, at: Date, slots: number, token: string): Promise<Claimed[]> {
  const client = await pool.connect()
  let failed: unknown
  try {
    await client.query(TURN)
    const { rows } = await client.query<Claimed>({ name: 'claim', text: CLAIM, values: [at, slots, token] })
    await client.query('commit')
    return rows
  } catch (error) {
    failed = error
    throw error
  } finally {
    // Closing the connection ends its transaction, whatever state it is in.
    client.release(failed !== undefined)
  }
}

/** Keeps the leases of running tasks; those that were lost meanwhile stay lost. */
export async function renew(pool: pg.Pool, held: readonly Claimed[]): Promise<void> {
  await pool.query(
    `update task set lease_until = now() + make_interval(secs => ${LEASE_SECONDS}) where (id, token) in (select * from unnest($1::uuid[], $2::uuid[]))`,
    [held.map((t) => t.id), held.map((t) => t.token)],
  )
}
