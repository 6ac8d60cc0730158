import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { channels } from '../../src/channels/list.ts'
import { connectors } from '../../src/connectors/list.ts'
import type { Ports } from '../../src/core/act.ts'
import { isFault } from '../../src/core/fault.ts'
import { profileStore } from '../../src/core/profile/store.ts'
import { applyConfig } from '../../src/core/settings/apply.ts'
import { ConfigFile } from '../../src/core/settings/config-file.ts'
import { checkDeployment } from '../../src/core/settings/deployment.ts'
import { readProfile } from '../../src/core/settings/read-profile.ts'
import { unitStore } from '../../src/core/units/store.ts'
import { movedClock } from '../../src/platform/clock/clock.ts'
import { ensureMonth } from '../../src/platform/database/partitions.ts'
import { makeFiles } from '../../src/platform/files/files.ts'
import { loadLocales } from '../../src/platform/locales/locales.ts'
import { makeLog } from '../../src/platform/log/log.ts'
import { makeMail } from '../../src/platform/mail/make-mail.ts'
import { makeOutgoing } from '../../src/platform/outgoing/outgoing.ts'
import { makeSecrets } from '../../src/platform/secrets/secrets.ts'
import { inProcessWakeups } from '../../src/platform/tasks/wakeups.ts'
import { readHere } from '../../src/readers.ts'
import { type TestDatabase, testDatabase } from './database.ts'

const SHIPPED = join(import.meta.dirname, '../..')
const readShipped = (...path: readonly string[]) => readFile(join(SHIPPED, ...path), 'utf8')

/** PAHT_SECRET_KEY of the tests. */
export const TEST_KEY = Buffer.alloc(32, 7)

export interface TestPorts {
  readonly ports: Ports
  /** The same that `ports` has, to be moved. It starts on Monday, 19 October 2026, 9:00 in Vietnam. */
  readonly clock: ReturnType<typeof movedClock>
  readonly dataDir: string
  readonly database: TestDatabase
  close(): Promise<void>
}

/** What the core's operations stand on, on a database of its own: a province with its units, Điện Biên unless another is named, and its portal as the source `portal`. */
export async function testPorts(overrides: Partial<Ports> = {}, profile = 'dien-bien'): Promise<TestPorts> {
  const database = await testDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'paht-data-'))
  const clock = movedClock(new Date('2026-10-19T02:00:00Z'))
  const secrets = overrides.secrets ?? makeSecrets(TEST_KEY)
  const { db } = database
  const ports: Ports = {
    db,
    clock,
    secrets,
    wakeups: inProcessWakeups(),
    log: makeLog('silent'),
    files: makeFiles({ dataDir }, secrets),
    outgoing: (use) => makeOutgoing({ maxAnswerBytes: 64 * 1024, ...use }),
    mail: makeMail(),
    translate: await loadLocales(join(SHIPPED, 'locales')),
    readEnvelope: readHere,
    channels: new Map(channels.map((channel) => [channel.kind, channel])),
    connectors: new Map(connectors.map((connector) => [connector.kind, connector])),
    profiles: profileStore(db, clock, readShipped),
    units: unitStore(db, clock, readShipped),
    publicUrl: 'http://localhost:8080',
    ...overrides,
  }
  await ensureMonth(db, new Date('2026-10-01'))
  await ensureMonth(db, new Date('2026-11-01'))
  await settle(ports, profile)
  const close = async () => {
    await ports.wakeups.close()
    await database.drop()
    await rm(dataDir, { recursive: true })
  }
  return { ports, clock, dataDir, database, close }
}

async function settle(ports: Ports, id: string): Promise<void> {
  await checkDeployment(ports)
  const profile = await readProfile(readShipped, id)
  if ('problems' in profile) throw new Error(profile.problems)
  const config = ConfigFile.parse({
    sources: [{ id: 'portal', kind: 'portal', profile: id, name: profile.profile.name }],
  })
  const applied = await applyConfig(ports, 'system', { config, profile })
  if (isFault(applied)) throw new Error(applied.message)
}
