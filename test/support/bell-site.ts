import type { Item } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/list.ts'
import { isFault } from '../../src/core/fault.ts'
import { applyConfig } from '../../src/core/settings/apply.ts'
import { ConfigFile } from '../../src/core/settings/config-file.ts'
import { type Bell, makeBell, SIGNED } from './bell.ts'
import { type TestServer, testServer } from './server.ts'

export interface BellSite extends TestServer {
  readonly bell: Bell
  /** As the provider calls: items in one body. */
  ring(...items: readonly Item[]): Promise<Response>
  call(body: string | Buffer, headers?: Readonly<Record<string, string>>, source?: string): Promise<Response>
}

/** The server of the tests with two sources that their provider calls, `bell` and `bell-2`; the profile waits 45 s for silence on them. `to`: what they write to. */
export async function bellSite(profile = 'dien-bien', to: 'provider' | 'phone' = 'provider'): Promise<BellSite> {
  const bell = makeBell('sms', to)
  const kinds = new Map([...channels.filter(({ kind }) => kind !== 'sms'), bell.channel].map((one) => [one.kind, one]))
  const t = await testServer(
    { channels: kinds, readEnvelope: (kind, envelope, settings) => kinds.get(kind)!.read(envelope, settings) },
    profile,
  )
  const config = ConfigFile.parse({
    sources: ['bell', 'bell-2'].map((id) => ({ id, kind: 'sms', profile, name: 'Chuông' })),
  })
  const applied = await applyConfig(t.ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
  const call: BellSite['call'] = (body, headers = SIGNED, source = 'bell') =>
    fetch(`${t.url}/hooks/sources/${source}`, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) })
  return { ...t, bell, call, ring: (...items) => call(JSON.stringify(items)) }
}
