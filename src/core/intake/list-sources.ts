import { asc, eq, sql } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/clock.ts'
import type { Db } from '../../platform/database/database.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { listeners, sourceHealth, sources } from '../tables/index.ts'
import { isListenedTo } from './lease.ts'

/** Sources and how each is, in one row whether it listens or is called. */
export async function listSources({ db }: { readonly db: Db }, officer: Officer) {
  demand(officer, 'source.read')
  return db
    .select({
      id: sources.id,
      kind: sources.kind,
      name: sources.name,
      profile: sources.profile,
      state: sources.state,
      listening: isListenedTo,
      caughtUpAt: listeners.caughtUpAt,
      lastReceivedAt: sql<Date | null>`greatest(${listeners.lastReceivedAt}, ${sourceHealth.lastReceivedAt})`.mapWith(
        listeners.lastReceivedAt,
      ),
      lastFault: sql<string | null>`coalesce(${listeners.lastFault}, ${sourceHealth.lastFault})`,
      lastFaultAt: sql<Date | null>`coalesce(${listeners.lastFaultAt}, ${sourceHealth.faultSince})`.mapWith(
        listeners.lastFaultAt,
      ),
      badSignatures: sql<number>`coalesce(${sourceHealth.badSignatures}, 0)`,
      lastBadSignatureAt: sourceHealth.lastBadSignatureAt,
      lastRefusal: sourceHealth.lastRefusal,
      lastRefusalAt: sourceHealth.lastRefusalAt,
      reconciledAt: sourceHealth.reconciledAt,
      /** Taken in, and not read yet. */
      backlog: sql<number>`(select count(*)::int from submission s join task t on t.kind = 'read' and t.ref = s.id::text where s.source_id = ${sources.id})`,
    })
    .from(sources)
    .leftJoin(listeners, eq(listeners.sourceId, sources.id))
    .leftJoin(sourceHealth, eq(sourceHealth.sourceId, sources.id))
    .orderBy(asc(sources.id))
}

/** After so long a fault is no hiccup: people are told. */
const ALERT_AFTER_MS = 10 * 60_000

/** Sources whose fault has lasted: for metrics and the doctor. */
export async function failingSources({
  db,
  clock,
}: {
  readonly db: Db
  readonly clock: Clock
}): Promise<{ readonly id: string; readonly fault: string; readonly since: Date; readonly listens: boolean }[]> {
  const until = new Date(clock.now().getTime() - ALERT_AFTER_MS)
  const { rows } = await db.execute<{ id: string; fault: string; since: string; listens: boolean }>(sql`
    select s.id, coalesce(l.last_fault, h.last_fault) as fault, coalesce(l.last_fault_at, h.fault_since) as since, l.source_id is not null as listens
    from source s left join listener l on l.source_id = s.id left join source_health h on h.source_id = s.id
    where s.state = 'on' and ((l.last_fault is not null and l.last_fault_at <= ${until}) or (h.last_fault is not null and h.fault_since <= ${until}))
    order by s.id`)
  return rows.map((row) => ({ ...row, since: new Date(row.since) }))
}
