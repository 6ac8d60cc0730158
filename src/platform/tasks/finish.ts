import { sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Db, Tx } from '../database/database.ts'
import type { Claimed } from './claim.ts'

/** The lease ran out and another worker has the task: whatever this one found out counts no more. */
export class LateWorker extends Error {}

/** In the transaction that writes the task's effects: the task leaves the table with them, or nothing is written at all. */
export async function finish(
  tx: Tx,
  task: Claimed,
  next: { readonly runAgainAt?: Date; readonly now: Date },
): Promise<void> {
  if (next.runAgainAt !== undefined) {
    const { rowCount } = await tx.execute(sql`
      update task set token = null, lease_until = null, attempts = 0, again = false, last_error = null,
        due = case when again then least(${next.now}, ${next.runAgainAt}::timestamptz) else ${next.runAgainAt} end
      where id = ${task.id} and token = ${task.token}`)
    if (rowCount === 0) throw new LateWorker(task.kind)
    return
  }
  const { rows } = await tx.execute<{ again: boolean; lane: string; ordered_by: string | null; priority: number }>(
    sql`delete from task where id = ${task.id} and token = ${task.token} returning again, lane, ordered_by, priority`,
  )
  const gone = rows[0]
  if (gone === undefined) throw new LateWorker(task.kind)
  if (gone.again) {
    await tx.execute(sql`
      insert into task (id, kind, ref, lane, ordered_by, priority, due)
      values (${uuid()}, ${task.kind}, ${task.ref}, ${gone.lane}, ${gone.ordered_by}, ${gone.priority}, ${next.now})`)
  }
}

/** Commits a part that is done while the task goes on; refuses a late worker. */
export async function stillHeld(tx: Tx, task: Claimed): Promise<void> {
  const { rowCount } = await tx.execute(
    sql`select 1 from task where id = ${task.id} and token = ${task.token} for update`,
  )
  if (rowCount === 0) throw new LateWorker(task.kind)
}

/** The attempt failed through a fault of ours: due later, or dead (a list with an owner, replayable) when `due` is undefined. */
export async function putBack(db: Db, task: Claimed, due: Date | undefined, error: string): Promise<void> {
  await db.execute(sql`
    update task set token = null, lease_until = null, last_error = ${error.replaceAll('\0', '').slice(0, 2000)},
      state = ${due === undefined ? 'dead' : 'open'}, due = coalesce(${due ?? null}::timestamptz, due)
    where id = ${task.id} and token = ${task.token}`)
}
