import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { channels } from './channels/list.ts'
import type { Config } from './config.ts'
import { connectors } from './connectors/list.ts'
import type { Ports } from './core/act.ts'
import { profileStore } from './core/profile/store.ts'
import { checkDeployment } from './core/settings/deployment.ts'
import { unitStore } from './core/units/store.ts'
import { systemClock } from './platform/clock/clock.ts'
import { trialClock } from './platform/clock/trial-clock.ts'
import { openDatabase } from './platform/database/database.ts'
import { type Embedded, startEmbedded } from './platform/database/embedded/launch.ts'
import { isRefused, type Refused, refuse } from './platform/database/embedded/refused.ts'
import { findRunning } from './platform/database/embedded/running.ts'
import { migrateDatabase } from './platform/database/migrate.ts'
import { ensureMonth } from './platform/database/partitions.ts'
import { makeFiles } from './platform/files/files.ts'
import { loadLocales } from './platform/locales/locales.ts'
import { type Log, makeLog } from './platform/log/log.ts'
import { makeMail } from './platform/mail/make-mail.ts'
import { makeOutgoing } from './platform/outgoing/outgoing.ts'
import { loadRootKey } from './platform/secrets/root-key.ts'
import { makeSecrets } from './platform/secrets/secrets.ts'
import { inProcessWakeups, type Wakeups } from './platform/tasks/wakeups.ts'
import { makeReaders } from './readers.ts'

/** Files that ship with the product: migrations, locales, profiles, data. */
const PACKAGE_FOLDER = fileURLToPath(new URL('..', import.meta.url))
export const shipped = (...path: readonly string[]): string => join(PACKAGE_FOLDER, ...path)
export const readShipped = (...path: readonly string[]): Promise<string> => readFile(shipped(...path), 'utf8')

/** An office's answer to a delivery is a few lines; the webhook's README promises to read this much. */
const MAX_ANSWER_BYTES = 64 * 1024

/** Everything put together, not serving yet. */
export interface App {
  readonly ports: Ports
  readonly config: Config
  close(): Promise<void>
}

export interface OpenOptions {
  /** A command-line tool may work beside a running product; the product itself may not. */
  readonly besideRunning: boolean
}

/** Opens database, keys and files. What a person must mend comes back as a sentence. */
export async function openApp(config: Config, { besideRunning }: OpenOptions): Promise<App | Refused> {
  const log = makeLog(config.logLevel)
  const database = await reachDatabase(config, besideRunning, (line) => log.debug({ line }, 'postgres'))
  if (isRefused(database)) return database
  const rootKey = await loadRootKey({
    dataDir: config.dataDir,
    ...(config.secretKey !== undefined && { configured: config.secretKey }),
    production: config.databaseUrl !== undefined,
  })
  if (!Buffer.isBuffer(rootKey)) {
    await database.stop()
    return refuse(rootKey.noRootKey)
  }
  const secrets = makeSecrets(rootKey)
  const translate = await loadLocales(shipped('locales'))
  const readers = makeReaders()
  const wakeups = await makeWakeups(config, log)
  const clock =
    config.trialClock === undefined
      ? systemClock
      : trialClock(config.trialClock, () => wakeups.kick(config.workerSlots))
  const db = openDatabase({
    connection: database.connection,
    poolSize: config.poolSize,
    log: (err) => log.warn({ err }, 'database.lost'),
  })
  const ports: Ports = {
    db,
    clock,
    secrets,
    wakeups,
    log,
    files: makeFiles({ dataDir: config.dataDir }, secrets),
    outgoing: (use) => makeOutgoing({ maxAnswerBytes: MAX_ANSWER_BYTES, ...use }),
    mail: makeMail(),
    translate,
    readEnvelope: readers.read,
    channels: new Map(channels.map((channel) => [channel.kind, channel])),
    connectors: new Map(connectors.map((connector) => [connector.kind, connector])),
    profiles: profileStore(db, clock, readShipped),
    units: unitStore(db, clock, readShipped),
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
  }
  const close = async () => {
    await readers.close()
    await wakeups.close()
    await db.$client.end()
    await database.stop()
  }
  try {
    await migrateDatabase(db, shipped('drizzle'))
    const now = clock.now()
    await ensureMonth(db, now)
    await ensureMonth(db, new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)))
    const wrongKey = await checkDeployment(ports)
    if (wrongKey === undefined) return { ports, config, close }
    await close()
    return refuse(wrongKey)
  } catch (error) {
    await close()
    throw error
  }
}

/** BullMQ and its client of Redis are loaded where they are used: they are a fifth of what a process starts with. */
async function makeWakeups({ redisUrl }: Config, log: Log): Promise<Wakeups> {
  if (redisUrl === undefined) return inProcessWakeups()
  const { redisWakeups } = await import('./platform/tasks/bullmq.ts')
  return redisWakeups(redisUrl, (err) => log.warn({ err }, 'redis.lost'))
}

async function reachDatabase(
  config: Config,
  besideRunning: boolean,
  log: (line: string) => void,
): Promise<{ readonly connection: pg.PoolConfig; stop(): Promise<void> } | Refused> {
  const stop = async () => undefined
  if (config.databaseUrl !== undefined) return { connection: { connectionString: config.databaseUrl }, stop }
  const running = besideRunning ? await findRunning(config.dataDir) : undefined
  if (running !== undefined) return { connection: running, stop }
  const embedded: Embedded | Refused = await startEmbedded({ dataDir: config.dataDir, log })
  return isRefused(embedded) ? embedded : { connection: embedded.connection, stop: () => embedded.stop() }
}
