import { v4 as uuid } from 'uuid'
import type { Handed } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/list.ts'
import type { Ports } from '../../src/core/act.ts'
import { isFault } from '../../src/core/fault.ts'
import { claimLease, type Lease } from '../../src/core/intake/lease.ts'
import { makeTakeIn } from '../../src/core/intake/take-in.ts'
import { applyConfig } from '../../src/core/settings/apply.ts'
import { ConfigFile } from '../../src/core/settings/config-file.ts'
import { type Box, makeBox } from './box.ts'
import { type TestServer, testServer } from './server.ts'

export interface BoxSite extends TestServer {
  readonly box: Box
  readonly lease: Lease
  /** As its listener would hand it over. */
  take(...handed: readonly Handed[]): Promise<void>
}

/** The server of the tests with a source `box`, which is listened to by the test itself. */
export async function boxSite(overrides: Partial<Ports> = {}): Promise<BoxSite> {
  const box = makeBox()
  const kinds = new Map([...channels, box.channel].map((channel) => [channel.kind, channel]))
  const t = await testServer({
    channels: kinds,
    readEnvelope: (kind, envelope, settings) => kinds.get(kind)!.read(envelope, settings),
    ...overrides,
  })
  await applyBox(t.ports)
  const lease = { sourceId: 'box', token: uuid() }
  await claimLease(t.ports.db, lease)
  return { ...t, box, lease, take: takeIn(t.ports, lease) }
}

export async function applyBox(ports: Ports, settings: object = {}): Promise<void> {
  const config = ConfigFile.parse({
    sources: [{ id: 'box', kind: 'box', profile: 'dien-bien', name: 'Hộp thư', settings }],
  })
  const applied = await applyConfig(ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
}

const DAY_MS = 24 * 3600_000

export function takeIn(ports: Ports, lease: Lease): (...handed: readonly Handed[]) => Promise<void> {
  const source = { id: 'box', channel: 'box', codePrefix: 'DB' }
  const take = makeTakeIn(ports, { source, settings: {}, lease, quietAfterMs: DAY_MS })
  return (...handed) => take(handed)
}
