import { and, desc, eq, lt } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { type PageAsked, pageOf } from '../page.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { tasks } from '../tables/index.ts'

/** Work that failed through a fault of ours, again and again: a list whose owner is IT. */
export async function listDeadTasks({ db }: Pick<Ports, 'db'>, officer: Officer, asked: PageAsked) {
  demand(officer, 'task.read')
  const rows = await db
    .select({
      id: tasks.id,
      kind: tasks.kind,
      ref: tasks.ref,
      attempts: tasks.attempts,
      lastError: tasks.lastError,
      due: tasks.due,
    })
    .from(tasks)
    .where(and(eq(tasks.state, 'dead'), asked.after === undefined ? undefined : lt(tasks.id, asked.after)))
    .orderBy(desc(tasks.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}

/** Due now, with all its attempts before it again. */
export async function replayTask(
  { db, clock, wakeups }: Pick<Ports, 'db' | 'clock' | 'wakeups'>,
  officer: Officer,
  id: string,
): Promise<boolean> {
  demand(officer, 'task.replay')
  const { rowCount } = await db
    .update(tasks)
    .set({ state: 'open', attempts: 0, due: clock.now() })
    .where(and(eq(tasks.id, id), eq(tasks.state, 'dead')))
  wakeups.kick(1)
  return (rowCount ?? 0) > 0
}
