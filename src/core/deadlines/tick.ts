import { and, asc, eq, lte, sql } from 'drizzle-orm'
import { isOutage, type Tx } from '../../platform/database/database.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { cases, deadlines } from '../tables/index.ts'
import type { Deadline } from './clocks.ts'
import { nextLook, type SetMark } from './set-marks.ts'

/** What a mark means, done in the transaction that writes down that it was given. */
export type OnMark = (a: Act, deadline: Deadline, mark: SetMark) => Promise<void>

/** How late a mark may be; an urgent case rings after minutes. */
const EVERY_MS = 10_000
const BATCH = 500
/** A deadline whose mark fails through a fault of ours is looked at again then, and holds up no other meanwhile. */
const PUT_OFF_MS = 10 * 60_000

/** Every ten seconds: what has passed since the last look. */
export async function tickTask(ports: Ports, onMark: OnMark, task: Claimed): Promise<void> {
  const looked = await tick(ports, onMark)
  if (looked > 0) ports.log.info({ looked }, 'deadlines.ticked')
  await act(ports, { actor: 'system', unrecorded: true }, (a) =>
    finishing(a, task, new Date(a.at.getTime() + EVERY_MS)),
  )
}

/**
 * Writes down every deadline that has passed and gives every mark whose time has come, each once and in order, however late it is and however
 * many processes look. Gives how many deadlines it looked at. What an operation holds just now comes with the next tick.
 */
export async function tick(ports: Ports, onMark: OnMark): Promise<number> {
  for (let looked = 0; ; ) {
    const taken: string[] = []
    try {
      await lookAt(ports, { onMark, limit: BATCH, taken })
    } catch (error) {
      if (isOutage(error) || taken.length === 0) throw error
      for (const id of taken) await lookAlone(ports, onMark, id)
    }
    looked += taken.length
    if (taken.length === 0) return looked
  }
}

/** One of a batch that failed: whoever is to blame is put off, the others go on. */
async function lookAlone(ports: Ports, onMark: OnMark, id: string): Promise<void> {
  try {
    await lookAt(ports, { onMark, limit: 1, taken: [], only: id })
  } catch (err) {
    if (isOutage(err)) throw err
    ports.log.error({ deadline: id, err }, 'deadline.failed')
    const nextAt = new Date(ports.clock.now().getTime() + PUT_OFF_MS)
    await ports.db
      .update(deadlines)
      .set({ nextAt })
      .where(and(eq(deadlines.id, id), eq(deadlines.state, 'open')))
  }
}

interface Looking {
  readonly onMark: OnMark
  readonly limit: number
  /** Ids of those that were looked at, also where it fails. */
  readonly taken: string[]
  readonly only?: string
}

async function lookAt(ports: Ports, { onMark, limit, taken, only }: Looking): Promise<void> {
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const rows = await dueNow(a.tx, a.at, { limit, only })
    taken.splice(0, taken.length, ...rows.map(({ id }) => id))
    const looked: Deadline[] = []
    for (const row of rows) looked.push(await pass(a, row, onMark))
    await write(a.tx, looked)
  })
}

/** Whoever holds the case holds its deadlines too; waiting for neither, a tick is in no circle of waits. */
async function dueNow(
  tx: Tx,
  now: Date,
  { limit, only }: { readonly limit: number; readonly only: string | undefined },
): Promise<Deadline[]> {
  const rows = await tx
    .select({ deadline: deadlines })
    .from(deadlines)
    .innerJoin(cases, eq(cases.id, deadlines.caseId))
    .where(
      and(
        eq(deadlines.state, 'open'),
        lte(deadlines.nextAt, now),
        only === undefined ? undefined : eq(deadlines.id, only),
      ),
    )
    .orderBy(asc(deadlines.nextAt), asc(deadlines.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return rows.map(({ deadline }) => deadline)
}

/** The deadline as it is once everything of it that has passed is given. */
async function pass(a: Act, deadline: Deadline, onMark: OnMark): Promise<Deadline> {
  const chain = { of: 'case', id: deadline.caseId } as const
  const { id, step, dueAt } = deadline
  const missed = deadline.missedAt === null && a.at > dueAt
  let unsaid = missed
  const sayMissed = () => {
    a.record(chain, 'deadline.missed', { deadline: id, step })
    unsaid = false
  }
  const marks: SetMark[] = []
  for (const mark of deadline.marks) {
    const time = Date.parse(mark.when)
    if (mark.given !== undefined || time > a.at.getTime()) {
      marks.push(mark)
      continue
    }
    if (unsaid && time > dueAt.getTime()) sayMissed()
    a.record(chain, 'deadline.marked', { deadline: id, step, do: mark.do, level: mark.level ?? null })
    await onMark(a, deadline, mark)
    marks.push({ ...mark, given: a.at.toISOString() })
  }
  if (unsaid) sayMissed()
  const next = { dueAt, missedAt: missed ? a.at : deadline.missedAt, marks }
  return { ...deadline, ...next, nextAt: nextLook(next) }
}

async function write(tx: Tx, rows: readonly Deadline[]): Promise<void> {
  if (rows.length === 0) return
  await tx.execute(sql`
    update ${deadlines} d set missed_at = n.missed_at, marks = n.marks, next_at = n.next_at
    from unnest(
      ${sql.param(rows.map((d) => d.id))}::uuid[], ${sql.param(rows.map((d) => d.missedAt))}::timestamptz[],
      ${sql.param(rows.map((d) => JSON.stringify(d.marks)))}::jsonb[], ${sql.param(rows.map((d) => d.nextAt))}::timestamptz[]
    ) as n(id, missed_at, marks, next_at)
    where d.id = n.id`)
}
