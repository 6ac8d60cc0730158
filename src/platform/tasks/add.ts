import { sql } from 'drizzle-orm'
import type { Tx } from '../database/database.ts'
import { newId } from '../secrets/random.ts'

export interface NewTask {
  readonly kind: string
  /** What the handler loads: a row's id. One open task for each kind and ref. */
  readonly ref: string
  /** Default: the kind. */
  readonly lane?: string
  readonly orderedBy?: string
  readonly urgent?: boolean
  readonly due: Date
}

/** Adds tasks in the caller's transaction. One that is open already is asked for again: it runs once more after the run that may be under way. */
export async function addTasks(tx: Tx, asked: readonly NewTask[]): Promise<void> {
  const tasks = each(asked)
  if (tasks.length === 0) return
  await tx.execute(sql`
    with lanes as (insert into lane (name) select unnest(${sql.param([...new Set(tasks.map(laneOf))].sort())}::text[]) on conflict do nothing)
    insert into task (id, kind, ref, lane, ordered_by, priority, due)
    select * from unnest(
      ${sql.param(tasks.map(() => newId()))}::uuid[], ${sql.param(tasks.map((t) => t.kind))}::text[], ${sql.param(tasks.map((t) => t.ref))}::text[],
      ${sql.param(tasks.map(laneOf))}::text[], ${sql.param(tasks.map((t) => t.orderedBy ?? null))}::text[],
      ${sql.param(tasks.map((t) => (t.urgent ? 1 : 0)))}::smallint[], ${sql.param(tasks.map((t) => t.due))}::timestamptz[])
    on conflict (kind, ref) do update set
      again = task.token is not null,
      state = 'open',
      priority = greatest(task.priority, excluded.priority),
      due = least(task.due, excluded.due)`)
}

/** One that a transaction asks for twice is one, as early and as urgent as either: a statement cannot change a row twice. */
function each(asked: readonly NewTask[]): NewTask[] {
  const found = new Map<string, NewTask>()
  for (const task of asked) {
    const key = JSON.stringify([task.kind, task.ref])
    const other = found.get(key)
    const due = other !== undefined && other.due < task.due ? other.due : task.due
    found.set(
      key,
      other === undefined ? task : { ...other, due, urgent: (other.urgent ?? false) || (task.urgent ?? false) },
    )
  }
  return [...found.values()]
}

function laneOf(task: NewTask): string {
  return task.lane ?? task.kind
}
