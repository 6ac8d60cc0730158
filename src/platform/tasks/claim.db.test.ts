import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { type Db, openDatabase } from '../database/database.ts'
import { addTasks, type NewTask } from './add.ts'
import { type Claimed, claim, renew } from './claim.ts'
import { finish, LateWorker, putBack, stillHeld } from './finish.ts'

const NOW = new Date('2026-10-19T02:00:00Z')
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)

let database: TestDatabase
/** Of two processes. */
let [db, other]: [Db, Db] = [] as unknown as [Db, Db]
beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  other = openDatabase({ connection: { ...database.connection }, poolSize: 4, log: () => undefined })
})
afterAll(async () => {
  await other.$client.end()
  await database.drop()
})
beforeEach(async () => {
  await db.execute(sql`delete from task`)
  await db.execute(sql`delete from lane`)
})

async function add(...tasks: readonly (Partial<NewTask> & { readonly ref: string })[]): Promise<void> {
  await db.transaction((tx) =>
    addTasks(
      tx,
      tasks.map((task) => ({ kind: 'work', due: NOW, ...task })),
    ),
  )
}

const many = (count: number, more: Partial<NewTask> = {}) =>
  Array.from({ length: count }, (_, i) => ({ ref: `${more.lane ?? ''}${i}`, ...more }))

async function take(slots: number, by: Db = db, at: Date = NOW): Promise<Claimed[]> {
  return claim(by.$client, at, slots, randomUUID())
}
const refsOf = (claimed: readonly Claimed[]) => claimed.map(({ ref }) => ref).sort()

const done = (task: Claimed, runAgainAt?: Date) =>
  db.transaction((tx) => finish(tx, task, { now: NOW, ...(runAgainAt && { runAgainAt }) }))

async function lane(name: string, limits: { concurrency?: number; perSecond?: number }): Promise<void> {
  const { concurrency = null, perSecond = null } = limits
  await db.execute(
    sql`insert into lane (name, concurrency, per_second, tokens) values (${name}, ${concurrency}, ${perSecond}, ${perSecond ?? 1})`,
  )
}

async function rows() {
  const { rows: found } = await db.execute<{
    ref: string
    state: string
    attempts: number
    again: boolean
    due: string
  }>(sql`select ref, state, attempts, again, due from task order by seq`)
  return found
}

/** As if its process had been killed half a minute ago. */
const expire = (task: Claimed) =>
  db.execute(sql`update task set lease_until = now() - interval '1 second' where id = ${task.id}`)

describe('a claim', () => {
  it('takes what is due, and nothing that is held', async () => {
    await add({ ref: 'due' }, { ref: 'in a second', due: later(1) })
    expect(refsOf(await take(10))).toEqual(['due'])
    expect(await take(10)).toEqual([])
    expect(refsOf(await take(10, db, later(1)))).toEqual(['in a second'])
  })

  it('gives each task to one of many that ask at once', async () => {
    await add(...many(60))
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => take(10, i % 2 ? db : other)))
    expect(refsOf(all.flat())).toEqual(refsOf(many(60) as unknown as Claimed[]))
  })

  it('goes round over the lanes, so that a long one starves no other', async () => {
    await add(...many(50, { lane: 'long' }), ...many(2, { lane: 'short' }))
    const lanes = (await take(6)).map((task) => task.lane)
    expect(lanes.filter((name) => name === 'short')).toHaveLength(2)
    expect(lanes.filter((name) => name === 'long')).toHaveLength(4)
  })

  it('takes the lane that was served longest ago first', async () => {
    await add(...many(3, { lane: 'a' }), ...many(3, { lane: 'b' }), ...many(3, { lane: 'c' }))
    const served: string[] = []
    for (let i = 0; i < 6; i++) served.push((await take(1))[0]!.lane)
    expect(new Set(served.slice(0, 3))).toEqual(new Set(['a', 'b', 'c']))
    expect(served.slice(3)).toEqual(served.slice(0, 3))
  })

  it('takes what is urgent first, whatever its lane and its age', async () => {
    await add(...many(5, { lane: 'a', due: later(-3600) }), { ref: 'urgent', lane: 'b', urgent: true })
    await add({ ref: 'urgent too', lane: 'a', urgent: true })
    expect(refsOf(await take(2))).toEqual(['urgent', 'urgent too'])
  })

  it('takes of one order only the oldest, until that is done', async () => {
    await add(...['first', 'second', 'third'].map((ref) => ({ ref, orderedBy: 'one' })), {
      ref: 'else',
      orderedBy: 'two',
    })
    const [first] = (await take(10)).filter(({ ref }) => ref === 'first')
    expect(await take(10)).toEqual([])
    await done(first!, later(60)) // fails, and comes again in a minute
    expect(await take(10)).toEqual([])
    const [again] = await take(10, db, later(60))
    expect(again?.ref).toBe('first')
    await done(again!)
    expect(refsOf(await take(10))).toEqual(['second'])
  })

  it('holds the rest of an order back behind a dead one', async () => {
    await add({ ref: 'case', orderedBy: 'one' }, { ref: 'addition', orderedBy: 'one' })
    await putBack(db, (await take(1))[0]!, undefined, 'broken')
    expect(await take(10)).toEqual([])
  })
})

describe('a lane', () => {
  it('never runs more at once than it may, over all processes', async () => {
    await lane('narrow', { concurrency: 3 })
    await add(...many(20, { lane: 'narrow' }))
    const held = (await Promise.all(Array.from({ length: 8 }, (_, i) => take(10, i % 2 ? db : other)))).flat()
    expect(held).toHaveLength(3)
    await done(held[0]!)
    expect(await take(10, other)).toHaveLength(1)
    await expire(held[1]!)
    expect(await take(10, other)).toHaveLength(1)
  })

  it('never starts more in a second than it may, over all processes', async () => {
    await lane('slow', { perSecond: 5 })
    await add(...many(40, { lane: 'slow' }))
    const started = performance.now()
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => take(40, i % 2 ? db : other)))
    const seconds = (performance.now() - started) / 1000
    expect(all.flat().length).toBeGreaterThanOrEqual(5)
    expect(all.flat().length).toBeLessThanOrEqual(5 + 5 * seconds)
    await db.execute(sql`update lane set tokens = 0, filled_at = now() - interval '600 milliseconds'`)
    expect(await take(40)).toHaveLength(3)
    await db.execute(sql`update lane set tokens = 0, filled_at = now() - interval '1 hour'`)
    expect(await take(40)).toHaveLength(5) // never saved up beyond a second
  })

  it('slower than one a second still runs', async () => {
    await lane('slowest', { perSecond: 0.1 })
    await add(...many(3, { lane: 'slowest' }))
    await db.execute(sql`update lane set tokens = 0, filled_at = now() - interval '9 seconds'`)
    expect(await take(10)).toHaveLength(0)
    await db.execute(sql`update lane set tokens = 0, filled_at = now() - interval '11 seconds'`)
    expect(await take(10)).toHaveLength(1)
  })

  it('that is paused runs nothing, and what is asked of it waits', async () => {
    await add(...many(3, { lane: 'a' }), { ref: 'b', lane: 'b' })
    await db.execute(sql`update lane set paused = true where name = 'a'`)
    expect(refsOf(await take(10))).toEqual(['b'])
    await db.execute(sql`update lane set paused = false where name = 'a'`)
    expect(await take(10)).toHaveLength(3)
  })

  it('is there for its tasks although the transaction that first named it was taken back', async () => {
    const task = { kind: 'work', ref: '1', lane: randomUUID(), due: NOW }
    const undone = db.transaction(async (tx) => {
      await addTasks(tx, [task])
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await add(task)
    expect(await take(10)).toHaveLength(1)
  })
})

describe('a task', () => {
  it('is one however often it is asked for, due when it is due first, urgent once it is', async () => {
    await add({ ref: '1', due: later(60) })
    await add({ ref: '1', due: later(30), urgent: true })
    await add({ ref: '1', due: later(90) })
    expect(await rows()).toHaveLength(1)
    expect(await take(1, db, later(29))).toEqual([])
    expect(await take(1, db, later(30))).toHaveLength(1)
  })

  it.each<[string, Date | undefined]>([
    ['leaves', undefined],
    ['comes again in an hour', later(3600)],
  ])('that is asked for while it runs runs once more at once, where it else %s', async (_, runAgainAt) => {
    await add({ ref: '1' })
    const [task] = await take(1)
    await add({ ref: '1' })
    expect(await take(1)).toEqual([])
    await done(task!, runAgainAt)
    const [again] = await take(1)
    expect(again?.ref).toBe('1')
    await done(again!)
    expect(await rows()).toEqual([])
  })

  it('whose lease ran out is taken over, and its late worker changes nothing', async () => {
    await add({ ref: '1' })
    const [late] = await take(1)
    await expire(late!)
    const [taken] = await take(1, other)
    expect(taken).toMatchObject({ ref: '1', attempts: 2 })
    const write = db.transaction(async (tx) => {
      await tx.execute(sql`insert into lane (name) values ('written by the late one')`)
      await finish(tx, late!, { now: NOW })
    })
    await expect(write).rejects.toBeInstanceOf(LateWorker)
    await expect(done(late!, later(1))).rejects.toBeInstanceOf(LateWorker)
    await expect(db.transaction((tx) => stillHeld(tx, late!))).rejects.toBeInstanceOf(LateWorker)
    await putBack(db, late!, undefined, 'late')
    await renew(db.$client, [late!])
    const { rows: written } = await db.execute(sql`select 1 from lane where name like 'written%'`)
    expect(written).toEqual([])
    expect(await rows()).toMatchObject([{ state: 'open', attempts: 2 }])
    await db.transaction((tx) => stillHeld(tx, taken!))
    await done(taken!)
    expect(await rows()).toEqual([])
  })

  it('whose lease is renewed in time is not taken over', async () => {
    await add({ ref: '1' })
    const [task] = await take(1)
    await db.execute(sql`update task set lease_until = now() + interval '1 second'`)
    await renew(db.$client, [task!])
    const { rows: leases } = await db.execute<{ left: number }>(
      sql`select extract(epoch from lease_until - now())::float as left from task`,
    )
    expect(leases[0]!.left).toBeGreaterThan(25)
  })

  it('that is dead waits for a person, and begins anew when it is asked for again', async () => {
    await add({ ref: '1' })
    await putBack(db, (await take(1))[0]!, undefined, 'broken')
    expect(await rows()).toMatchObject([{ state: 'dead' }])
    expect(await take(1, db, later(1e6))).toEqual([])
    await add({ ref: '1' })
    expect(await take(1)).toHaveLength(1)
  })
})
