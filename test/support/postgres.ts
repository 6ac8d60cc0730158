import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.ts'
import type { SmallDisk } from './small-disk.ts'
import { until } from './until.ts'

/** The oldest that production may run, from Debian's package `postgresql-15`. */
const BIN = '/usr/lib/postgresql/15/bin'
/** PostgreSQL refuses root; inside the namespace we are nobody, and the files stay ours. */
const NOT_ROOT = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--']
/** It ends with us, `kill -9` included. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'QUIT', '--']

/** `immediate`: as a crash, without a checkpoint (`pg_ctl stop -m immediate` sends this). `fast`: connections are ended, everything is written. */
const SIGNALS = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const
type Mode = keyof typeof SIGNALS

/** A PostgreSQL 15 that one test file may stop and kill as it likes. */
export interface OwnPostgres {
  /** Makes a database and says its DATABASE_URL. */
  database(name: string): Promise<string>
  stop(mode: Mode): Promise<void>
  /** Resolves when it takes connections; where it has ended meanwhile, it is started. */
  start(): Promise<void>
  /** As behind a network that has gone: it neither answers nor refuses. */
  freeze(): void
  thaw(): void
  remove(): Promise<void>
}

/** What of it is on a disk of its own: all that it writes, or all but its write-ahead log, without which it cannot go on. */
export type OnDisk = 'everything' | 'tables'

export async function ownPostgres({
  disk,
  on = 'everything',
}: {
  disk?: SmallDisk
  on?: OnDisk
} = {}): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-own-postgres-'))
  const data = join(disk?.pathInside ?? folder, 'postgres')
  const asItself = [...(disk?.inside ?? []), ...(disk !== undefined || process.getuid?.() === 0 ? NOT_ROOT : [])]
  const port = await freePort()
  const init = [
    '-D',
    data,
    '-U',
    'paht',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--wal-segsize=1',
    ...(on === 'tables' ? [`--waldir=${join(folder, 'wal')}`] : []),
  ]
  const [command = '', ...args] = [...asItself, join(BIN, 'initdb'), ...init]
  await promisify(execFile)(command, args)
  const urlOf = (name: string) => `postgresql://paht@127.0.0.1:${port}/${name}`
  let server: ChildProcess | undefined
  const runs = () => server !== undefined && server.exitCode === null && server.signalCode === null
  /** First itself, so that it starts no more of them. */
  const signalAll = (signal: NodeJS.Signals) => {
    const pid = server?.pid
    if (pid === undefined || !runs()) return
    process.kill(pid, signal)
    for (const child of childrenOf(pid)) signalIfThere(child, signal)
  }

  const launch = () => {
    const log = openSync(join(folder, 'postgres.log'), 'a')
    // fsync off: what a test kills are processes; what they wrote the kernel still has.
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      max_connections: 200,
      fsync: 'off',
    }
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const [run = '', ...rest] = [...asItself, ...ENDS_WITH_US, join(BIN, 'postgres'), '-D', data, ...given]
    server = spawn(run, rest, { stdio: ['ignore', log, log] })
    closeSync(log)
  }

  const own: OwnPostgres = {
    database: async (name) => {
      await ask(urlOf('postgres'), `create database ${name}`)
      return urlOf(name)
    },
    stop: async (mode) => {
      if (server === undefined || !runs()) return
      const ended = once(server, 'exit')
      server.kill(SIGNALS[mode])
      await ended
    },
    start: async () => {
      await until('PostgreSQL takes connections', async () => {
        // A crash may end it a moment after it was found running.
        if (!runs()) launch()
        return (await answers(urlOf('postgres'))) || undefined
      })
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    remove: async () => {
      own.thaw()
      await own.stop('immediate')
      await rm(folder, { recursive: true, force: true })
    },
  }
  await own.start()
  return own
}

/** The one that was woken first may have ended it meanwhile: a connection whose client has gone. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

async function answers(url: string): Promise<boolean> {
  try {
    await ask(url, 'select 1')
    return true
  } catch {
    // Not yet: whoever waits for it has a deadline.
    return false
  }
}

/** One statement over a connection of its own: what observes a database that is restarted keeps no connection. */
export async function ask<Row extends pg.QueryResultRow>(
  database: string | pg.ClientConfig,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({
    ...(typeof database === 'string' ? { connectionString: database } : database),
    connectionTimeoutMillis: 5000,
    application_name: 'observer',
  })
  client.on('error', () => undefined) // the query says it
  await client.connect()
  try {
    return (await client.query<Row>(statement, [...values])).rows
  } finally {
    await client.end()
  }
}
