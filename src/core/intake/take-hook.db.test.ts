import { request } from 'node:http'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SIGNED, said } from '../../../test/support/bell.ts'
import { type BellSite, bellSite } from '../../../test/support/bell-site.ts'
import { isFault } from '../fault.ts'
import { applyConfig } from '../settings/apply.ts'
import { ConfigFile } from '../settings/config-file.ts'
import { envelopes, items, submissions } from '../tables/index.ts'

let t: BellSite
beforeAll(async () => {
  t = await bellSite()
})
afterAll(() => t.close())

const codes = async () =>
  (await t.ports.db.select({ code: submissions.code }).from(submissions)).map(({ code }) => code)
const envelopeCount = async () => (await t.ports.db.select({ id: envelopes.id }).from(envelopes)).length

describe('a call of the provider', () => {
  it('is answered with what it wants to read, once all that is in it is stored', async () => {
    const answer = await t.ring(
      said('1', 'Đường lầy lội'),
      said('2', 'Cống nghẹt', { talk: 'an', sender: { provider: 'an' } }),
    )
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain',
      'dong',
    ])
    expect(await codes()).toHaveLength(2)
    const rows = await t.ports.db.select().from(submissions)
    // Each has a key of its own, and the raw copy another: erasing one reaches no other.
    expect(
      new Set([...rows.map(({ keyId }) => keyId), (await t.ports.db.select().from(envelopes))[0]!.keyId]).size,
    ).toBe(3)
  })

  it('leaves nothing behind when it comes again, a month later, twenty times at once, or from two sources by their own', async () => {
    const [before, enveloped] = [(await codes()).length, await envelopeCount()]
    t.clock.move(30 * 24 * 3600_000)
    await t.ring(said('1', 'Đường lầy lội'), said('2', 'Cống nghẹt'))
    t.clock.move(-30 * 24 * 3600_000)
    expect([await codes(), await envelopeCount()].map((x) => (Array.isArray(x) ? x.length : x))).toEqual([
      before,
      enveloped,
    ])
    await Promise.all(Array.from({ length: 20 }, () => t.ring(said('3', 'Cây đổ'))))
    expect(await codes()).toHaveLength(before + 1)
    await t.call(JSON.stringify([said('3', 'Cây đổ')]), SIGNED, 'bell-2')
    expect(await codes()).toHaveLength(before + 2)
  })

  it('stores what is new in it beside what is known', async () => {
    const before = (await codes()).length
    await t.ring(said('3', 'Cây đổ'), said('4', 'Đèn hỏng'))
    expect(await codes()).toHaveLength(before + 1)
  })

  it('is refused where its signature does not hold, and where nobody is called so', async () => {
    const before = await envelopeCount()
    expect((await t.call('[]', { 'x-bell': 'clank' })).status).toBe(401)
    expect((await t.call('[]', SIGNED, 'portal')).status).toBe(404)
    expect((await t.call('[]', SIGNED, 'nobody')).status).toBe(404)
    expect((await t.call('[]', SIGNED, '%00')).status).toBe(404)
    expect(await envelopeCount()).toBe(before)
  })

  it('is taken all the same, and counted, where the source only reports signatures', async () => {
    const settings = { signature: 'report-only' }
    const config = ConfigFile.parse({
      sources: [{ id: 'lenient', kind: 'sms', profile: 'dien-bien', name: 'Chuông', settings }],
    })
    expect(isFault(await applyConfig(t.ports, 'system', { config }))).toBe(false)
    const before = (await codes()).length
    expect((await t.call(JSON.stringify([said('5', 'Mất nước')]), { 'x-bell': 'clank' }, 'lenient')).status).toBe(200)
    expect(await codes()).toHaveLength(before + 1)
  })

  it('is refused whole where it is too large, and never cut', async () => {
    const before = await envelopeCount()
    const long = JSON.stringify([said('6', 'x'.repeat(65 * 1024))])
    expect((await t.call(long)).status).toBe(413)
    expect(await envelopeCount()).toBe(before)
  })

  it('that cannot be read is quarantined byte for byte, and the next one flows', async () => {
    const before = (await codes()).length
    for (const bytes of ['{', '', '[]', '\u0000\u0001'])
      expect([bytes, (await t.call(bytes)).status]).toEqual([bytes, 200])
    const quarantined = await t.ports.db.select().from(envelopes).where(eq(envelopes.state, 'quarantined'))
    expect(quarantined).toHaveLength(4)
    await t.ring(said('7', 'Rác'))
    expect(await codes()).toHaveLength(before + 1)
  })

  it('costs only itself where it cannot be stored as it was read', async () => {
    const before = (await codes()).length
    const [bad, good] = await Promise.all([
      t.ring({ ...said('8', 'x'), item: 'ignored', reason: 'nul \u0000' } as never),
      t.ring(said('9', 'Ngập')),
    ])
    expect([bad.status, good.status]).toEqual([200, 200])
    expect(await codes()).toHaveLength(before + 1)
    const [last] = await t.ports.db.select().from(envelopes).where(sql`reason like 'could not be stored%'`)
    expect(last).toBeDefined()
  })

  it('holds what is no report: each set aside with its reason, and taken in where an officer says so', async () => {
    const before = (await codes()).length
    const as = said('11', 'Đường sạt')
    await t.ring(said('10', 'Ổ gà', { talk: 'binh', sender: { provider: 'binh' } }), {
      item: 'ignored',
      event: '11',
      keys: ['m:11'],
      reason: 'auto-reply',
      as,
    })
    const [aside] = await t.ports.db
      .select()
      .from(items)
      .where(eq(items.state, 'set-aside'))
      .orderBy(sql`id desc`)
      .limit(1)
    expect(aside).toMatchObject({ reason: 'auto-reply', seq: 1 })
    const take = () => fetch(`${t.url}/api/v1/quarantine/${aside!.id}/take-in`, { method: 'POST', headers: t.staff })
    expect((await take()).status).toBeLessThan(300)
    expect(await codes()).toHaveLength(before + 2)
    expect((await take()).status).toBeGreaterThanOrEqual(400)
    // Its key went over: it does not come in a second time.
    await t.ring(as)
    expect(await codes()).toHaveLength(before + 2)
  })
})

it('is verified over the address as it is configured at the provider, and the query as it came', async () => {
  const path = `/hooks/sources/bell?a='b%20c&a=%C3%A1`
  const { port } = new URL(t.url)
  await new Promise<void>((resolve, reject) => {
    const headers = {
      ...SIGNED,
      host: 'other.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'another.example',
    }
    const asked = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume()
      answer.on('end', resolve)
    })
    asked.on('error', reject)
    asked.end('{')
  })
  expect(t.bell.calls.at(-1)!.url).toBe(`http://localhost:8080${path}`)
})

describe('the question whether the address is ours', () => {
  const ask = (query: string, source = 'bell') => fetch(`${t.url}/hooks/sources/${source}?${query}`)
  it('is answered to who knows the word', async () => {
    const answer = await ask('word=open')
    expect([answer.status, await answer.text()]).toEqual([200, 'sesame'])
    expect((await ask('word=shut')).status).toBe(403)
    expect((await ask('word=open', 'portal')).status).toBe(404)
  })
})
