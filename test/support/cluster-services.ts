import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { type Cluster, makeTemplate } from './database.ts'
import { freePort } from './free-port.ts'

/** The oldest that production may run, from Debian's package `postgresql-15`. */
const BIN = '/usr/lib/postgresql/15/bin'
/** PostgreSQL refuses root; inside the namespace we are nobody, and the files stay ours. */
const NOT_ROOT = process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] : []
/** They end with us, `kill -9` included. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'INT', '--']

/** PostgreSQL 15 and Redis as production has them, for all test files of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-services-'))
  const started: ChildProcess[] = []
  const end = async () => {
    await Promise.all(started.map(stop))
    await rm(folder, { recursive: true })
  }
  try {
    const cluster = await startPostgres(folder, started)
    const redis = await startRedis(folder, started)
    await makeTemplate(cluster)
    // Of this project alone: the other one may run beside it.
    const env = { PAHT_TEST_CLUSTER: JSON.stringify(cluster), PAHT_TEST_REDIS: redis }
    project.config.env = { ...project.config.env, ...env }
    return end
  } catch (error) {
    await end()
    throw error
  }
}

async function startPostgres(folder: string, started: ChildProcess[]): Promise<Cluster> {
  const data = join(folder, 'postgres')
  const init = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  const [command = '', ...args] = [...NOT_ROOT, join(BIN, 'initdb'), ...init]
  await promisify(execFile)(command, args)
  // Nothing here has to survive a power cut.
  const settings = { listen_addresses: '', unix_socket_directories: folder, max_connections: 100, fsync: 'off' }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = start([...NOT_ROOT, ...ENDS_WITH_US, join(BIN, 'postgres'), '-D', data, ...given])
  started.push(server)
  await said(server, server.stderr, /ready to accept connections/)
  const admin = new pg.Client({ host: folder, port: 5432, user: 'postgres', database: 'postgres' })
  await admin.connect()
  // As in production: the product's role owns its database and is no superuser.
  await admin.query('create role paht login createdb')
  await admin.end()
  return { host: folder, port: 5432, user: 'paht', database: 'postgres' }
}

async function startRedis(folder: string, started: ChildProcess[]): Promise<string> {
  const port = await freePort()
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = start([...ENDS_WITH_US, 'redis-server', ...settings])
  started.push(server)
  await said(server, server.stdout, /Ready to accept connections/)
  return `redis://127.0.0.1:${port}`
}

type Started = ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream }

function start([command = '', ...args]: readonly string[]): Started {
  return spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function said(server: ChildProcess, output: NodeJS.ReadableStream, words: RegExp): Promise<void> {
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line)
      if (words.test(line)) resolve()
    })
    server.on('error', reject)
    server.on('exit', () => reject(new Error(`${server.spawnfile} ended:\n${lines.join('\n')}`)))
  })
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  // PostgreSQL's fast shutdown; Redis ends by it too.
  server.kill('SIGINT')
  await once(server, 'exit')
}
