import { eq, sql } from 'drizzle-orm'
import { countDeliveries } from '../delivery/list.ts'
import { dayInVietnam } from '../profile/profile.ts'
import { links, profiles, sources } from '../tables/index.ts'
import type { DeliveryState } from '../words.ts'
import { error, type Finding, firstOf, ok, type Patient, warning } from './finding.ts'

const OVERDUE_MINUTES = 10
/** The year's notice is out by then, and deadlines begin to reach into it. */
const NEXT_YEAR_DAYS = 30

export async function deadTasks({ ports: { db } }: Patient): Promise<Finding[]> {
  const { rows } = await db.execute<{ kind: string; count: number; error: string | null }>(sql`
    select kind, count(*)::int as count, max(last_error) as error from task where state = 'dead' group by kind order by kind`)
  if (rows.length === 0) return [ok('No task is dead.')]
  return firstOf(rows, (row) =>
    error(
      `${row.count} tasks "${row.kind}" failed again and again: ${row.error ?? 'no error was kept'}`,
      'Mend the cause, then POST /api/v1/tasks/{id}/replay; GET /api/v1/tasks/dead lists them.',
    ),
  )
}

/** What could run and does not: a paused lane waits on purpose, and so does a task behind an older one. */
export async function overdueTasks({ ports: { db, clock } }: Patient): Promise<Finding[]> {
  const since = new Date(clock.now().getTime() - OVERDUE_MINUTES * 60_000)
  const { rows } = await db.execute<{ kind: string; count: number }>(sql`
    select t.kind, count(*)::int as count from task t join lane l on l.name = t.lane
    where t.state = 'open' and t.due < ${since} and not l.paused and (t.token is null or t.lease_until < ${since})
      and not exists (select from task o where o.ordered_by = t.ordered_by and o.seq < t.seq)
    group by t.kind order by t.kind`)
  if (rows.length === 0) return [ok('No task waits for a worker.')]
  const kinds = rows.map(({ kind, count }) => `${count} "${kind}"`).join(', ')
  return [
    error(
      `Tasks have been due for more than ${OVERDUE_MINUTES} minutes: ${kinds}.`,
      'See that a worker runs (PAHT_ROLES); if one does, it is too slow for what comes in: add another.',
    ),
  ]
}

const STUCK: Readonly<
  Partial<Record<DeliveryState, readonly [level: 'warning' | 'error', what: string, mend: string]>>
> = {
  failed: [
    'error',
    'failed through a fault of ours',
    'See "paht deliveries --state failed"; mended, "paht deliveries replay --state failed".',
  ],
  exhausted: [
    'error',
    'were tried for seven days and no office took them',
    'Ask the office; then "paht deliveries replay --state exhausted".',
  ],
  rejected: [
    'warning',
    'were refused by the office',
    'An officer looks at the cases: "paht deliveries --state rejected" names them.',
  ],
  waiting: [
    'warning',
    'wait for a link to the office of their agency',
    'Make one: "paht config apply" with a link that serves the agency.',
  ],
}

export async function deliveriesStuck({ ports: { db } }: Patient): Promise<Finding[]> {
  const counts = await countDeliveries(db)
  const findings = Object.entries(STUCK).flatMap(([state, [level, what, mend]]): Finding[] => {
    const count = counts[state] ?? 0
    return count > 0 ? [{ level, what: `${count} deliveries ${what}.`, mend }] : []
  })
  return findings.length > 0 ? findings : [ok('Every delivery has its office or is on its way.')]
}

export async function pausedLinks({ ports: { db } }: Patient): Promise<Finding[]> {
  const paused = await db
    .select({ id: links.id, why: links.pausedWhy })
    .from(links)
    .where(eq(links.state, 'paused'))
    .orderBy(links.id)
  if (paused.length === 0) return [ok('No link is paused.')]
  return firstOf(paused, ({ id, why }) =>
    error(`Link ${id} is paused: ${why ?? 'no reason was kept'}`, `Mend it, then POST /api/v1/links/${id}/resume.`),
  )
}

export async function sourcesOff({ ports: { db } }: Patient): Promise<Finding[]> {
  const off = await db.select({ id: sources.id }).from(sources).where(eq(sources.state, 'off')).orderBy(sources.id)
  const on = await db.select({ id: sources.id }).from(sources).where(eq(sources.state, 'on')).limit(1)
  if (on.length === 0)
    return [error('No source is on: nobody can report anything.', 'Switch one on: "paht config apply".')]
  if (off.length === 0) return [ok('Every source is on.')]
  return firstOf(off, ({ id }) =>
    warning(`Source ${id} is off.`, 'Switch it on where that is not meant: "paht config apply".'),
  )
}

/** Deadlines that were counted by a guess must be computed again when the notice of the year comes. */
export async function calendars({ ports: { db, clock, profiles: store } }: Patient): Promise<Finding[]> {
  const now = clock.now().getTime()
  const years = new Set(
    [0, NEXT_YEAR_DAYS].map((days) => Number(dayInVietnam(new Date(now + days * 86_400_000)).slice(0, 4))),
  )
  const findings: Finding[] = []
  for (const { id } of await db.select({ id: profiles.id }).from(profiles)) {
    const { profile, calendar } = await store.get(id)
    for (const year of [...years].filter((each) => calendar.years.get(each) !== 'official')) {
      findings.push(
        warning(
          `The working days of ${year} are ${calendar.years.has(year) ? 'computed from the law' : 'unknown but for weekends'}: the calendar ${profile.calendar} has no notice of that year.`,
          `Bring in the year's notice with a newer PAHT Hub, or in data/calendars/${profile.calendar}.yaml.`,
        ),
      )
    }
  }
  return findings.length > 0 ? findings : [ok('The calendars have the official working days.')]
}
