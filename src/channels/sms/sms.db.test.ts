import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { POINT } from '../../../test/support/point.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { TWILIO } from '../../../test/support/sms.ts'
import { startTwilio, type TwilioProcess } from '../../../test/support/twilio/process.ts'
import { isFault } from '../../core/fault.ts'
import { applyConfig } from '../../core/settings/apply.ts'
import { ConfigFile } from '../../core/settings/config-file.ts'
import { files, items, notices, reports } from '../../core/tables/index.ts'

const PUBLIC = 'https://paht.dienbien.example'
const LAN = '+84912345678'
/** Before the source was there, so that no list has it. */
const LONG_AGO = '2026-01-01T00:00:00Z'
const DAY_MS = 24 * 3600_000

let t: TestServer
let twilio: TwilioProcess
let reach: string
beforeAll(async () => {
  twilio = await startTwilio({ ...TWILIO, service: `MG${'3d'.repeat(16)}` })
  t = await testServer({ publicUrl: PUBLIC })
  const settings = { ...TWILIO, apiUrl: twilio.url, allow: ['127.0.0.0/8'] }
  const config = ConfigFile.parse({
    sources: [{ id: 'tin-nhan', kind: 'sms', profile: 'dien-bien', name: 'Tin nhắn', settings }],
  })
  const applied = await applyConfig(t.ports, 'system', { config })
  if (isFault(applied)) throw new Error(applied.message)
  reach = `${t.url}/hooks/sources/tin-nhan`
  await t.work()
})
afterAll(async () => {
  await t.close()
  await twilio.kill()
})

const hook = `${PUBLIC}/hooks/sources/tin-nhan`
const newest = async () => (await t.ports.db.select().from(reports).orderBy(reports.id)).at(-1)!

it('a message with a photo is one report, however often Twilio brings it, and its sender hears by message', async () => {
  const media = [{ type: 'image/png', base64: POINT.toString('base64') }]
  const body = 'Duong hong o xa Muong Nhe, xe may khong di duoc'
  const called = await twilio.receive({ from: LAN, body, media, hook, reach })
  expect(called).toMatchObject({ status: 200, answer: '<Response/>' })
  const again = await Promise.all(
    Array.from({ length: 20 }, () => fetch(reach, { method: 'POST', headers: called.headers!, body: called.body! })),
  )
  expect(again.map(({ status }) => status)).toEqual(Array(20).fill(200))
  await t.work()
  const all = await t.ports.db.select().from(reports)
  expect(all).toMatchObject([{ channel: 'sms', text: body }])
  const [{ submissionId, code } = expect.unreachable()] = all
  const fetched = await t.ports.db.select().from(files).where(eq(files.submissionId, submissionId))
  expect(fetched.map(({ variant }) => variant)).toContain('original')
  const [told] = await twilio.sent()
  expect(told).toMatchObject({ from: TWILIO.number, to: LAN, statusCallback: hook })
  expect(told!.body).toMatch(new RegExp(`^[\\x20-\\x7e]*${code}[\\x20-\\x7e]*$`))
})

it('knows what became of its answer', async () => {
  const [told] = await twilio.sent()
  for (const status of ['delivered', 'sent']) {
    expect(await twilio.status({ sid: told!.sid, status, reach })).toMatchObject({ status: 200 })
  }
  await t.work()
  const [notice] = await t.ports.db.select().from(notices).orderBy(notices.id)
  expect(notice).toMatchObject({ state: 'sent', receipt: 'delivered' })
})

it('takes nothing from who is not Twilio', async () => {
  const before = await t.ports.db.$count(reports)
  const { headers, body } = await twilio.receive({
    from: LAN,
    body: 'x',
    at: LONG_AGO,
    hook,
    reach: `${twilio.url}/nowhere`,
  })
  for (const changed of [body!.replace('Body=x', 'Body=y'), '']) {
    expect((await fetch(reach, { method: 'POST', headers: headers!, body: changed })).status).toBe(401)
  }
  expect((await fetch(`${reach}?x=1`, { method: 'POST', headers: headers!, body: body! })).status).toBe(401)
  await t.work()
  expect(await t.ports.db.$count(reports)).toBe(before)
})

it('finds what came while nobody answered', async () => {
  const at = t.ports.clock.now().toISOString()
  const body = 'Cay do chan duong o ban Nam Po'
  await twilio.receive({ from: '+84987654321', body, at })
  t.clock.move(DAY_MS)
  await t.work()
  expect(await newest()).toMatchObject({ channel: 'sms', text: body })
  const count = await t.ports.db.$count(reports)
  t.clock.move(DAY_MS)
  await t.work()
  expect(await t.ports.db.$count(reports)).toBe(count)
})

it('sets aside who wants no more', async () => {
  await twilio.receive({ from: LAN, body: 'TỪ CHỐI', hook, reach })
  const rows = await t.ports.db.select().from(items).where(eq(items.reason, 'opt-out'))
  expect(rows).toHaveLength(1)
})
