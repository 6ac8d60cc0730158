import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Broken, compare, summary } from '../support/ledger.ts'
import type { Sent } from '../support/load.ts'
import { comeToRest, observe } from '../support/observe.ts'
import { type OwnPostgres, ownPostgres } from '../support/postgres.ts'
import { openSite } from '../support/site.ts'
import { makeVariant } from '../support/variant.ts'

const DIST = join(import.meta.dirname, '../../dist')

/** The promise is 2 s (PostgreSQL away: 503 with Retry-After); the rest is what the request itself takes on a busy machine. */
const AT_MOST_MS = 2500

let postgres: OwnPostgres
beforeAll(async () => {
  postgres = await ownPostgres()
})
afterAll(() => postgres.remove())

const WAYS = {
  stopped: { begin: () => postgres.stop('immediate'), end: () => postgres.start() },
  frozen: { begin: async () => postgres.freeze(), end: async () => postgres.thaw() },
} as const

interface TurnedAway {
  /** Who was not turned away as promised, and how. */
  readonly wrong: readonly string[]
  readonly broken: readonly Broken[]
}

/** One after the other, each of 1.8 s: longer than anything that a web process remembers stays fresh. */
const ROUNDS = 5

/** Sends while PostgreSQL is away. */
async function whileAway(
  way: keyof typeof WAYS,
  {
    dist,
    database,
    rounds,
    afterwards,
  }: {
    readonly dist: string
    readonly database: string
    readonly rounds: number
    readonly afterwards: 'come again' | 'stay away'
  },
): Promise<TurnedAway> {
  const env = { DATABASE_URL: await postgres.database(database) }
  const site = await openSite({ machines: ['web', 'worker'], env, dist, office: { answers: true }, seed: 7, atOnce: 4 })
  try {
    await site.crowd.send(10)
    await comeToRest(site, 45_000)
    await site.crowd.send(10)
    await WAYS[way].begin()
    const turnedAway: Sent[] = []
    for (let round = 0; round < rounds; round++)
      turnedAway.push(...(await Promise.all(Array.from({ length: 8 }, () => site.crowd.once()))))
    await WAYS[way].end()
    if (afterwards === 'come again') await Promise.all(turnedAway.map((sent) => site.crowd.insist(sent)))
    else await site.crowd.send(5)
    await comeToRest(site, 45_000)
    const wrong = turnedAway.flatMap(({ key, answers: [answer] }) =>
      answer?.status === 503 && answer.retryAfter !== undefined && answer.milliseconds <= AT_MOST_MS
        ? []
        : [`${key}: ${answer?.status ?? 'no answer'} after ${Math.round(answer?.milliseconds ?? 0)} ms`],
    )
    return { wrong, broken: compare(site.crowd.ledger, await observe(site)) }
  } finally {
    if (way === 'frozen') postgres.thaw()
    await site.close()
  }
}

it('a citizen is turned away within 2 s while PostgreSQL is stopped, and nothing of what was refused turns up', async () => {
  const { wrong, broken } = await whileAway('stopped', {
    dist: DIST,
    database: 'stopped',
    rounds: ROUNDS,
    afterwards: 'stay away',
  })
  expect(wrong).toEqual([])
  expect(summary(broken)).toEqual([])
})

it('a citizen is turned away within 2 s while PostgreSQL does not answer, and coming again is stored once', async () => {
  const { wrong, broken } = await whileAway('frozen', {
    dist: DIST,
    database: 'frozen',
    rounds: ROUNDS,
    afterwards: 'come again',
  })
  expect(wrong).toEqual([])
  expect(summary(broken)).toEqual([])
})

it('a build that waits for PostgreSQL as long as it takes is caught', async () => {
  const variant = await makeVariant([
    { file: 'core/intake/accept.js', from: 'deadlineMs: 1800', to: 'deadlineMs: 600_000' },
  ])
  try {
    const { wrong } = await whileAway('frozen', {
      dist: variant.dist,
      database: 'waits',
      rounds: 1,
      afterwards: 'come again',
    })
    expect(wrong.length).toBeGreaterThan(0)
  } finally {
    await variant.remove()
  }
})
