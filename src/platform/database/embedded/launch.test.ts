import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { bystander } from './fixture/bystander.ts'
import { query, started } from './fixture/database.ts'
import { freshFolder, startOwner } from './fixture/start-owner.ts'
import { startEmbedded } from './launch.ts'
import { until } from './processes.ts'
import { isRefused } from './refused.ts'
import { socketPath } from './running.ts'

const silent = () => {}

describe('the embedded PostgreSQL', () => {
  test('makes a database on the first start, finds its rows again on the second, and writes through to the disk', async () => {
    const dataDir = join(freshFolder(), 'data')
    const first = await started(dataDir)
    expect(first.version).toMatch(/^18\./)
    await query(first.connection, "create table kept as select 'Đường Nguyễn Huệ' as street")
    await first.stop()

    // What a person wrote into the configuration must not weaken the second.
    await writeFile(join(dataDir, 'postgres', 'postgresql.auto.conf'), 'fsync = off\nfull_page_writes = off\n')
    const second = await started(dataDir)
    expect(await query(second.connection, 'select street from kept')).toEqual([{ street: 'Đường Nguyễn Huệ' }])
    const durable = ['data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit']
    const settings = `select name, setting from pg_settings where name in ('${durable.join("','")}') order by 1`
    expect(await query(second.connection, settings)).toEqual(durable.map((name) => ({ name, setting: 'on' })))
  })

  test('gives the product its own database as an ordinary role that can make extensions and databases', async () => {
    const { connection } = await started(freshFolder())
    const [role] = await query(
      connection,
      `select current_database() as database, rolsuper, rolcreatedb, datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding
       from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    )
    expect(role).toEqual({
      database: 'paht',
      rolsuper: false,
      rolcreatedb: true,
      datlocprovider: 'b',
      datlocale: 'C.UTF-8',
      encoding: 'UTF8',
    })
    await query(connection, 'create extension pg_trgm')
    await query(connection, 'create extension btree_gist')
    await query(connection, 'create database clone template template1')
  })

  test('listens on nothing but a socket in a folder that only its owner may enter, however long the path of the data', async () => {
    const deep = join(freshFolder(), ...Array.from({ length: 8 }, () => 'a-long-folder-name-'.repeat(5)))
    const { connection } = await started(deep)
    expect(statSync(connection.host).mode & 0o777).toBe(0o700)
    expect(Buffer.byteLength(socketPath(connection.host, connection.port))).toBeLessThan(107)
    expect(await query(connection, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
  })

  test('stops once however often it is asked, and leaves nothing running or lying about', async () => {
    const dataDir = freshFolder()
    const { connection, stop } = await started(dataDir)
    await Promise.all([stop(), stop()])
    await stop()
    expect(existsSync(connection.host)).toBe(false)
    expect(existsSync(join(dataDir, 'postgres.json'))).toBe(false)
    expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false)
  })

  test('comes back on the same address when the server is killed under a running product', async () => {
    const dataDir = freshFolder()
    const lines: string[] = []
    const { connection } = await started(dataDir, lines)
    await query(connection, 'create table kept as select 1 as id')
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
    // The socket has a lock file too; its pid may by then be another's.
    const socketLock = `${socketPath(connection.host, connection.port)}.lock`
    const [, ...rest] = readFileSync(socketLock, 'utf8').split('\n')
    writeFileSync(socketLock, [await bystander(), ...rest].join('\n'))
    process.kill(pid, 'SIGKILL')

    const again = () => lines.filter((line) => line.includes('ended by itself')).length === 1 && existsSync(pidFile)
    expect(await until(again, 30_000)).toBe(true)
    expect(await until(() => query(connection, 'select 1').then(Boolean, () => false), 30_000)).toBe(true)
    expect(await query(connection, 'select id from kept')).toEqual([{ id: 1 }])
  })
})

describe('two products on one folder', () => {
  test('the second is refused with a sentence, in the same process and in another', async () => {
    const dataDir = freshFolder()
    const refused =
      `PAHT Hub is already running on this folder (process ${process.pid}). ` +
      'Stop it first, or set PAHT_DATA_DIR to another folder.'
    await started(dataDir)
    expect(await startEmbedded({ dataDir, log: silent })).toEqual({ refused })
    expect(await startOwner(dataDir).says('refused')).toEqual({ refused })
  })

  test('of four that start at once exactly one runs', async () => {
    const dataDir = freshFolder()
    const four = await Promise.all([1, 2, 3, 4].map(() => startEmbedded({ dataDir, log: silent })))
    const running = four.flatMap((each) => (isRefused(each) ? [] : [each]))
    expect(running).toHaveLength(1)
    await Promise.all(running.map((each) => each.stop()))
  })

  test('the folder is free again after a refused start', async () => {
    const dataDir = freshFolder()
    await mkdir(join(dataDir, 'postgres'))
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    const twice = [await startEmbedded({ dataDir, log: silent }), await startEmbedded({ dataDir, log: silent })]
    for (const each of twice) {
      expect(each).toEqual({
        refused: expect.stringContaining('was written by PostgreSQL 17 and this PAHT Hub carries 18'),
      })
    }
  })

  test('a data folder that is a file is refused with a sentence', async () => {
    const file = join(freshFolder(), 'file')
    await writeFile(file, '')
    expect(await startEmbedded({ dataDir: file, log: silent })).toEqual({
      refused: expect.stringContaining('Set PAHT_DATA_DIR'),
    })
  })
})

describe('a server that cannot start', () => {
  test("is refused with the server's last words", async () => {
    const dataDir = freshFolder()
    await (await started(dataDir)).stop()
    await writeFile(join(dataDir, 'postgres', 'postgresql.auto.conf'), 'no_such_setting = on\n')
    expect(await startEmbedded({ dataDir, log: silent })).toEqual({
      refused: expect.stringMatching(/did not start \(.*FATAL: .*configuration file.*Its log is .*postgres\.log/),
    })
  })
})

describe('kill -9', { timeout: 120_000 }, () => {
  test.each(['the product', 'the product and its server', 'the product, then its server'])(
    'of %s loses no committed row',
    async (victims) => {
      const dataDir = freshFolder()
      const committed = new Set<number>()
      for (let round = 0; round < 3; round++) {
        const owner = startOwner(dataDir, { write: true })
        await owner.says('connection')
        expect(await until(() => owner.said.filter((each) => 'committed' in each).length >= 200, 30_000)).toBe(true)
        const server = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
        if (victims === 'the product and its server') process.kill(server, 'SIGKILL')
        await owner.end('SIGKILL')
        if (victims === 'the product, then its server') killIfThere(server)
        for (const each of owner.said) if ('committed' in each) committed.add(each.committed)
      }
      const { connection } = await started(dataDir)
      const rows = await query<{ id: number }>(connection, 'select id from kept')
      const kept = new Set(rows.map((row) => row.id))
      expect(committed.size).toBeGreaterThanOrEqual(600)
      expect([...committed].filter((id) => !kept.has(id))).toEqual([])
    },
  )

  test('of a first start half-way leaves no half database', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    const halfMade = async () => {
      const unfinished = (await readdir(dataDir)).find((name) => name.startsWith('init-'))
      return unfinished !== undefined && existsSync(join(dataDir, unfinished, 'base'))
    }
    expect(await until(halfMade, 30_000)).toBe(true)
    await owner.end('SIGKILL')
    // One whose initdb died with it, too.
    await mkdir(join(dataDir, 'init-1', 'base'), { recursive: true })
    await writeFile(join(dataDir, 'init-1', 'PG_VERSION'), '18\n')

    const { connection } = await started(dataDir)
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(dataDir)).filter((name) => name.startsWith('init-'))).toEqual([])
  })

  test('leaves a socket folder that the next start removes', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    const { connection } = await owner.says('connection')
    await owner.end('SIGKILL')
    expect(existsSync(connection.host)).toBe(true)
    await started(dataDir)
    expect(existsSync(connection.host)).toBe(false)
  })
})

describe('Ctrl-C in a terminal', () => {
  test('reaches the product and not its server, so that the last statement still commits', async () => {
    const dataDir = freshFolder()
    const owner = startOwner(dataDir)
    await owner.says('connection')
    // A terminal signals the whole process group; the owner leads one of its own.
    process.kill(-Number(owner.child.pid), 'SIGINT')
    expect(await owner.says('committed')).toEqual({ committed: 1 })
    expect(await owner.says('stopped')).toEqual({ stopped: true })
  })
})

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause
  }
}
