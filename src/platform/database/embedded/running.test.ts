import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { query, started } from './fixture/database.ts'
import { freshFolder, startOwner } from './fixture/start-owner.ts'
import { markOf, until } from './processes.ts'
import { findRunning, socketPath, writeRunning } from './running.ts'

describe('a command-line tool beside the product', () => {
  test('finds its database while it runs and not before or after', async () => {
    const dataDir = freshFolder()
    expect(await findRunning(dataDir)).toBeUndefined()
    const { connection, stop } = await started(dataDir)
    expect(await findRunning(dataDir)).toEqual(connection)
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600)
    await stop()
    expect(await findRunning(dataDir)).toBeUndefined()
  })

  test('finds it from another process', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    const { connection } = await owner.says('connection')
    const found = await findRunning(dataDir)
    expect(found).toEqual(connection)
    if (found) expect(await query(found, 'select current_user as role')).toEqual([{ role: 'paht' }])
    await owner.stop()
  })

  test('is not sent to a product that was killed', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    await owner.says('connection')
    await owner.end('SIGKILL')
    expect(await until(async () => (await findRunning(dataDir)) === undefined, 10_000)).toBe(true)
  })

  test.each([
    ['whose pid another process has now', { pid: process.pid, started: 'boot/1' }],
    ['whose process is gone', { pid: 2 ** 22, started: 'boot/1' }],
  ])('is not sent to a server %s, though something listens there', async (_server, server) => {
    const host = freshFolder()
    const listener = createServer().listen(socketPath(host, 5432))
    onTestFinished(() => void listener.close())
    await once(listener, 'listening')
    await writeRunning(host, { connection: { host, port: 5432, user: 'paht', database: 'paht' }, server })
    expect(await findRunning(host)).toBeUndefined()
  })

  test('is not sent to a server that is being started again and does not listen yet', async () => {
    const host = freshFolder()
    const server = markOf(process.pid) ?? { pid: process.pid }
    await writeRunning(host, { connection: { host, port: 5432, user: 'paht', database: 'paht' }, server })
    expect(await findRunning(host)).toBeUndefined()
  })
})
