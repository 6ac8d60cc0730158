import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type GroupCommitOptions, groupCommit, NotTaken } from './group-commit.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

class Outage extends Error {}

/** A database that answers when it is told. */
function database(more: Partial<GroupCommitOptions<string, string>> = {}) {
  const batches: (readonly string[])[] = []
  const waiting: { batch: readonly string[]; commit(): void; fail(error: Error): void }[] = []
  const take = groupCommit<string, string>({
    write: (batch) => {
      batches.push(batch)
      return new Promise((resolve, reject) => {
        waiting.push({ batch, commit: () => resolve(batch.map((a) => `stored ${a}`)), fail: reject })
      })
    },
    isOutage: (error) => error instanceof Outage,
    maxBatch: 4,
    maxInFlight: 2,
    deadlineMs: 1800,
    ...more,
  })
  /** The write that came first, and is not answered yet. */
  const next = () => waiting.shift()!
  return { take, batches, waiting, next }
}

/** Until everything that can happen without a timer has happened. */
const settled = async () => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** What came of it, without a rejection that nobody handles. */
const outcome = (taken: Promise<string>) => taken.then(String, (error: unknown) => error)

describe('what arrives', () => {
  it('alone is written at once, without a timer', async () => {
    const { take, next } = database()
    const a = take('a')
    await settled()
    next().commit()
    expect(await a).toBe('stored a')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('together is written together', async () => {
    const { take, batches, next } = database()
    const all = ['a', 'b', 'c'].map(take)
    await settled()
    next().commit()
    expect(await Promise.all(all)).toEqual(['stored a', 'stored b', 'stored c'])
    expect(batches).toEqual([['a', 'b', 'c']])
  })

  it('while commits are under way waits for one of them and goes into the next one, in order and no more than fits', async () => {
    const { take, batches, waiting, next } = database()
    const all = []
    for (const one of ['a', 'b']) {
      all.push(take(one))
      await settled()
    }
    all.push(...['c', 'd', 'e', 'f', 'g', 'h'].map(take))
    await settled()
    expect(batches).toEqual([['a'], ['b']])
    next().commit()
    await settled()
    expect(batches.slice(2)).toEqual([['c', 'd', 'e', 'f']])
    expect(waiting).toHaveLength(2)
    next().commit()
    await settled()
    expect(batches.slice(3)).toEqual([['g', 'h']])
    next().commit()
    next().commit()
    expect(await Promise.all(all)).toHaveLength(8)
  })
})

describe('an arrival that the database refuses', () => {
  it('costs only itself', async () => {
    const bad = new Error('bad')
    const { take, batches, next, waiting } = database()
    const all = ['a', 'bad', 'c'].map((one) => outcome(take(one)))
    await settled()
    next().fail(bad)
    for (let i = 0; i < 3; i++) {
      await settled()
      const one = waiting.shift()!
      if (one.batch[0] === 'bad') one.fail(bad)
      else one.commit()
    }
    expect(await Promise.all(all)).toEqual(['stored a', bad, 'stored c'])
    expect(batches).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']])
  })

  it('alone is not tried again', async () => {
    const { take, batches, next } = database()
    const a = outcome(take('a'))
    await settled()
    next().fail(new Error('bad'))
    expect(await a).toEqual(new Error('bad'))
    expect(batches).toHaveLength(1)
  })

  it('in a batch whose database goes away between the tries: what was written is, the rest was not taken', async () => {
    const { take, next } = database()
    const all = ['a', 'b', 'c'].map((one) => outcome(take(one)))
    await settled()
    next().fail(new Error('bad'))
    await settled()
    next().commit()
    await settled()
    next().fail(new Outage())
    await settled()
    next().fail(new Outage())
    expect(await Promise.all(all)).toEqual(['stored a', expect.any(NotTaken), expect.any(NotTaken)])
  })
})

describe('while the database is away', () => {
  it('everyone is told so at once, with the cause, and nothing is tried again', async () => {
    const { take, batches, next } = database()
    const all = ['a', 'b'].map((one) => outcome(take(one)))
    await settled()
    next().fail(new Outage('gone'))
    for (const error of await Promise.all(all)) {
      expect(error).toBeInstanceOf(NotTaken)
      expect((error as NotTaken).cause).toEqual(new Outage('gone'))
    }
    expect(batches).toHaveLength(1)
  })

  it('nobody waits beyond the deadline, and who was told so is not written any more', async () => {
    const { take, batches, next } = database()
    const held = []
    for (const one of ['a', 'b']) {
      held.push(outcome(take(one)))
      await settled()
    }
    const late = outcome(take('late'))
    await settled()
    vi.advanceTimersByTime(1799)
    const inTime = outcome(take('in time'))
    await settled()
    vi.advanceTimersByTime(1)
    expect(await Promise.all([...held, late])).toEqual(Array(3).fill(expect.any(NotTaken)))
    next().commit()
    await settled()
    expect(batches).toEqual([['a'], ['b'], ['in time']])
    next().commit()
    next().commit()
    expect(await inTime).toBe('stored in time')
  })

  it('comes back, it goes on as before', async () => {
    const { take, next } = database()
    const before = outcome(take('before'))
    await settled()
    next().fail(new Outage())
    await before
    const after = take('after')
    await settled()
    next().commit()
    expect(await after).toBe('stored after')
  })
})
