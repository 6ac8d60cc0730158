import { afterAll, beforeAll, describe, it } from 'vitest'
import { failpoints } from '../support/failpoints.ts'
import { type Fault, killedAsItPromises, killedAtEach, officeAway, redisGone } from '../support/faults.ts'
import type { Broken } from '../support/ledger.ts'
import { type OwnPostgres, ownPostgres } from '../support/postgres.ts'
import { type OwnRedis, ownRedis } from '../support/redis.ts'
import { runFaults } from '../support/run-faults.ts'
import { openSite } from '../support/site.ts'
import { type Change, makeVariant } from '../support/variant.ts'

interface Variant {
  readonly name: string
  readonly promise: Broken['promise']
  readonly changes: readonly Change[]
  /** What has to go wrong for the mistake to show; nothing but two machines and two hands, where empty. */
  readonly faults?: (found: Broken[], redis: OwnRedis) => readonly Fault[]
  readonly loseReplies?: number
  readonly reports: number
}

/** The last of what reading a report commits: it asks for the match step, and its task leaves the table. */
const READ_IS_OVER =
  "if (!held) a.later({ kind: 'match', ref: id }); await wakeWords(a, submission.sourceId, opened.item); await finishing(a, task);"

const VARIANTS: readonly Variant[] = [
  {
    name: 'answers before the commit',
    promise: 1,
    changes: [
      {
        file: 'core/intake/accept.js',
        from: 'const written = await write(rows).catch(',
        to: "const written = await Promise.race(['fresh', write(rows)]).catch(",
      },
    ],
    faults: () => [killedAsItPromises, killedAsItPromises, killedAsItPromises],
    reports: 100,
  },
  {
    name: 'remembers keys in each process by itself',
    promise: 2,
    changes: [
      {
        file: 'http/citizen/reports.js',
        from: 'const event = idempotencyKey(request) ?? checked.event ?? uuid()',
        to: 'const event = idempotencyKey(request) + process.pid',
      },
    ],
    reports: 60,
  },
  {
    name: 'looks for the same matter before its own report is committed',
    promise: 4,
    changes: [
      {
        file: 'core/reading/read.js',
        from: READ_IS_OVER,
        to: "await wakeWords(a, submission.sourceId, opened.item); await (await import('../matching/match.js')).match({ ...ports, db: a.tx }, { ...task, ref: id });",
      },
    ],
    reports: 200,
  },
  {
    name: 'makes a new key for each attempt',
    promise: 5,
    changes: [{ file: 'core/delivery/compose.js', from: 'key: delivery.id', to: 'key: crypto.randomUUID()' }],
    loseReplies: 8,
    reports: 40,
  },
  {
    name: 'tells reporters that it was forwarded when it was routed',
    promise: 5,
    changes: [
      {
        file: 'core/cases/assign.js',
        from: "await openDelivery(a, { assignment: assignment, kind: 'case', urgent: root.urgent });",
        to: `await openDelivery(a, { assignment: assignment, kind: 'case', urgent: root.urgent });
             await (await import('../delivery/has-it.js')).tellForwarded(a, { assignment, dueAt: a.at, to: await (await import('./hold.js')).reportsOf(a.tx, [root.id]) });`,
      },
    ],
    faults: (found) => [officeAway(found)],
    reports: 40,
  },
  {
    name: 'takes a task off the list before its effects are committed',
    promise: 7,
    changes: [
      {
        file: 'core/reading/read.js',
        from: "failpoint('read.before-commit');",
        to: "await act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task)); failpoint('read.before-commit');",
      },
      {
        file: 'core/reading/read.js',
        from: READ_IS_OVER,
        to: "a.later({ kind: 'match', ref: id }); await wakeWords(a, submission.sourceId, opened.item);",
      },
    ],
    faults: () => [killedAtEach(failpoints('worker').filter(({ name }) => name === 'read.before-commit'))],
    reports: 60,
  },
  {
    name: 'takes a wake-up for the truth',
    promise: 7,
    changes: [
      {
        file: 'platform/tasks/worker.js',
        from: 'setInterval(() => void pump(), SWEEP_MS)',
        to: 'setInterval(() => {}, SWEEP_MS)',
      },
    ],
    faults: (_found, redis) => [redisGone(redis)],
    // What was lost is asked for ten seconds later: a worker that never rests before, on a busy machine, has rested by then.
    loseReplies: 3,
    reports: 40,
  },
  {
    name: 'writes the history after the change that it tells of',
    promise: 9,
    changes: [
      { file: 'core/act.js', from: 'await appendHistory(tx, ports.secrets, entries);', to: '' },
      {
        file: 'core/act.js',
        from: 'if (later.length > 0) ports.wakeups.kick(later.length);',
        to: `if (entries.length > 0) (await import('../platform/failpoint.js')).failpoint('variant.between');
             await ports.db.transaction((tx) => appendHistory(tx, ports.secrets, entries)); ports.wakeups.kick(1);`,
      },
    ],
    // Where the mistake is: a blow at random meets those milliseconds too seldom.
    faults: () => [killedAtEach(Array.from({ length: 3 }, () => ({ name: 'variant.between', role: 'worker' })))],
    reports: 60,
  },
]

let postgres: OwnPostgres
beforeAll(async () => {
  postgres = await ownPostgres()
})
afterAll(() => postgres.remove())

describe.concurrent('the ledger catches a build that', () => {
  it.for(VARIANTS)(
    '$name (promise $promise)',
    async ({ name, promise, changes, faults, loseReplies, reports }, { expect }) => {
      const i = VARIANTS.findIndex((v) => v.name === name)
      const [variant, redis] = await Promise.all([makeVariant(changes), ownRedis()])
      const site = await openSite({
        machines: ['web,worker', 'web,worker'],
        env: { DATABASE_URL: await postgres.database(`variant_${i}`), REDIS_URL: redis.url() },
        dist: variant.dist,
        office: { answers: true, ...(loseReplies !== undefined && { loseReplies: { every: loseReplies } }) },
        seed: 100 + i,
        atOnce: 8,
      })
      try {
        const found: Broken[] = []
        const first = faults?.(found, redis) ?? []
        const { broken } = await runFaults(site, { first, second: [], reports, stallMs: 35_000 })
        const caught = [...found, ...broken].filter((b) => b.promise === promise)
        console.log(name, new Set(caught.map((b) => b.how)))
        expect(caught.length, name).toBeGreaterThan(0)
      } finally {
        await site.close()
        await Promise.all([redis.remove(), variant.remove()])
      }
    },
  )
})
