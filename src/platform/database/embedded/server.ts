import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import process from 'node:process'
import type { Installation } from './cluster.ts'
import { readPostmaster, signal } from './leftover.ts'
import type { PostgresPackage } from './packages.ts'
import { until } from './processes.ts'
import { type Refused, refuse } from './refused.ts'
import type { RunAs } from './run-as.ts'

/** Where the server listens: a folder for its Unix socket, or 127.0.0.1 on Windows. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** One run of the server. */
export interface Server {
  readonly pid: number
  /** Resolves once the process has ended, with what ended it (`code 1`, `SIGKILL`). */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

/**
 * Given on the command line, so that no edit of `postgresql.conf` turns them off.
 *
 * The log must hold no personal data. What a statement carries can reach it by three ways: its parameters, its text, and the error
 * itself ("Key (phone)=(…) already exists", "invalid input syntax for type uuid: …"). Whoever sent the statement gets the error
 * anyway, so `log_min_messages=log` keeps statement errors out altogether, and `terse` drops the DETAIL that quotes the statement a
 * backend died of.
 */
const SETTINGS: Readonly<Record<string, string | number>> = {
  fsync: 'on',
  full_page_writes: 'on',
  // A small box: the pools of one process and a few command-line tools.
  max_connections: 60,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_checkpoints: 'off',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_statement: 'none',
  log_min_duration_statement: -1,
}

/** Starts the server and waits until it takes connections, however long recovery lasts. */
export async function startServer(installation: Installation, address: Address): Promise<Server | Refused> {
  const { layout, found, log } = installation
  const serverLog = openSync(layout.serverLog, 'a', 0o600)
  const logged = fstatSync(serverLog).size
  const child = spawnServer(installation, address, serverLog)
  closeSync(serverLog)
  let end: string | undefined
  const ended = endOf(child).then((how) => {
    end = how
    return how
  })
  const settled = async () => {
    const postmaster = await readPostmaster(layout.cluster)
    return end !== undefined || (postmaster?.pid === child.pid && postmaster?.status === 'ready')
  }
  while (!(await until(settled, 15_000))) log('PostgreSQL is still recovering what its last run had not written out')
  if (end !== undefined || child.pid === undefined) {
    const words = lastWords(layout.serverLog, logged)
    return refuse(`The embedded PostgreSQL did not start (${words ?? end}). Its log is ${layout.serverLog}`)
  }
  const { pid } = child
  // Once it has ended, its pid may belong to another.
  return { pid, ended, stop: async () => (end === undefined ? stopServer(found, pid, ended) : undefined) }
}

function spawnServer(
  { layout, found, environment, runAs }: Installation,
  address: Address,
  serverLog: number,
): ChildProcess {
  const settings = { ...SETTINGS, port: address.port, ...listening(address, runAs) }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command = found.postgres, ...args] = [...runAs.prefix, found.postgres, '-D', layout.cluster, ...given]
  return spawn(command, args, {
    cwd: layout.dataDir,
    env: environment,
    stdio: ['ignore', serverLog, serverLog],
    windowsHide: true,
    // A session of its own: Ctrl-C in a terminal reaches only us, and we stop the server after our last statement.
    detached: process.platform !== 'win32',
  })
}

function listening(address: Address, runAs: RunAs): Readonly<Record<string, string>> {
  return runAs.owner
    ? { listen_addresses: '', unix_socket_directories: address.host }
    : { listen_addresses: address.host, unix_socket_directories: '' }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (cause) => resolve(cause.message))
    child.on('exit', (code, by) => resolve(by ?? `code ${code}`))
  })
}

/** A fast shutdown: open transactions are rolled back, committed ones stay. One that hangs is cut off and recovers at the next start. */
async function stopServer(found: PostgresPackage, pid: number, ended: Promise<string>): Promise<void> {
  await signal(found, pid, 'INT')
  const limit = setTimeout(() => void signal(found, pid, 'QUIT'), 30_000)
  await ended
  clearTimeout(limit)
}

/** What the server said last about why it gives up; it has written nothing but English since `from` (bytes). */
function lastWords(serverLog: string, from: number): string | undefined {
  const lines = readFileSync(serverLog).subarray(from).toString('utf8').trim().split('\n')
  return (lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1)) || undefined
}
