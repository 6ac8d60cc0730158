import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { POINT } from '../../../test/support/point.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { ZALO } from '../../../test/support/zalo/account.ts'
import { startZalo, type ZaloProcess } from '../../../test/support/zalo/process.ts'
import { isFault } from '../../core/fault.ts'
import { applyConfig } from '../../core/settings/apply.ts'
import { ConfigFile } from '../../core/settings/config-file.ts'
import { files, notices, reports, sourceMemory } from '../../core/tables/index.ts'

const LAN = '8309393969855402319'

let t: TestServer
let zalo: ZaloProcess
let reach: string
beforeAll(async () => {
  zalo = await startZalo(ZALO)
  t = await testServer()
  const settings = { ...ZALO, apiUrl: zalo.url, oauthUrl: zalo.url, allow: ['127.0.0.0/8'] }
  const config = ConfigFile.parse({
    sources: [{ id: 'zalo', kind: 'zalo', profile: 'dien-bien', name: 'Zalo', settings }],
  })
  const applied = await applyConfig(t.ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
  reach = `${t.url}/hooks/sources/zalo`
  await t.work()
})
afterAll(async () => {
  await t.close()
  await zalo.kill()
})

const writes = (event_name: string, message: object) =>
  zalo.happens({ event_name, sender: { id: LAN }, message }, reach)

it('a message with a photo is one report, however often Zalo brings it, and its sender hears there', async () => {
  const url = await zalo.keep(POINT)
  const attachments = [{ type: 'image', payload: { thumbnail: url, url } }]
  const text = 'Đường hỏng ở xã Mường Nhé, xe máy không đi được 🚧'
  for (const _ of [1, 2, 3]) {
    expect(await writes('user_send_image', { msg_id: 'm1', text, attachments })).toMatchObject({ status: 200 })
  }
  await t.work()
  const all = await t.ports.db.select().from(reports)
  expect(all).toMatchObject([{ channel: 'zalo', text }])
  const [{ submissionId, code } = expect.unreachable()] = all
  const fetched = await t.ports.db.select().from(files).where(eq(files.submissionId, submissionId))
  expect(fetched.map(({ variant }) => variant)).toContain('original')
  const [told] = await zalo.sent()
  expect(told).toMatchObject({ user: LAN, text: expect.stringContaining(code) })
})

it('knows that its answer was read', async () => {
  const [told] = await zalo.sent()
  const word = (event_name: string, message: object) =>
    zalo.happens({ event_name, sender: { id: ZALO.oaId }, recipient: { id: LAN }, message }, reach)
  expect(await word('user_seen_message', { msg_ids: [told!.id] })).toMatchObject({ status: 200 })
  expect(await word('user_received_message', { msg_id: told!.id })).toMatchObject({ status: 200 })
  await t.work()
  const [notice] = await t.ports.db.select().from(notices).orderBy(notices.id)
  expect(notice).toMatchObject({ state: 'sent', receipt: 'read' })
})

it('takes nothing from who is not Zalo', async () => {
  const before = await t.ports.db.$count(reports)
  const { headers, body } = await zalo.happens({ event_name: 'user_send_text', message: { msg_id: 'm2', text: 'x' } })
  const changed = body.replace('"x"', '"y"')
  expect((await fetch(reach, { method: 'POST', headers, body: changed })).status).toBe(401)
  await t.work()
  expect(await t.ports.db.$count(reports)).toBe(before)
})

it('asked for tokens once, and keeps them sealed', async () => {
  expect(await zalo.asked()).toBe(1)
  const [memory] = await t.ports.db.select().from(sourceMemory)
  expect(memory!.value!.toString('latin1')).not.toContain('access')
})
