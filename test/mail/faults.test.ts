import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failpoints, onTheWayOfMail } from '../support/failpoints.ts'
import { compareMail, leftToDo, mailCrowd, type SentMail } from '../support/mail-ledger.ts'
import { type MailSite, type MailSiteOptions, openMailSite } from '../support/mail-site.ts'
import { standsStill } from '../support/observe.ts'
import { type OwnPostgres, ownPostgres } from '../support/postgres.ts'
import { type OwnRedis, ownRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { type Change, makeVariant } from '../support/variant.ts'

const DIST = join(import.meta.dirname, '../../dist')
const STALL_MS = 45_000
/** Passed when a mail is on its way through exchange and back; the portal's own are struck elsewhere. */
const ON_THE_WAY = ['listener', 'worker'] as const

let postgres: OwnPostgres
let redis: OwnRedis
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([ownPostgres(), ownRedis()])
})
afterAll(async () => {
  await Promise.all([postgres.remove(), redis.remove()])
})

const rowsOf = async (site: MailSite, statement: string) => (await site.look<{ count: number }>(statement))[0]!.count
const takenIn = (site: MailSite) => rowsOf(site, `select count(*)::int as count from envelope where source_id = 'mail'`)
const listening = (site: MailSite) =>
  until(
    'somebody listens',
    async () =>
      (await rowsOf(site, `select count(*)::int as count from listener where caught_up_at is not null`)) === 1 ||
      undefined,
  )

/** Not the first pass, so that other work is under way; but mails that come together are taken in together, in one. */
const armed = (name: string) => `${name}:${name.startsWith('take.') ? 1 : 2}`

type Strike = (site: MailSite, send: (count: number) => Promise<void>) => Promise<void>

/** Killed wherever a mail can be on its way; each time something was in its hands. */
const killedEverywhere: Strike = async ({ machines }, send) => {
  const [machine] = machines
  for (const role of ON_THE_WAY)
    for (const { name } of failpoints(role).filter(onTheWayOfMail)) {
      await machine!.stop()
      await machine!.up(armed(name))
      await send(3)
      await machine!.struck()
    }
  await machine!.up()
}

/** Whoever listens is killed while mails come in; the other one takes over. */
const listenersKilled: Strike = async (site, send) => {
  for (const machine of [...site.machines, ...site.machines]) {
    await listening(site)
    const sending = send(6)
    await machine.kill()
    await sending
    await machine.up()
  }
}

/** A line that dies in silence or is cut, a mailbox that counts anew, a server that is killed. */
const lineStruck: Strike = async (site, send) => {
  await listening(site)
  const before = await takenIn(site)
  site.line.blackHole()
  await send(3)
  expect(await takenIn(site)).toBe(before)
  await until('the silence is noticed', async () => {
    const [row] = await site.look<{ caught_up_at: Date | null }>(`select caught_up_at from listener`)
    return row!.caught_up_at === null || undefined
  })
  site.line.resume()
  await listening(site)
  await send(3)
  site.line.drop()
  await listening(site)
  // As restored from a backup: every mail has another number.
  await site.world.newUidValidity()
  await send(2)
  await site.world.kill()
  await site.world.start()
  await listening(site)
}

/** Each case is at the exchange, whether its reply was heard or lost. */
const allWithExchange = (site: MailSite, ledger: readonly SentMail[]) =>
  until('all are at the exchange', async () => {
    const [row] = await site.look<{ told: number; left: number }>(
      `select count(*) filter (where state in ('sent', 'taken'))::int as told, count(*) filter (where state = 'ready')::int as left from delivery`,
    )
    return (row!.left === 0 && row!.told === ledger.filter(({ kind }) => kind === 'report').length) || undefined
  })

const WAITING = 14

async function run(options: MailSiteOptions, strikes: readonly Strike[]): Promise<void> {
  const site = await openMailSite(options)
  const crowd = mailCrowd(site, options.env['DATABASE_URL'] === undefined ? 11 : 12)
  try {
    for (const strike of strikes) await strike(site, crowd.send)
    await site.world.control({ loseReplies: { every: 7 } })
    // The office is slow to say that it has them, so whoever lost a reply must ask the exchange.
    await site.exchange.control({ loseReplies: { every: 3 }, stepMs: 60_000 })
    await crowd.send(WAITING)
    await allWithExchange(site, crowd.ledger)
    // What was lost comes again in ten seconds, and then arrives.
    await site.world.control({ loseReplies: null })
    await site.exchange.control({ loseReplies: null, stepMs: 40, sendTwice: true, outOfOrder: true })
    await crowd.send(WAITING)
    await standsStill(STALL_MS, () => leftToDo(site, crowd.ledger))
    expect(await compareMail(site, crowd.ledger)).toEqual([])
    expect(site.machines.flatMap((m) => m.collapses)).toEqual([])
    const lines = await site.exchange.ledger()
    expect(lines.filter(({ line }) => line === 'sent').length).toBeGreaterThan(WAITING)
  } finally {
    await site.close()
  }
}

describe('of mails that people send none is lost, doubled, or told out of order', () => {
  it('whatever listener, reader and delivery are struck by: one process with its own database', async () => {
    await run({ machines: ['web,worker,listener'], env: {}, dist: DIST }, [killedEverywhere, lineStruck])
  }, 420_000)

  it('nor with two listeners on one mailbox, on PostgreSQL 15 and Redis', async () => {
    const env = { DATABASE_URL: await postgres.database('mail'), REDIS_URL: redis.url() }
    await run({ machines: ['web,worker,listener', 'web,worker,listener'], env, dist: DIST }, [
      listenersKilled,
      lineStruck,
    ])
  }, 420_000)
})

interface Variant {
  readonly name: string
  readonly promise: number
  readonly changes: readonly Change[]
  readonly strike: Strike
}

const killedAt =
  (name: string): Strike =>
  async (site, send) => {
    const machine = site.machines[0]!
    await machine.stop()
    await machine.up(armed(name))
    await send(4)
    await machine.struck()
    await machine.up()
  }

const VARIANTS: readonly Variant[] = [
  {
    name: 'moves the cursor before the mails are committed',
    promise: 3,
    changes: [
      {
        file: 'core/intake/take-in.js',
        from: "failpoint('take.before-commit');",
        to: `await ports.db.transaction((tx) => moveCursors({ tx, at: new Date() }, lease, handed)); failpoint('take.before-commit');`,
      },
    ],
    strike: killedAt('take.before-commit'),
  },
  {
    name: 'knows a mail by its number in the mailbox alone',
    promise: 3,
    changes: [
      {
        file: 'channels/email/keys.js',
        from: ', `mid:',
        to: '].concat([]); [`mid:',
      },
    ],
    strike: async (site, send) => {
      await send(4)
      await until('taken in', async () => (await takenIn(site)) === 4 || undefined)
      await site.world.newUidValidity()
    },
  },
  {
    name: 'sends a document again without asking whether the exchange has it',
    promise: 5,
    changes: [
      {
        file: 'core/delivery/deliver.js',
        from: "const found = whenUnknown === 'lookup' ? await connector.lookup(outgoing, context) : 'absent';",
        to: "const found = 'absent';",
      },
    ],
    strike: async (site, send) => {
      await site.exchange.control({ loseReplies: { every: 2 }, stepMs: 60_000 })
      await send(4)
      await until('one is sent again', async () => (await site.exchange.count()).duplicates > 0 || undefined)
      await site.exchange.control({ stepMs: 40 })
    },
  },
  {
    name: 'writes another letter with each attempt',
    promise: 5,
    changes: [
      {
        file: 'core/notices/send.js',
        from: 'token: tokenOf(secrets, notice.id),',
        to: 'token: tokenOf(secrets, notice.id).replace(/.$/, String(Math.floor(Math.random() * 10))),',
      },
    ],
    strike: async (site, send) => {
      await site.world.control({ loseReplies: { every: 2 } })
      await send(4)
    },
  },
]

describe('the ledger catches a build that', () => {
  it.each(VARIANTS)(
    '$name (promise $promise)',
    async ({ promise, changes, strike }) => {
      const variant = await makeVariant(changes)
      const site = await openMailSite({ machines: ['web,worker,listener'], env: {}, dist: variant.dist })
      const crowd = mailCrowd(site, 20)
      try {
        await listening(site)
        await strike(site, crowd.send)
        await standsStill(20_000, () => leftToDo(site, crowd.ledger))
        const broken = await compareMail(site, crowd.ledger)
        expect(broken.map((each) => each.promise)).toContain(promise)
      } finally {
        await site.close()
        await variant.remove()
      }
    },
    240_000,
  )
})
