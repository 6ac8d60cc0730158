import { sql } from 'drizzle-orm'
import { gauge } from '../../platform/metrics/metrics.ts'
import type { Ports } from '../act.ts'
import { yearsWithoutNotice } from '../deadlines/years-without-notice.ts'
import { countDeliveries } from '../delivery/list.ts'
import { failingSources } from '../intake/list-sources.ts'

/** Figures that are read from the tables when somebody asks: how much waits, and where. */
export function measure(ports: Pick<Ports, 'db' | 'clock' | 'profiles'>): void {
  const { db, clock } = ports
  gauge('paht_business_time_seconds', 'The hour on the clock that deadlines go by, since 1970', [], async (set) =>
    set({}, clock.now().getTime() / 1000),
  )
  gauge('paht_deliveries', 'Deliveries, by state', ['state'], async (set) => {
    for (const [state, count] of Object.entries(await countDeliveries(db))) set({ state }, count)
  })
  gauge('paht_source_failing', 'Sources whose fault has lasted for ten minutes', ['source'], async (set) => {
    for (const { id } of await failingSources(ports)) set({ source: id }, 1)
  })
  gauge('paht_tasks_open', 'Tasks waiting or running, by kind and state', ['kind', 'state'], async (set) => {
    const { rows } = await db.execute<{ kind: string; state: string; count: number }>(
      sql`select kind, state, count(*)::int as count from task group by kind, state`,
    )
    for (const { kind, state, count } of rows) set({ kind, state }, count)
  })
  gauge(
    'paht_calendar_years_without_notice',
    'Years whose working days are not official yet, by calendar: the current one, from October on the next one too',
    ['calendar', 'year'],
    async (set) => {
      for (const { calendar, year } of await yearsWithoutNotice(ports)) set({ calendar, year: String(year) }, 1)
    },
  )
  gauge('paht_deadlines_open', 'Deadlines that are not met, by whether their time is over', ['late'], async (set) => {
    const { rows } = await db.execute<{ late: boolean; count: number }>(
      sql`select missed_at is not null as late, count(*)::int as count from deadline where state = 'open' group by 1`,
    )
    for (const { late, count } of rows) set({ late: String(late) }, count)
  })
}
