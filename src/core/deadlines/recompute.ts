import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { cases, deadlines } from '../tables/index.ts'
import type { Calendar } from './calendar.ts'
import type { Deadline } from './clocks.ts'
import { movedMarks, nextLook } from './set-marks.ts'
import { dueAfter } from './span.ts'

const HOUR = 3600_000
const BATCH = 1000
/** Until what an operation held is free. */
const SOON_MS = 2000
/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000'

/** `hourly` stays; any other is for once, after a change. */
export const HOURLY = 'hourly'

export async function recomputeTask(ports: Ports, task: Claimed): Promise<void> {
  const { looked, moved, left } = await recompute(ports)
  if (looked > 0) ports.log.info({ looked, moved, left }, 'deadlines.recomputed')
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const next = left ? SOON_MS : task.ref === HOURLY ? HOUR : undefined
    await finishing(a, task, next === undefined ? undefined : new Date(a.at.getTime() + next))
  })
}

export interface Recomputed {
  readonly looked: number
  /** Those whose due time is another one now. */
  readonly moved: number
  /** Some were held by an operation: to be looked at again. */
  readonly left: boolean
}

/**
 * Computes every open deadline again whose calendar is no longer in the state by which it was computed, from its start and its span, in batches
 * that each commit: it may be stopped at any time and goes on where it was.
 */
export async function recompute(ports: Ports): Promise<Recomputed> {
  const { rows } = await ports.db.execute<{ id: string }>(
    sql`select distinct calendar_id as id from ${deadlines} where state = 'open' order by 1`,
  )
  let [looked, moved, left] = [0, 0, false]
  for (const { id } of rows) {
    const calendar = await ports.profiles.calendar(id)
    for (let after = FIRST; ; ) {
      const done = await batch(ports, calendar, after)
      looked += done.ids.length
      moved += done.moved
      if (done.ids.length < BATCH) break
      after = done.ids.at(-1)!
    }
    left ||= await isLeft(ports, calendar)
  }
  return { looked, moved, left }
}

const computedOtherwise = ({ id, version }: Calendar) =>
  and(eq(deadlines.state, 'open'), eq(deadlines.calendarId, id), ne(deadlines.calendarVersion, version))

async function isLeft({ db }: Ports, calendar: Calendar): Promise<boolean> {
  const some = await db.select({ id: deadlines.id }).from(deadlines).where(computedOtherwise(calendar)).limit(1)
  return some.length > 0
}

function batch(
  ports: Ports,
  calendar: Calendar,
  after: string,
): Promise<{ readonly ids: string[]; readonly moved: number }> {
  return act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const rows = await a.tx
      .select({ deadline: deadlines })
      .from(deadlines)
      .innerJoin(cases, eq(cases.id, deadlines.caseId))
      .where(and(computedOtherwise(calendar), gt(deadlines.id, after)))
      .orderBy(asc(deadlines.id))
      .limit(BATCH)
      .for('update', { skipLocked: true })
    const computed = rows.map(({ deadline }) => again(deadline, a.at, calendar))
    const moved = computed.filter(({ dueAt }, i) => dueAt.getTime() !== rows[i]!.deadline.dueAt.getTime())
    await write(a.tx, computed)
    await moveAssignments(a.tx, moved)
    for (const { id, step, caseId, dueAt } of moved)
      a.record({ of: 'case', id: caseId }, 'deadline.moved', {
        deadline: id,
        step,
        due: dueAt.toISOString(),
        calendar: calendar.version,
      })
    return { ids: rows.map(({ deadline }) => deadline.id), moved: moved.length }
  })
}

function again(deadline: Deadline, now: Date, calendar: Calendar): Deadline {
  const { span, startedAt } = deadline
  const { at: dueAt, uncertain } =
    'promised' in span ? { at: deadline.dueAt, uncertain: [] } : dueAfter(startedAt, span, calendar)
  const marks = movedMarks(deadline.marks, { dueAt, now }, calendar)
  // It was late by a calendar that does not count any more.
  const missedAt = dueAt >= now ? null : deadline.missedAt
  const nextAt = nextLook({ dueAt, missedAt, marks })
  return { ...deadline, dueAt, uncertain, marks, missedAt, nextAt, calendarVersion: calendar.version }
}

async function write(tx: Tx, rows: readonly Deadline[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(sql`
    update ${deadlines} d set due_at = n.due_at, uncertain = n.uncertain, calendar_version = n.version, missed_at = n.missed_at,
      marks = n.marks, next_at = n.next_at
    from unnest(
      ${sql.param(rows.map((d) => d.id))}::uuid[], ${sql.param(rows.map((d) => d.dueAt))}::timestamptz[],
      ${sql.param(rows.map((d) => JSON.stringify(d.uncertain)))}::jsonb[], ${sql.param(rows.map((d) => d.calendarVersion))}::text[],
      ${sql.param(rows.map((d) => d.missedAt))}::timestamptz[], ${sql.param(rows.map((d) => JSON.stringify(d.marks)))}::jsonb[],
      ${sql.param(rows.map((d) => d.nextAt))}::timestamptz[]
    ) as n(id, due_at, uncertain, version, missed_at, marks, next_at)
    where d.id = n.id`)
}

/** The time that an office was told is its deadline's: it moves with it. */
async function moveAssignments(tx: Tx, moved: readonly Deadline[]): Promise<void> {
  const ids = [...new Set(moved.flatMap(({ assignmentId }) => assignmentId ?? []))]
  if (ids.length === 0) return
  await tx.execute(sql`
    update assignment s set due_at = d.due_at from (
      select assignment_id, max(due_at) as due_at from ${deadlines}
      where assignment_id = any(${sql.param(ids)}::uuid[]) and case_id = any(${sql.param(moved.map(({ caseId }) => caseId))}::uuid[])
        and state = 'open' and until @> '["assignment.answered"]' group by assignment_id
    ) d where s.id = d.assignment_id and s.due_at is not null`)
}

/** After a calendar or the choice of one was changed: now, and once more when nobody holds the old one in memory. */
export function recomputeLater(a: Act, heldForMs: number): void {
  a.later({ kind: 'recompute', ref: HOURLY })
  a.later({ kind: 'recompute', ref: 'after-change', due: new Date(a.at.getTime() + 2 * heldForMs) })
}
