import { createHmac } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { until } from '../../../test/support/until.ts'
import { isFault } from '../../core/fault.ts'
import { type RunningListeners, startListening } from '../../core/intake/listen.ts'
import { applyConfig } from '../../core/settings/apply.ts'
import { ConfigFile } from '../../core/settings/config-file.ts'
import { envelopes, files, reports } from '../../core/tables/index.ts'

const SECRET = 'what the call centre signs with'
/** A second of silence, as telephones sound: 8000 samples of 8 bits. */
const SOUND = Buffer.concat([
  ...[Buffer.from('RIFF'), number(8036), Buffer.from('WAVEfmt '), number(16), Buffer.from([1, 0, 1, 0])],
  ...[
    number(8000),
    number(8000),
    Buffer.from([1, 0, 8, 0]),
    Buffer.from('data'),
    number(8000),
    Buffer.alloc(8000, 128),
  ],
])

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

let t: TestServer
let folder: string
let recordings: Server
let address: string
let listening: RunningListeners
beforeAll(async () => {
  t = await testServer()
  folder = await mkdtemp(join(tmpdir(), 'paht-calls-'))
  recordings = createServer((_, reply) => reply.setHeader('content-type', 'audio/x-wav').end(SOUND))
  await new Promise<void>((resolve) => recordings.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(recordings.address() as AddressInfo).port}`
  const settings = {
    ...{ secret: SECRET, folder, pollSeconds: 0.1, since: '2026-01-01T00:00:00Z' },
    ...{ recordingHosts: [address], allow: ['127.0.0.0/8'] },
  }
  const config = ConfigFile.parse({
    sources: [{ id: 'hotline', kind: 'hotline', profile: 'dien-bien', name: 'Đường dây nóng', settings }],
  })
  const applied = await applyConfig(t.ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
  listening = startListening(t.ports)
})
afterAll(async () => {
  await listening.stop()
  recordings.close()
  await t.close()
  await rm(folder, { recursive: true })
})

const stored = (count: number) =>
  until(`${count} envelopes`, async () => (await t.ports.db.$count(envelopes)) === count || undefined)

it('takes what lies in its folder: a call, then its subtitles and its recording, are one report', async () => {
  await writeFile(join(folder, '17.42.json'), '{"from":"0912345678","startedAt":"2026-10-19T08:55:00+07:00"}')
  await stored(1)
  await writeFile(join(folder, '17.42.vi.srt'), '1\n00:00:01,000 --> 00:00:02,000\nKH: Cây đổ ở bản Nậm Pồ\n')
  await writeFile(join(folder, '17.42.wav'), SOUND)
  await writeFile(join(folder, 'broken.json'), '{"from":')
  await stored(4)
  await t.work()
  expect(await t.ports.db.select().from(reports)).toMatchObject([{ channel: 'hotline', text: 'Cây đổ ở bản Nậm Pồ' }])
  const states = (await t.ports.db.select().from(envelopes)).map(({ state, reason }) => reason ?? state)
  expect(states.sort()).toEqual(['no JSON', 'read', 'read', 'read'])
})

it('fetches a recording, which reaches the officers of the intake and nobody else', async () => {
  const body = JSON.stringify({ callId: '17.43', recordingUrl: `http://${address}/17.43.wav` })
  const headers = {
    'content-type': 'application/json',
    'x-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  }
  const before = await t.ports.db.$count(reports)
  expect((await fetch(`${t.url}/hooks/sources/hotline`, { method: 'POST', headers, body })).status).toBe(200)
  await t.work()
  const [, report, more] = await t.ports.db.select().from(reports).orderBy(reports.id)
  expect([before, more]).toEqual([1, undefined])
  const fetched = await t.ports.db.select().from(files).where(eq(files.submissionId, report!.submissionId))
  // No copy was made that may leave.
  const original = {
    variant: 'original',
    type: 'audio/wav',
    size: SOUND.length,
    notClean: expect.stringContaining('audio'),
  }
  expect(fetched).toMatchObject([original])
})
