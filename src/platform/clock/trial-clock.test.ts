import { unwatchFile } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { trialClock } from './trial-clock.ts'

const A_DAY = 86_400_000

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paht-clock-'))
  file = join(folder, 'ahead')
  await writeFile(file, String(A_DAY))
})
afterEach(async () => {
  unwatchFile(file)
  await rm(folder, { recursive: true, force: true })
})

const daysAhead = (now: Date) => Math.round((now.getTime() - Date.now()) / A_DAY)

const moved = async (look: () => boolean) => {
  while (!look()) await later(10)
}

it('is ahead by what stands in the file, and follows it', async () => {
  let moves = 0
  const clock = trialClock(file, () => moves++)
  expect(daysAhead(clock.now())).toBe(1)
  await writeFile(file, String(5 * A_DAY))
  await moved(() => daysAhead(clock.now()) === 5)
  expect(moves).toBeGreaterThan(0)
})

it('stays where it is while its file is being written, or gone', async () => {
  const clock = trialClock(file, () => undefined)
  const seen = new Set<number>()
  const looking = setInterval(() => seen.add(daysAhead(clock.now())), 5)
  await writeFile(file, '')
  await later(300)
  await rm(file)
  await later(300)
  await writeFile(file, String(2 * A_DAY))
  await moved(() => daysAhead(clock.now()) === 2)
  clearInterval(looking)
  seen.delete(2)
  expect([...seen]).toEqual([1])
})

it('says at once that a file holds no number', async () => {
  await writeFile(file, 'tomorrow')
  expect(() => trialClock(file, () => undefined)).toThrow('does not hold a number of milliseconds')
})
