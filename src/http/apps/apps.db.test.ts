import { isNotNull } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP, applyApp, asApp, OTHER_APP, tokenOf } from '../../../test/support/apps.ts'
import { citizens } from '../../../test/support/citizens.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { eraseReporter } from '../../core/reading/erase.ts'
import { reports, submissions } from '../../core/tables/index.ts'

const people = citizens(7)

let t: TestServer
let app: string
let other: string
beforeAll(async () => {
  t = await testServer()
  await applyApp(t, APP)
  await applyApp(t, { id: 'app-2', ...OTHER_APP })
  app = await tokenOf(t, APP)
  other = await tokenOf(t, OTHER_APP)
})
afterAll(() => t.close())

const report = (userId: string, more: object = {}) => {
  const { content } = people.next().value
  return { name: 'Lò Văn Mẫu', phone: '0912 000 001', content, userId, ...more }
}
const send = async (userId: string, more: object = {}): Promise<string> => {
  const { status, body } = await asApp(t, app, '/reports', report(userId, more))
  expect(status).toBe(201)
  return body.code
}
const listed = async (userId: string, token = app): Promise<string[]> =>
  (await asApp(t, token, `/reports?userId=${userId}`)).body.items.map(({ code }: { code: string }) => code)

describe('an app sends for its users', () => {
  it('by a source of its own; nobody’s form comes by that', async () => {
    const code = await send('u-own')
    const form = await asApp(t, undefined, '/reports', { ...report(''), userId: undefined })
    expect(form.status).toBe(201)
    const rows = await t.ports.db.select().from(submissions)
    expect(rows.map((row) => [row.code, row.sourceId])).toEqual(
      expect.arrayContaining([
        [code, 'app'],
        [form.body.code, 'portal'],
      ]),
    )
  })

  it('it must say for whom; and who says so without a token is told that it is missing', async () => {
    const { content } = people.next().value
    const fields = { name: 'Lò Văn Mẫu', phone: '0912000001', content }
    const nobodys = await asApp(t, app, '/reports', fields)
    expect([nobodys.status, nobodys.body.errors]).toMatchObject([400, [{ field: 'userId' }]])
    const strangers = await asApp(t, undefined, '/reports', { ...fields, userId: 'u1' })
    expect([strangers.status, strangers.body.errors]).toMatchObject([400, [{ field: 'userId' }]])
  })

  it('with photos, as a form', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries(report('u-photo'))) form.set(name, value)
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    form.set('files', new Blob([gif], { type: 'image/gif' }), 'a.gif')
    const sent = await asApp(t, app, '/reports', form)
    expect([sent.status, sent.body.errors]).toEqual([201, undefined])
  })

  it('nothing counts for the address of its server: an addition has no number', async () => {
    const code = await send('u-address')
    await t.work()
    const before = await t.ports.db.$count(submissions)
    const added = await asApp(t, app, `/reports/${code}/additions`, { content: 'Thêm' })
    const strangers = await asApp(t, undefined, `/reports/${code}/additions?phone=0001`, { content: 'Thêm' })
    expect([added.status, strangers.status, await t.ports.db.$count(submissions)]).toEqual([201, 201, before + 2])
    const counted = await t.ports.db.select().from(submissions).where(isNotNull(submissions.addressHash))
    expect(counted.map((row) => row.code)).toContain(strangers.body.code)
    expect(counted.map((row) => row.code)).not.toContain(added.body.code)
  })
})

describe('an app follows', () => {
  it('what its user has sent, newest first and in pages; nobody else’s', async () => {
    const codes: string[] = []
    for (let i = 0; i < 5; i++) {
      codes.unshift(await send('u-list'))
      await t.work()
    }
    await send('u-another')
    await t.work()
    expect(await listed('u-list')).toEqual(codes)
    expect(await listed('u-list', other)).toEqual([])
    const first = await asApp(t, app, '/reports?userId=u-list&limit=3')
    expect(first.body.items[0]).toEqual({
      code: codes[0],
      receivedAt: expect.any(String),
      status: expect.any(String),
      statusText: expect.any(String),
      title: expect.any(String),
    })
    const rest = await asApp(t, app, `/reports?userId=u-list&limit=3&after=${first.body.after}`)
    expect([...first.body.items, ...rest.body.items].map(({ code }: { code: string }) => code)).toEqual(codes)
    expect(rest.body.after).toBeNull()
  })

  it('one report by its code alone, or by whose it must be; unknown, another user’s and another app’s look alike', async () => {
    const code = await send('u-view')
    expect((await asApp(t, app, `/reports/${code}`)).body).toMatchObject({ code, status: 'received' })
    expect((await asApp(t, app, `/reports/${code}?userId=u-view`)).status).toBe(200)
    await t.work()
    expect((await asApp(t, app, `/reports/${code}`)).body.notices).toMatchObject([{ event: 'received' }])
    const refused = await Promise.all([
      asApp(t, app, '/reports/DB-26-2222-2222'),
      asApp(t, app, `/reports/${code}?userId=u-list`),
      asApp(t, other, `/reports/${code}`),
      asApp(t, other, `/reports/${code}?userId=u-view`),
      // Whoever shows a token is asked by it, whatever else they know.
      asApp(t, other, `/reports/${code}?phone=0001`),
    ])
    expect(new Set(refused.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1)
    expect(refused[0]!.status).toBe(404)
    // The reporter's own way in stays.
    expect((await asApp(t, undefined, `/reports/${code}?phone=0001`)).status).toBe(200)
  })

  it('nothing that was erased', async () => {
    const code = await send('u-gone')
    await t.work()
    await eraseReporter(t.ports, 'system', { code, why: 'asked' })
    expect(await listed('u-gone')).toEqual([])
    expect((await asApp(t, app, `/reports/${code}`)).status).toBe(404)
  })
})

describe('an app says more', () => {
  it('an addition goes to the case of what it follows, and is no report of its own in the list', async () => {
    const code = await send('u-add')
    await t.work()
    const added = await asApp(t, app, `/reports/${code}/additions`, { content: 'Thêm: ở số nhà 7' })
    expect(added.status).toBe(201)
    await t.work()
    expect(await listed('u-add')).toEqual([code])
    const rows = await t.ports.db.select().from(reports)
    const first = rows.find((row) => row.code === code)
    expect(rows.find((row) => row.code === added.body.code)?.follows).toBe(first?.id)
  })

  it.each(['', '?userId=u-add'])('not for another user, nor about another app’s: %s', async (query) => {
    const code = await send('u-mine')
    await t.work()
    const say = { content: 'Thêm', ...(query === '' && { userId: 'u-add' }) }
    expect((await asApp(t, app, `/reports/${code}/additions${query}`, say)).status).toBe(404)
    expect((await asApp(t, other, `/reports/${code}/additions`, { content: 'Thêm' })).status).toBe(404)
  })

  it('rates only what was answered, and nothing of another app’s', async () => {
    const code = await send('u-rate')
    await t.work()
    const rating = { value: 'satisfied' }
    expect((await asApp(t, app, `/reports/${code}/rating`, rating)).status).toBe(409)
    expect((await asApp(t, other, `/reports/${code}/rating`, rating)).status).toBe(404)
    expect((await asApp(t, app, `/reports/${code}/rating?userId=u-add`, rating)).status).toBe(404)
  })
})
