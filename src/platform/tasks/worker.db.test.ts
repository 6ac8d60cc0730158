import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { until } from '../../../test/support/until.ts'
import { movedClock } from '../clock/clock.ts'
import { makeLog } from '../log/log.ts'
import { addTasks } from './add.ts'
import type { Claimed } from './claim.ts'
import { finish } from './finish.ts'
import { inProcessWakeups } from './wakeups.ts'
import { type Handler, type RunningWorker, startWorker } from './worker.ts'

const clock = movedClock(new Date('2026-10-19T02:00:00Z'))
const wakeups = inProcessWakeups()
const logged: string[] = []
const log = makeLog('info', { write: (line) => void logged.push(line) })

let database: TestDatabase
let worker: RunningWorker | undefined
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  logged.length = 0
  await database.db.execute(sql`delete from task`)
})
afterEach(() => worker?.stop())

function start(handlers: Readonly<Record<string, Handler>>, slots = 4): void {
  worker = startWorker({ db: database.db, clock, wakeups, log, handlers, slots })
}

async function add(...refs: readonly string[]): Promise<void> {
  const tasks = refs.map((ref) => ({ kind: 'work', ref, due: clock.now() }))
  await database.db.transaction((tx) => addTasks(tx, tasks))
  wakeups.kick(refs.length)
}

const done = (task: Claimed) => database.db.transaction((tx) => finish(tx, task, { now: clock.now() }))

interface Row extends Record<string, unknown> {
  state: string
  attempts: number
  due: Date
  last_error: string | null
  token: string | null
}

async function row(): Promise<Row | undefined> {
  const { rows } = await database.db.execute<Row>(sql`select * from task`)
  return rows[0]
}

/** A promise and how to keep it. */
function promise(): { readonly kept: Promise<void>; keep(): void } {
  let keep = () => {}
  const kept = new Promise<void>((resolve) => {
    keep = resolve
  })
  return { kept, keep }
}

describe('a worker', () => {
  it('does everything that is due, no more at once than it has slots', async () => {
    let [running, most, count] = [0, 0, 0]
    start({
      work: async (task) => {
        most = Math.max(most, ++running)
        await done(task)
        running--
        count++
      },
    })
    await add(...Array.from({ length: 30 }, (_, i) => String(i)))
    await until('all are done', () => count === 30 || undefined)
    expect(await row()).toBeUndefined()
    expect(most).toBeLessThanOrEqual(4)
  })

  it('lets what runs come to its end before it stops, and begins nothing new', async () => {
    const [begun, go] = [promise(), promise()]
    const ended: string[] = []
    start(
      {
        work: async (task) => {
          begun.keep()
          await go.kept
          await done(task)
          ended.push(task.ref)
        },
      },
      1,
    )
    await add('running', 'waiting')
    await begun.kept
    const stopped = worker!.stop()
    go.keep()
    await stopped
    expect(ended).toEqual(['running'])
    expect(await row()).toMatchObject({ ref: 'waiting', token: null })
  })
})

describe('a task that fails', () => {
  it('comes again, each time later, and is dead after twelve attempts', async () => {
    let attempts = 0
    start({
      work: async () => {
        attempts++
        throw new Error('broken')
      },
    })
    await add('1')
    const waits: number[] = []
    for (let n = 1; n < 12; n++) {
      const { due } = await until(`attempt ${n} is put back`, async () => {
        const found = await row()
        return found?.attempts === n && found.token === null ? found : undefined
      })
      waits.push((new Date(due).getTime() - clock.now().getTime()) / 1000)
      clock.move(waits.at(-1)! * 1000)
      wakeups.kick(1)
    }
    const dead = await until('it is dead', async () => {
      const found = await row()
      return found?.state === 'dead' ? found : undefined
    })
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    expect(dead).toMatchObject({ attempts: 12, last_error: 'Error: broken', token: null })
    expect(attempts).toBe(12)
    expect(logged.at(-1)).toContain('"dead":true')
  })

  it.each<[string, unknown]>([
    ['a NUL in its words, which no text column keeps', new Error('a\u0000b')],
    ['an endless story', new Error('x'.repeat(100_000))],
    ['something that is no error', 'nothing'],
    ['nothing at all', undefined],
  ])('is put back whatever it fails with: %s', async (_, thrown) => {
    start({ work: () => Promise.reject(thrown) })
    await add('1')
    const found = await until('it is put back', async () => {
      const one = await row()
      return one?.last_error === null ? undefined : one
    })
    expect(found).toMatchObject({ state: 'open', attempts: 1, token: null })
    expect(found.last_error!.length).toBeLessThanOrEqual(2000)
  })

  it('that nobody here knows how to do is not lost', async () => {
    start({})
    await database.db.execute(sql`insert into lane (name) values ('work') on conflict do nothing`)
    await add('1')
    const found = await until('it is put back', async () => {
      const one = await row()
      return one?.last_error === null ? undefined : one
    })
    expect(found).toMatchObject({ state: 'open', last_error: 'Error: no handler for tasks of kind work' })
  })

  it('through an outage is not to blame: it keeps its attempts and waits for its lease to run out', async () => {
    start({ work: () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' })) })
    await add('1')
    await until('the outage is logged', () => logged.find((line) => line.includes('task.outage')))
    expect(await row()).toMatchObject({ state: 'open', last_error: null, token: expect.any(String) })
  })

  it('late, after another has taken it over, is only noted', async () => {
    start({
      work: async (task) => {
        await database.db.execute(sql`update task set token = gen_random_uuid() where id = ${task.id}`)
        await done(task)
      },
    })
    await add('1')
    await until('it is noted', () => logged.find((line) => line.includes('task.late')))
    expect(await row()).toMatchObject({ last_error: null })
  })
})
