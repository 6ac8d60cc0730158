import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bystander } from './fixture/bystander.ts'
import { query, started } from './fixture/database.ts'
import { freshFolder, IS_ROOT, mappedTo, pathWith, startOwner } from './fixture/start-owner.ts'
import { startEmbedded } from './launch.ts'
import { isRunning, markOf, until } from './processes.ts'
import { isRefused } from './refused.ts'

/** A process that has ended and whose parent does not ask: it still answers signals. */
async function zombie(): Promise<number> {
  // The child ends after the shell has become a program that reaps nobody.
  const parent = spawn('sh', ['-c', 'sleep 1 & echo $!; exec sleep 600'])
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line)
  expect(await until(() => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')), 10_000)).toBe(true)
  return pid
}

function postmasterOf(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
}

describe('what a killed run leaves behind', () => {
  test.each<[string, () => Promise<string>]>([
    ['a zombie', async () => String(await zombie())],
    ['a pid that another process has now', async () => String(await bystander())],
    ['our own pid', async () => String(process.pid)],
    ['nothing, after a power cut', async () => ''],
  ])('a postmaster.pid that names %s does not keep the database from starting', async (_who, pid) => {
    const dataDir = freshFolder()
    const first = await started(dataDir)
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
    const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n')
    await first.stop()
    const named = await pid()
    writeFileSync(pidFile, named && [named, ...rest].join('\n'), { mode: 0o600 })

    const second = await started(dataDir)
    expect(await query(second.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    if (named) expect(process.kill(Number(named), 0), 'nobody else was signalled').toBe(true)
  })

  test('a server that nothing ended with its product (no setpriv) is stopped, with every row', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir, { write: true, prefix: IS_ROOT ? mappedTo(65_534) : [], path: pathWith([]) })
    await owner.says('committed')
    await owner.end('SIGKILL')
    const ids = owner.said.flatMap((each) => ('committed' in each ? [each.committed] : []))

    const lines: string[] = []
    const { connection } = await started(dataDir, lines)
    expect(lines[0]).toContain('waiting for the PostgreSQL of a run that was killed to stop')
    const kept = new Set((await query<{ id: number }>(connection, 'select id from kept')).map((row) => row.id))
    expect(ids.filter((id) => !kept.has(id))).toEqual([])
    expect(lines).not.toContainEqual(expect.stringContaining('still there after 20 s'))
  })

  test('a session that outlived its killed server is waited for', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    const { connection } = await owner.says('connection')
    const session = new pg.Client(connection)
    session.on('error', () => {})
    await session.connect()
    const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
    const pid = rows[0]?.pid ?? 0
    const server = postmasterOf(dataDir)
    process.kill(pid, 'SIGSTOP')
    process.kill(server, 'SIGKILL')
    await owner.end('SIGKILL')

    let waited = false
    const embedded = await startEmbedded({
      dataDir,
      log(line) {
        if (!line.includes('waiting for the PostgreSQL of a run that was killed to stop')) return
        waited = true
        expect(line).toContain(String(pid))
        process.kill(pid, 'SIGCONT')
      },
    })
    if (isRefused(embedded)) throw new Error(embedded.refused)
    onTestFinished(() => embedded.stop())
    expect(waited).toBe(true)
    expect(await query(embedded.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a shell that stands in the folder of the database is left alone', async () => {
    const dataDir = freshFolder()
    await (await started(dataDir)).stop()
    const pid = await bystander(join(dataDir, 'postgres'))
    const lines: string[] = []
    await started(dataDir, lines)
    expect(lines).toEqual([expect.stringMatching(/^PostgreSQL 18\.\d+ runs/)])
    expect(markOf(pid)).toBeDefined()
  })

  test('a server that still runs is waited for and stopped, never adopted', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    await owner.says('connection')
    const pid = postmasterOf(dataDir)
    const server = markOf(pid)
    // Halted, it cannot act on the signal that its owner's death sends it.
    process.kill(pid, 'SIGSTOP')
    await owner.end('SIGKILL')

    const embedded = await startEmbedded({
      dataDir,
      log(line) {
        if (!line.includes(`waiting for the PostgreSQL of a run that was killed to stop (process ${pid}`)) return
        expect(server && isRunning(server)).toBe(true)
        process.kill(pid, 'SIGCONT')
      },
    })
    if (isRefused(embedded)) throw new Error(embedded.refused)
    onTestFinished(() => embedded.stop())
    expect(server && isRunning(server)).toBe(false)
    expect(await query(embedded.connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})
