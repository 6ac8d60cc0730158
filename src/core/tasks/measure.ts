import { sql } from 'drizzle-orm'
import type { Db } from '../../platform/database/database.ts'
import { gauge } from '../../platform/metrics/metrics.ts'
import { countDeliveries } from '../delivery/list.ts'

/** Figures that are read from the tables when somebody asks: how much waits, and where. */
export function measure(db: Db): void {
  gauge('paht_deliveries', 'Deliveries, by state', ['state'], async (set) => {
    for (const [state, count] of Object.entries(await countDeliveries(db))) set({ state }, count)
  })
  gauge('paht_tasks_open', 'Tasks waiting or running, by kind and state', ['kind', 'state'], async (set) => {
    const { rows } = await db.execute<{ kind: string; state: string; count: number }>(
      sql`select kind, state, count(*)::int as count from task group by kind, state`,
    )
    for (const { kind, state, count } of rows) set({ kind, state }, count)
  })
}
