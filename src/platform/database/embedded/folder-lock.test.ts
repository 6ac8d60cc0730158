import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { bystander } from './fixture/bystander.ts'
import { freshFolder } from './fixture/start-owner.ts'
import { type FolderLock, type Held, lockFolder } from './folder-lock.ts'
import { markOf } from './processes.ts'

function held(lock: FolderLock | Held): number | undefined | 'ours' {
  return 'heldBy' in lock ? lock.heldBy : 'ours'
}

/** The pid of a process that has ended and been waited for. */
async function deadPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid ?? 0
}

/** With flock(1) on the PATH the kernel keeps the lock; without it the record in the file decides. */
const WAYS = [
  ['the kernel', process.env['PATH'] ?? ''],
  ['the record', '/nonexistent'],
]

describe.each(WAYS)('a folder lock kept by %s', (_way, path) => {
  const withPath = async <T>(act: () => Promise<T>): Promise<T> => {
    vi.stubEnv('PATH', path)
    try {
      return await act()
    } finally {
      vi.unstubAllEnvs()
    }
  }

  test('is refused to a second taker with the pid of the first, until it is released', async () => {
    const folder = freshFolder()
    const first = await withPath(() => lockFolder(folder))
    expect(held(first)).toBe('ours')
    expect(held(await withPath(() => lockFolder(folder)))).toBe(process.pid)
    if ('release' in first) await Promise.all([first.release(), first.release()])
    expect(held(await withPath(() => lockFolder(folder)))).toBe('ours')
  })

  test('of one folder says nothing about another', async () => {
    expect(held(await withPath(() => lockFolder(freshFolder())))).toBe('ours')
    expect(held(await withPath(() => lockFolder(freshFolder())))).toBe('ours')
  })

  test.each<[string, () => Promise<string>]>([
    ['a process that is dead', async () => JSON.stringify({ pid: await deadPid(), started: 'boot/1' })],
    ['a pid that another process has now', async () => JSON.stringify({ pid: await bystander(), started: 'boot/1' })],
    [
      'our own pid, from before a restart of the container',
      async () => JSON.stringify({ pid: process.pid, started: 'boot/1' }),
    ],
    ['nothing, after a power cut', async () => '\0\0\0\0'],
    ['half a record', async () => '{"pid":12'],
  ])('that names %s is taken over', async (_holder, record) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'lock'), await record())
    expect(held(await withPath(() => lockFolder(folder)))).toBe('ours')
  })

  test('that names a process which still runs is refused', async () => {
    const folder = freshFolder()
    const pid = await bystander()
    writeFileSync(join(folder, 'lock'), JSON.stringify(markOf(pid)))
    expect(held(await withPath(() => lockFolder(folder)))).toBe(pid)
  })

  test('is nobody else’s to read', async () => {
    const folder = freshFolder()
    await withPath(() => lockFolder(folder))
    expect(statSync(join(folder, 'lock')).mode & 0o777).toBe(0o600)
  })
})

test('a holder that cannot be seen from here (another container) keeps its folder', async () => {
  const folder = freshFolder()
  expect(held(await lockFolder(folder))).toBe('ours')
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 2 ** 22, started: 'boot/1' }))
  expect(await lockFolder(folder)).toEqual({ heldBy: undefined })
})

test('the lock ends with its holder by kill -9 and not before', async () => {
  const folder = freshFolder()
  const script = `import { lockFolder } from ${JSON.stringify(import.meta.resolve('./folder-lock.ts'))}
    console.log(JSON.stringify(await lockFolder(${JSON.stringify(folder)})))
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script])
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  expect(await lockFolder(folder)).toEqual({ heldBy: holder.pid })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  expect(held(await lockFolder(folder))).toBe('ours')
})
