import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { systemClock } from '../src/platform/clock/clock.ts'
import { type Db, openDatabase } from '../src/platform/database/database.ts'
import { startEmbedded } from '../src/platform/database/embedded/launch.ts'
import { isRefused } from '../src/platform/database/embedded/refused.ts'
import { migrateDatabase } from '../src/platform/database/migrate.ts'
import { makeLog } from '../src/platform/log/log.ts'
import { addTasks } from '../src/platform/tasks/add.ts'
import { redisWakeups } from '../src/platform/tasks/bullmq.ts'
import { finish } from '../src/platform/tasks/finish.ts'
import { inProcessWakeups, type Wakeups } from '../src/platform/tasks/wakeups.ts'
import { startWorker } from '../src/platform/tasks/worker.ts'
import { type Place, places } from './places.ts'
import { median, type Result } from './result.ts'

/** What the prototype of the same design did, measured before the first line of this one: one claim, one effect, one done a task. */
const PROTOTYPE = { embedded: 1451, production: 1135 }

/** Submitted to done: each task added in a transaction of its own, claimed, and finished in the transaction of its (empty) effect. */
export async function tasks(full: boolean): Promise<Result> {
  const count = full ? 20_000 : 4_000
  const rounds = full ? 5 : 3
  const figures: Record<string, number> = {}
  for (const place of await places()) {
    const { connection, stop } = await reach(place)
    const db = openDatabase({ connection, poolSize: 40, log: () => undefined })
    await migrateDatabase(db, new URL('../drizzle', import.meta.url).pathname)
    const redis = place.env['REDIS_URL']
    const wakeups = redis === undefined ? inProcessWakeups() : redisWakeups(redis, () => undefined)
    const runs: number[] = []
    for (let round = 0; round < rounds; round++) runs.push(await once(db, wakeups, { count, round }))
    await wakeups.close()
    await db.$client.end()
    await stop()
    await place.remove()
    figures[`${place.name}: tasks/s, submitted to done`] = median(runs)
    figures[`${place.name}: prototype's tasks/s`] = PROTOTYPE[place.name]
  }
  return {
    about: `Tasks: ${count} a round, median of ${rounds} rounds, 32 submitters, 16 slots, one process.`,
    ratios: {},
    aims: {},
    figures,
  }
}

async function once(
  db: Db,
  wakeups: Wakeups,
  { count, round }: { readonly count: number; readonly round: number },
): Promise<number> {
  let done = 0
  let finished: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    finished = resolve
  })
  const worker = startWorker({
    db,
    clock: systemClock,
    wakeups,
    log: makeLog('silent'),
    slots: 16,
    handlers: {
      nothing: async (task) => {
        await db.transaction((tx) => finish(tx, task, { now: systemClock.now() }))
        if (++done === count) finished()
      },
    },
  })
  const started = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (next < count) {
        const ref = `${round}-${next++}`
        await db.transaction((tx) => addTasks(tx, [{ kind: 'nothing', ref, due: systemClock.now() }]))
        wakeups.kick(1)
      }
    }),
  )
  await all
  const perSecond = count / ((performance.now() - started) / 1000)
  await worker.stop()
  await db.execute(sql`delete from task`)
  return perSecond
}

async function reach(place: Place): Promise<{ readonly connection: pg.PoolConfig; stop(): Promise<void> }> {
  const url = place.env['DATABASE_URL']
  if (url !== undefined) return { connection: { connectionString: url }, stop: async () => undefined }
  const embedded = await startEmbedded({ dataDir: place.dataDir, log: () => undefined })
  if (isRefused(embedded)) throw new Error(embedded.refused)
  return { connection: embedded.connection, stop: () => embedded.stop() }
}
