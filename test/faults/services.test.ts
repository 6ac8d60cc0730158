import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { failpoints, onEveryWay } from '../support/failpoints.ts'
import {
  type Fault,
  killedAsItPromises,
  killedAtEach,
  officeAway,
  postgresAway,
  postgresRestarted,
  redisAway,
  redisFlushed,
  workerFrozen,
  workerKilled,
} from '../support/faults.ts'
import { type Broken, summary } from '../support/ledger.ts'
import { type OwnPostgres, ownPostgres } from '../support/postgres.ts'
import { type OwnRedis, ownRedis } from '../support/redis.ts'
import { runFaults } from '../support/run-faults.ts'
import { openSite } from '../support/site.ts'

const DIST = join(import.meta.dirname, '../../dist')
/** Where time is short, fewer: every fault strikes all the same. */
const REPORTS = Number(process.env['FAULT_REPORTS'] ?? 5000)

let postgres: OwnPostgres
let redis: OwnRedis
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([ownPostgres(), ownRedis()])
})
afterAll(async () => {
  await Promise.all([postgres.remove(), redis.remove()])
})

it(`of ${REPORTS} reports none is lost, doubled or answered twice, whatever is killed, flushed, restarted or away`, async () => {
  const started = performance.now()
  const site = await openSite({
    machines: ['web', 'web', 'worker', 'worker'],
    env: { DATABASE_URL: await postgres.database('faults'), REDIS_URL: redis.url() },
    dist: DIST,
    office: { answers: true, loseReplies: { every: 25 } },
    seed: 1,
    atOnce: 16,
  })
  try {
    const early: Broken[] = []
    const first: Fault[] = [
      killedAtEach(failpoints('web')),
      killedAtEach(failpoints('worker').filter(onEveryWay)),
      killedAsItPromises,
      redisFlushed(redis),
      postgresRestarted(postgres),
    ]
    const second: Fault[] = [
      workerFrozen,
      redisAway(redis),
      postgresAway(postgres),
      officeAway(early),
      workerKilled,
      postgresRestarted(postgres),
    ]
    const { broken, seen } = await runFaults(site, {
      first,
      second,
      reports: REPORTS,
      stallMs: 90_000,
      say: console.log,
    })
    expect(summary([...early, ...broken])).toEqual([])
    expect(seen.submissions.length).toBeGreaterThanOrEqual(REPORTS)
    expect(seen.joins.length).toBeGreaterThan(50)
  } finally {
    await site.close()
    console.log(`faults, services: ${Math.round((performance.now() - started) / 1000)} s`)
  }
})
