import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { handed, makeBox } from '../../../test/support/box.ts'
import { applyBox } from '../../../test/support/box-site.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { until } from '../../../test/support/until.ts'
import { channels } from '../../channels/list.ts'
import { COMMAND_LINE } from '../people/officer.ts'
import { applyConfig } from '../settings/apply.ts'
import { ConfigFile } from '../settings/config-file.ts'
import { cursors, listeners, sources, submissions } from '../tables/index.ts'
import { listSources } from './list-sources.ts'
import { type RunningListeners, startListening } from './listen.ts'

const box = makeBox()
let t: TestServer
let running: RunningListeners[] = []
beforeEach(async () => {
  const kinds = new Map([...channels, box.channel].map((channel) => [channel.kind, channel]))
  t = await testServer({
    channels: kinds,
    readEnvelope: (kind, envelope, settings) => kinds.get(kind)!.read(envelope, settings),
  })
  await applyBox(t.ports)
})
afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()))
  running = []
  await t.close()
})

const start = () => {
  const started = startListening(t.ports)
  running.push(started)
  return started
}
const health = async () => (await listSources(t.ports, COMMAND_LINE)).find(({ id }) => id === 'box')!
const caughtUp = () => until('caught up', async () => ((await health()).caughtUpAt === null ? undefined : true))
const stored = (count: number) =>
  until(`${count} stored`, async () => (await t.ports.db.$count(submissions)) === count || undefined)

describe('a source that keeps a connection open', () => {
  it('is listened to by one of many processes; when that one goes, by another, from where it was', async () => {
    const first = start()
    await caughtUp()
    start()
    start()
    box.put(handed(1, { text: 'Một' }))
    await stored(1)
    expect(box.listening()).toBe(1)
    expect(await health()).toMatchObject({ listening: true, lastFault: null, lastReceivedAt: expect.any(Date) })
    await first.stop()
    await until('another listens', () => box.listening() === 1 || undefined)
    await caughtUp()
    box.put(handed(2, { text: 'Hai' }))
    await stored(2)
    expect(await t.ports.db.select().from(cursors)).toMatchObject([{ cursor: { uid: 2 } }])
  })

  it('is let go when somebody else has taken over, and what it then brings is not taken', async () => {
    start()
    await caughtUp()
    await t.ports.db.update(listeners).set({ token: crypto.randomUUID() }).where(eq(listeners.sourceId, 'box'))
    box.put(handed(3, { text: 'Muộn' }))
    await until('let go', () => box.listening() === 0 || undefined)
    expect(await t.ports.db.$count(submissions)).toBe(0)
  })

  it('is begun anew with new settings, and ended when it is switched off', async () => {
    start()
    await caughtUp()
    await applyBox(t.ports, { dailyCap: 5 })
    await until('ended', () => box.listening() === 0 || undefined, { everyMs: 1 })
    await until('begun anew', () => box.listening() === 1 || undefined)
    const config = ConfigFile.parse({
      sources: [{ id: 'box', kind: 'box', profile: 'dien-bien', name: 'Hộp thư', state: 'off' }],
    })
    await applyConfig(t.ports, 'system', { config })
    await until('ended', () => box.listening() === 0 || undefined)
    await until('given back', async () => (await health()).listening === false || undefined)
  })

  it('says what is wrong with it, and is tried again', async () => {
    const read = box.channel.intakes[0]!
    const run = (read as { run: unknown }).run
    Object.assign(read, { run: async () => ({ fault: 'config', message: 'the password is refused' }) })
    try {
      start()
      await until('a fault', async () => (await health()).lastFault ?? undefined)
      expect(await health()).toMatchObject({ lastFault: 'config: the password is refused', caughtUpAt: null })
    } finally {
      Object.assign(read, { run })
    }
    await caughtUp()
    expect((await health()).lastFault).toBeNull()
  })

  it('begins where it was first applied, whatever is applied later', async () => {
    const [first] = await t.ports.db.select().from(sources).where(eq(sources.id, 'box'))
    expect(first!.settings['since']).toBe('2026-10-19T02:00:00.000Z')
    t.clock.move(3600_000)
    await applyBox(t.ports, { dailyCap: 7 })
    const [then] = await t.ports.db.select().from(sources).where(eq(sources.id, 'box'))
    expect(then!.settings).toMatchObject({ since: '2026-10-19T02:00:00.000Z', dailyCap: 7 })
  })
})
