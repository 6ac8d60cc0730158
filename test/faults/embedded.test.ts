import { join } from 'node:path'
import { expect, it } from 'vitest'
import { failpoints, onEveryWay } from '../support/failpoints.ts'
import { type Fault, killedAsItPromises, killedAtEach, officeAway, workerKilled } from '../support/faults.ts'
import { type Broken, summary } from '../support/ledger.ts'
import { runFaults } from '../support/run-faults.ts'
import { openSite } from '../support/site.ts'

const DIST = join(import.meta.dirname, '../../dist')
const REPORTS = 1000

it(`of ${REPORTS} reports none is lost, doubled or answered twice, wherever the one process with its database is killed`, async () => {
  const started = performance.now()
  const site = await openSite({
    machines: ['web,worker,listener'],
    env: {},
    dist: DIST,
    office: { answers: true, loseReplies: { every: 25 } },
    seed: 2,
    atOnce: 16,
  })
  try {
    const early: Broken[] = []
    const first: Fault[] = [
      killedAtEach(failpoints('web')),
      killedAtEach(failpoints('worker').filter(onEveryWay)),
      killedAsItPromises,
      workerKilled,
    ]
    const second: Fault[] = [officeAway(early), workerKilled, killedAsItPromises, workerKilled]
    const { broken, seen } = await runFaults(site, {
      first,
      second,
      reports: REPORTS,
      stallMs: 90_000,
      say: console.log,
    })
    expect(summary([...early, ...broken])).toEqual([])
    expect(seen.submissions.length).toBeGreaterThanOrEqual(REPORTS)
  } finally {
    await site.close()
    console.log(`faults, embedded: ${Math.round((performance.now() - started) / 1000)} s`)
  }
})
