import type { Failpoint } from './failpoints.ts'
import { type Broken, toldTooEarly } from './ledger.ts'
import type { Machine } from './machine.ts'
import { linksIn, openTasks, viewsOf } from './observe.ts'
import type { OwnPostgres } from './postgres.ts'
import type { OwnRedis } from './redis.ts'
import type { Site } from './site.ts'
import { grown, until } from './until.ts'

/** Something that goes wrong while citizens go on sending. */
export interface Fault {
  readonly name: string
  /** Resolves once it has struck and is mended; says what it struck, and throws where it struck nothing. */
  strike(site: Site): Promise<string>
}

/** Not the first pass: other work is under way in the same process by then. */
const NTH = 3

/** One after the other: each start of that machine ends at the next crash point, and the last one stays. */
export function killedAtEach(points: readonly Failpoint[]): Fault {
  return {
    name: `killed at ${points.map(({ name }) => name).join(', ')}`,
    strike: async (site) => {
      const machine = last(
        { web: site.webs, hook: site.webs, worker: site.workers, listener: site.listeners }[points[0]!.role],
      )
      await machine.stop()
      for (const { name } of points) {
        await machine.up(`${name}:${NTH}`)
        await machine.struck()
      }
      await machine.up()
      // Leases outlive their holders; looked at now, since an embedded database dies with its machine.
      const { held } = await openTasks(site)
      return `${machine.name}, ${held} tasks held`
    },
  }
}

/** What was promised a moment ago must be durable already. */
export const killedAsItPromises: Fault = {
  name: 'a web process killed in the moment of its answer',
  strike: async (site) => {
    const machine = last(site.webs)
    let died: Promise<void> | undefined
    site.crowd.onPromise((url) => {
      if (url === machine.url) died ??= machine.kill()
    })
    await until('an answer of that process', () => died?.then(() => true))
    site.crowd.onPromise(undefined)
    const inFlight = site.crowd.inFlight()
    await machine.up()
    return `${inFlight} requests in flight`
  },
}

export const workerKilled: Fault = {
  name: 'a worker killed with tasks in its hands',
  strike: async (site) => {
    const held = await someHeld(site)
    const machine = last(site.workers)
    await machine.kill()
    await machine.up()
    return `${held} tasks held`
  },
}

/** Longer than its leases: others take over what it holds, and it comes back as if nothing had happened. */
export const workerFrozen: Fault = {
  name: 'a worker frozen for longer than its leases',
  strike: async (site) => {
    const machine = last(site.workers)
    await someHeld(site)
    machine.freeze()
    try {
      return `${await takenOver(site)} of its tasks were taken over`
    } finally {
      machine.thaw()
    }
  },
}

/** Of the tasks that are held now: those whose leases nobody renews. Each of them goes on to another worker; how many. */
async function takenOver(site: Site): Promise<number> {
  const held = await site.look<{ id: string; token: string }>(`select id, token from task where token is not null`)
  const orphaned = new Set<string>()
  const goneOn = async () => {
    // Of 30 s; whoever lives renews after 10 s.
    const same = await site.look<{ id: string; orphaned: boolean }>(
      `select id, lease_until < now() + interval '15 s' as orphaned from task
       where (id, token) in (select * from unnest($1::uuid[], $2::uuid[]))`,
      [held.map((t) => t.id), held.map((t) => t.token)],
    )
    for (const task of same) if (task.orphaned) orphaned.add(task.id)
    return same.length === 0 && orphaned.size > 0 ? orphaned.size : undefined
  }
  return until('leases run out and others take over', goneOn, { everyMs: 250, deadlineMs: 180_000 })
}

export function redisFlushed(redis: OwnRedis): Fault {
  return {
    name: 'Redis flushed',
    strike: async (site) => {
      const open = await until('tasks are open', async () => (await openTasks(site)).open || undefined, SELDOM)
      const keys = await redis.flush()
      return `${open} tasks open, ${keys} keys in Redis`
    },
  }
}

/** Everything goes its way without it: reports are taken, and reach the office. */
export function redisAway(redis: OwnRedis): Fault {
  return {
    name: 'Redis away',
    strike: async (site) => {
      const { open } = await openTasks(site)
      await redis.kill()
      const taken = await moreOf(() => site.crowd.acknowledged(), 50, 'reports are taken without Redis')
      const held = await moreOf(async () => (await site.office.count()).held, 50, 'the office is told without Redis')
      await redis.start()
      return `${open} tasks open; ${taken} reports taken and ${held} handed on meanwhile`
    },
  }
}

/** And it never comes back: until the end nobody is woken. */
export function redisGone(redis: OwnRedis): Fault {
  return {
    name: 'Redis gone',
    strike: async () => {
      await redis.kill()
      return 'for good'
    },
  }
}

export function postgresRestarted(postgres: OwnPostgres): Fault {
  return {
    name: 'PostgreSQL restarted (immediate)',
    strike: async (site) => {
      const held = await someHeld(site)
      const inFlight = await until('requests are in flight', () => site.crowd.inFlight() || undefined)
      await postgres.stop('immediate')
      await postgres.start()
      await moreOf(() => site.crowd.acknowledged(), 20, 'reports are taken again')
      return `${inFlight} requests in flight, ${held} tasks held`
    },
  }
}

/** Until citizens have been sent away; what each of them does then is to come again. */
export function postgresAway(postgres: OwnPostgres): Fault {
  return {
    name: 'PostgreSQL away',
    strike: async (site) => {
      const turnedAway = () =>
        site.crowd.ledger.reduce((sum, s) => sum + s.answers.filter((a) => a.status === 503).length, 0)
      const inFlight = await until('requests are in flight', () => site.crowd.inFlight() || undefined)
      await postgres.stop('immediate')
      const away = await moreOf(turnedAway, 20, 'citizens are told to come again')
      await postgres.start()
      await moreOf(() => site.crowd.acknowledged(), 20, 'reports are taken again')
      return `${inFlight} requests in flight, ${away} answers 503`
    },
  }
}

/** Meanwhile nobody is told that it has anything. */
export function officeAway(found: Broken[]): Fault {
  return {
    name: 'the office away',
    strike: async (site) => {
      await site.office.control({ down: 'closed' })
      const failed = await moreOf(async () => (await codesUndelivered(site)).length, 5, 'deliveries fail')
      const links = linksIn(site)
      const undelivered = (await codesUndelivered(site)).slice(0, 100)
      const views = await viewsOf(
        new Map(undelivered.flatMap((code) => (links.has(code) ? [[code, links.get(code)!]] : []))),
      )
      found.push(...toldTooEarly(views, await site.office.ledger()))
      await site.office.control({ down: null })
      return `${failed} deliveries failed, ${views.size} reporters looked`
    },
  }
}

/** Reports whose own case an office was to get and could not be reached for. */
async function codesUndelivered(site: Site): Promise<string[]> {
  const rows = await site.look<{ code: string }>(
    `select r.code from delivery d join assignment s on s.id = d.assignment_id join report r on r.case_id = s.case_id
     where d.kind = 'case' and d.state = 'ready' and d.last_fault = 'unreachable'`,
  )
  return rows.map(({ code }) => code)
}

async function moreOf(count: () => Promise<number> | number, by: number, what: string): Promise<number> {
  const before = await count()
  return (await grown(what, count, before + by)) - before
}

/** A look into the database has its price, on a machine that has all hands full. */
const SELDOM = { everyMs: 100 }

async function someHeld(site: Site): Promise<number> {
  return until('tasks are held', async () => (await openTasks(site)).held || undefined, SELDOM)
}

function last(machines: readonly Machine[]): Machine {
  return machines.at(-1)!
}
