import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { absent } from './layout.ts'
import { isRunning, type ProcessMark } from './processes.ts'

/** As `pg` takes it. */
export interface Connection {
  /** Folder of the Unix socket, or 127.0.0.1 on Windows. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** Windows only. */
  readonly password?: string
}

/** Content of `<dataDir>/postgres.json`, there while the server takes connections. */
export interface Running {
  readonly connection: Connection
  readonly server: ProcessMark
}

/** For command-line tools beside a running product: its database; undefined when none runs on this folder. */
export async function findRunning(dataDir: string): Promise<Connection | undefined> {
  const running = await readRunning(dataDir)
  if (!running || !isRunning(running.server)) return undefined
  return (await accepts(running.connection)) ? running.connection : undefined
}

/** What the last run wrote, alive or not. */
export async function readRunning(dataDir: string): Promise<Running | undefined> {
  const text = await readFile(recordPath(dataDir), 'utf8').catch(absent)
  return text === undefined ? undefined : (JSON.parse(text) as Running)
}

/** Renamed into place: a reader never sees half of it. */
export async function writeRunning(dataDir: string, running: Running): Promise<void> {
  const path = recordPath(dataDir)
  await writeFile(`${path}.new`, JSON.stringify(running), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

export async function removeRunning(dataDir: string): Promise<void> {
  await rm(recordPath(dataDir), { force: true })
}

export function socketPath(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`)
}

function recordPath(dataDir: string): string {
  return join(resolve(dataDir), 'postgres.json')
}

function accepts({ host, port, password }: Connection): Promise<boolean> {
  return new Promise((settle) => {
    const socket = password === undefined ? connect(socketPath(host, port)) : connect(port, host)
    socket.on('connect', () => settle(true))
    // Stopping or starting at this moment: the socket is not there or refuses.
    socket.on('error', () => settle(false))
    socket.on('connect', () => socket.destroy())
  })
}
