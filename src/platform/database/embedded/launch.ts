import { mkdir, readFile, realpath } from 'node:fs/promises'
import { isMainThread } from 'node:worker_threads'
import { clearAddress, closeAddress, openAddress } from './address.ts'
import { type Installation, prepareCluster } from './cluster.ts'
import { ensureDatabase } from './ensure-database.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { keepRunning } from './keep-running.ts'
import { type Layout, layoutOf, linkLibraries, serverEnvironment } from './layout.ts'
import { clearLeftover } from './leftover.ts'
import { findPackage, type PostgresPackage } from './packages.ts'
import { markOf } from './processes.ts'
import { isRefused, type Refused, refuse } from './refused.ts'
import { chooseUser } from './run-as.ts'
import { type Connection, readRunning, removeRunning, writeRunning } from './running.ts'
import { type Address, type Server, startServer } from './server.ts'

export interface EmbeddedOptions {
  /** PAHT_DATA_DIR; made when missing. The database goes to `postgres` inside it. */
  readonly dataDir: string
  /** Gets what happens to the server, one English line each: nothing personal, no line end. */
  readonly log: (line: string) => void
}

/** A PostgreSQL that belongs to this process and ends with it. */
export interface Embedded {
  readonly connection: Connection
  /** Such as `18.4`. */
  readonly version: string
  /** Stops the server and gives the folder free; close the connections first. May be called twice. */
  stop(): Promise<void>
}

/** Role and database of the product. */
const NAME = 'paht'

/**
 * Starts the PostgreSQL that npm brought, on a data folder that nobody else uses meanwhile; makes the database on the first start. What
 * a person must mend is returned as `Refused`; a throw is a bug or a failing disk.
 *
 * Call it on the main thread: on Linux the kernel stops the server when the thread that started it ends, so that not even `kill -9`
 * leaves one behind.
 */
export async function startEmbedded({ dataDir, log }: EmbeddedOptions): Promise<Embedded | Refused> {
  if (!isMainThread) throw new Error('startEmbedded belongs on the main thread: the server ends with its thread')
  const found = findPackage()
  if ('missing' in found) return refuse(found.missing)
  const taken = await takeFolder(dataDir)
  if (isRefused(taken)) return taken
  const { layout, lock } = taken
  try {
    const installation = await install(layout, found, log)
    const embedded = isRefused(installation) ? installation : await launch(installation, lock)
    if (isRefused(embedded)) await lock.release()
    return embedded
  } catch (cause) {
    await lock.release()
    throw cause
  }
}

/** What a person can mend about a folder; any other error of the file system is thrown. */
const UNUSABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC']

async function takeFolder(dataDir: string): Promise<{ layout: Layout; lock: FolderLock } | Refused> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const layout = layoutOf(await realpath(dataDir))
    const lock = await lockFolder(layout.dataDir)
    if (!('heldBy' in lock)) return { layout, lock }
    const who = lock.heldBy === undefined ? '' : ` (process ${lock.heldBy})`
    return refuse(
      `PAHT Hub is already running on this folder${who}. Stop it first, or set PAHT_DATA_DIR to another folder.`,
    )
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    if (!UNUSABLE.includes(code)) throw cause
    return refuse(
      `PAHT Hub cannot use the folder ${dataDir} (${message}). Set PAHT_DATA_DIR to one that it can write to.`,
    )
  }
}

async function install(
  layout: Layout,
  found: PostgresPackage,
  log: (line: string) => void,
): Promise<Installation | Refused> {
  await linkLibraries(layout, found)
  const environment = serverEnvironment(layout, found)
  const runAs = await chooseUser(layout, found, environment)
  return isRefused(runAs) ? runAs : { layout, found, environment, runAs, log }
}

async function launch(installation: Installation, lock: FolderLock): Promise<Embedded | Refused> {
  const { layout, runAs, log } = installation
  await forgetKilledRun(layout)
  const obstacle = (await clearLeftover(installation)) ?? (await prepareCluster(installation))
  if (obstacle) return obstacle
  const address = await openAddress(runAs)
  const first = await startServer(installation, address)
  if (isRefused(first)) {
    await closeAddress(address)
    return first
  }
  try {
    const connection = await connectionTo(installation, address)
    const version = await ensureDatabase(connection)
    await announce(layout, connection, first)
    log(`PostgreSQL ${version} runs (process ${first.pid})`)
    const kept = keepRunning(first, () => restart(installation, connection), log)
    const close = async () => {
      await removeRunning(layout.dataDir)
      await kept.stop()
      await closeAddress(address)
      await lock.release()
    }
    let closed: Promise<void> | undefined
    return {
      connection,
      version,
      stop() {
        closed ??= close()
        return closed
      },
    }
  } catch (cause) {
    await first.stop()
    await closeAddress(address)
    throw cause
  }
}

/** On the same address, so that the pools of this process find it again by themselves. */
async function restart(installation: Installation, connection: Connection): Promise<Server | Refused> {
  const obstacle = await clearLeftover(installation)
  if (obstacle) return obstacle
  await clearAddress(connection)
  const server = await startServer(installation, connection)
  if (!isRefused(server)) await announce(installation.layout, connection, server)
  return server
}

async function connectionTo({ layout, runAs }: Installation, address: Address): Promise<Connection> {
  const password = runAs.owner ? {} : { password: await readFile(layout.passwordFile, 'utf8') }
  return { ...address, user: NAME, database: NAME, ...password }
}

async function announce(layout: Layout, connection: Connection, server: Server): Promise<void> {
  await writeRunning(layout.dataDir, { connection, server: markOf(server.pid) ?? { pid: server.pid } })
}

async function forgetKilledRun(layout: Layout): Promise<void> {
  const killed = await readRunning(layout.dataDir)
  if (killed) await closeAddress(killed.connection)
  await removeRunning(layout.dataDir)
}
