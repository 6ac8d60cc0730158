import { eq, sql } from 'drizzle-orm'
import { yearsWithoutNotice } from '../deadlines/years-without-notice.ts'
import { countDeliveries } from '../delivery/list.ts'
import { failingSources } from '../intake/list-sources.ts'
import { links, sources } from '../tables/index.ts'
import type { DeliveryState } from '../words.ts'
import { error, type Finding, firstOf, ok, type Patient, warning } from './finding.ts'

const OVERDUE_MINUTES = 10

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

/** A mailbox that nobody listens to, or cannot: mails wait there, and so do their senders. */
export async function sourcesSilent({ ports: { db, clock } }: Patient): Promise<Finding[]> {
  const since = new Date(clock.now().getTime() - OVERDUE_MINUTES * 60_000)
  const { rows } = await db.execute<{ id: string; fault: string | null }>(sql`
    select s.id, l.last_fault as fault from source s join listener l on l.source_id = s.id
    where s.state = 'on' and l.caught_up_at is null and (l.last_fault_at is null or l.last_fault_at < ${since} or l.lease_until is null)
    order by s.id`)
  if (rows.length === 0) return [ok('Every source that keeps a connection open is listened to.')]
  return firstOf(rows, ({ id, fault }) =>
    error(
      `Nobody listens to source ${id}: ${fault ?? 'no process has tried'}.`,
      'See that a process runs with the role listener (PAHT_ROLES); mend what it says: "paht sources".',
    ),
  )
}

/** A fault that has lasted, of those that their providers call: the token of a page has run out, say. */
export async function sourcesFailing({ ports }: Patient): Promise<Finding[]> {
  const failing = (await failingSources(ports)).filter(({ listens }) => !listens)
  if (failing.length === 0) return [ok('Every source that its provider calls is well.')]
  return firstOf(failing, ({ id, fault, since }) =>
    error(
      `Source ${id} has failed since ${since.toISOString()}: ${fault}`,
      'Mend what it says; "paht sources" shows when it is well again.',
    ),
  )
}

const ON_THE_WAY_HOURS = 24

/** The exchange has it and the office has not said so: its software may be off. */
export async function sentLong({ ports: { db, clock } }: Patient): Promise<Finding[]> {
  const since = new Date(clock.now().getTime() - ON_THE_WAY_HOURS * 3600_000)
  const { rows } = await db.execute<{ link: string; count: number }>(sql`
    select link_id as link, count(*)::int as count from delivery where state = 'sent' and first_attempt_at < ${since} group by link_id order by link_id`)
  if (rows.length === 0) return [ok('What an exchange took has reached its office, or is on the way.')]
  return firstOf(rows, ({ link, count }) =>
    warning(
      `${count} deliveries by link ${link} are in the exchange for more than ${ON_THE_WAY_HOURS} hours, and no office has said that it has them.`,
      'Ask the office whether its software fetches documents: "paht deliveries --state sent".',
    ),
  )
}

/** Deadlines that were counted by a guess must be computed again when the notice of the year comes. */
export async function calendars({ ports }: Patient): Promise<Finding[]> {
  const open = await yearsWithoutNotice(ports)
  if (open.length === 0) return [ok('The calendars have the official working days.')]
  return open.map(({ calendar, year, status }) =>
    warning(
      `The working days of ${year} are ${status === 'provisional' ? 'computed from the law' : 'unknown but for weekends'}: the calendar ${calendar} has no notice of that year.`,
      'Bring in the year’s notice with a newer PAHT Hub, or: "paht calendar show", edit, "paht calendar apply".',
    ),
  )
}
