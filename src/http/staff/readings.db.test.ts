import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SignedInOfficer, signedInAs } from '../../../test/support/people.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { CaseView } from '../contract/staff.ts'

const FORM = {
  name: 'Lò Văn Mẫu',
  phone: '0912 345 678',
  title: 'Hố ga',
  content: 'Anh Lò Văn Mẫu báo: tối qua hố ga mất nắp trước đồi A1, xin giữ bí mật tên tôi',
}

let t: TestServer
let triage: SignedInOfficer
let operator: SignedInOfficer
beforeAll(async () => {
  t = await testServer()
  triage = await signedInAs(t.ports, ['triage'])
  operator = await signedInAs(t.ports, ['operator'])
})
afterAll(() => t.close())

async function sent(form: object = FORM) {
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(form) },
  })
  const { code } = (await answer.json()) as { code: string }
  await t.work()
  const found = await fetch(`${t.url}/api/v1/cases?code=${code}`, { headers: triage.headers })
  const [row] = ((await found.json()) as { items: { id: string }[] }).items
  return row!.id
}

async function view(id: string) {
  const answer = await fetch(`${t.url}/api/v1/cases/${id}`, { headers: triage.headers })
  return CaseView.parse(await answer.json())
}

async function correct(id: string, body: object, by = triage) {
  const { status } = await fetch(`${t.url}/api/v1/cases/${id}/correct`, {
    ...{ method: 'POST', headers: { ...by.headers, 'content-type': 'application/json' }, body: JSON.stringify(body) },
  })
  return status
}

describe('what was read from a report', () => {
  it('stands with how sure, from where, and why; who sent it is only said to be known', async () => {
    const { reports } = await view(await sent())
    const { readings, text, identitySecret } = reports[0]!
    expect(readings).toMatchObject({
      name: { value: true, from: 'sender' },
      phone: { value: true, from: 'sender' },
      ward: { value: 'Mường Thanh', from: 'text', why: ['implied', 'đồi A1'] },
      district: { value: 'Điện Biên Phủ' },
      category: { value: 'urban-infrastructure' },
      confidential: { value: true },
      urgent: { value: false },
      missing: { value: [] },
    })
    const { start, end } = readings['ward']!.span!
    expect(text.slice(start, end)).toBe('đồi A1')
    expect(identitySecret).toBe(true)
    expect(JSON.stringify(readings)).not.toMatch(/Mẫu|0912/)
  })

  it('is corrected with who and when, and no later reading touches that', async () => {
    const id = await sent({ ...FORM, phone: '0912 345 679' })
    const { version, reports } = await view(id)
    const reportId = reports[0]!.id
    const readings = [
      { reportId, field: 'category', value: 'traffic-safety' },
      { reportId, field: 'occurredAt', value: null },
    ]
    expect(await correct(id, { version, readings })).toBe(200)
    const now = await view(id)
    expect(now.reports[0]!.readings).toMatchObject({
      category: { value: 'traffic-safety', read: 'urban-infrastructure', corrected: { by: triage.actor } },
      occurredAt: { value: null, corrected: { by: triage.actor } },
      ward: { corrected: null },
    })
    expect(now.history.at(-1)).toMatchObject({
      ...{ kind: 'report.corrected', actor: triage.actor },
      body: { report: reportId, fields: ['category', 'occurredAt'] },
    })
    expect(await correct(id, { version: now.version, readings: [{ reportId, field: 'urgent', value: true }] })).toBe(
      200,
    )
    expect((await view(id)).reports[0]!.readings).toMatchObject({
      category: { value: 'traffic-safety' },
      urgent: { value: true },
    })
  })

  it.each<[string, number, (reportId: string) => object]>([
    ['a field that cannot be', 400, (reportId) => ({ reportId, field: 'name', value: 'Ai' })],
    ['a category that is none', 422, (reportId) => ({ reportId, field: 'category', value: 'weather' })],
    ['a time that is none', 422, (reportId) => ({ reportId, field: 'occurredAt', value: '2026-13-45' })],
    ['a report of another case', 404, () => ({ reportId: crypto.randomUUID(), field: 'urgent', value: true })],
  ])('is not corrected: %s', async (_, status, reading) => {
    const id = await sent({ ...FORM, phone: `09123${Math.floor(10_000 + Math.random() * 89_999)}` })
    const { version, reports } = await view(id)
    expect(await correct(id, { version, readings: [reading(reports[0]!.id)] })).toBe(status)
    expect((await view(id)).version).toBe(version)
  })

  it('is not corrected by who only takes calls', async () => {
    const id = await sent({ ...FORM, phone: '0912 345 699' })
    const { version, reports } = await view(id)
    const readings = [{ reportId: reports[0]!.id, field: 'urgent', value: true }]
    expect([403, 404]).toContain(await correct(id, { version, readings }, operator))
  })
})
