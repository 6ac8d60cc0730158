import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizens } from '../../../test/support/citizens.ts'
import { type Answering, answering, applyLink, type TestLink } from '../../../test/support/link.ts'
import { sign } from '../../../test/support/office/signature.ts'
import { type TestServer, testServer } from '../../../test/support/server.ts'
import { assignments, cases, deliveries, reports, updates } from '../../core/tables/index.ts'

let t: TestServer
let office: Answering
let own: TestLink
/** A link that serves nobody here. */
let other: TestLink

beforeAll(async () => {
  t = await testServer()
  office = await answering()
  own = await applyLink(t.ports, { id: 'own', url: office.url })
  other = await applyLink(t.ports, { id: 'other', url: office.url, serves: ['nobody'] })
})
afterAll(async () => {
  await office.close()
  await t.close()
})

const people = citizens(2)
/** A report that the office has; gives what the office calls it by. */
async function delivered() {
  const person = { ...people.next().value, name: 'Lò Thị Hoài', email: 'hoai.lo@example.vn' }
  const answer = await fetch(`${t.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })
  const { code, link } = (await answer.json()) as { code: string; link: string }
  await t.work()
  const [found] = await t.ports.db
    .select({ key: deliveries.id, assignmentId: deliveries.assignmentId, officeRef: deliveries.officeRef })
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .innerJoin(reports, eq(reports.caseId, assignments.caseId))
    .where(eq(reports.code, code))
  return { ...found!, officeRef: found!.officeRef!, phone: person.phone, view: viewOf(link) }
}

const viewOf = (link: string) => async () =>
  (await fetch(link.replace('http://localhost:8080', t.url))).json() as Promise<{
    status: string
    notices: { text: string }[]
  }>

let events = 0
function update(of: string, kind: string, more: object = {}) {
  return { event: `e-${++events}`, of, kind, at: '2026-10-19T09:30:00+07:00', text: 'Đã sửa.', ...more }
}

interface Sending {
  readonly secret?: string
  readonly to?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is signed, where it is not what is sent. */
  readonly signed?: string
  readonly at?: Date
}

async function tell(body: unknown, sending: Sending = {}): Promise<{ status: number; said: unknown }> {
  const raw = typeof body === 'string' ? body : JSON.stringify(body)
  const timestamp = Math.floor((sending.at ?? t.clock.now()).getTime() / 1000)
  const message = { id: 'm-1', timestamp, body: Buffer.from(sending.signed ?? raw) }
  const answer = await fetch(`${t.url}/hooks/links/${sending.to ?? own.id}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(sending.secret ?? own.callbackSecret, message),
      ...sending.headers,
    },
    body: raw,
  })
  const said = (await answer.json()) as { type?: string; outcomes?: string[] }
  return { status: answer.status, said: said.outcomes ?? said.type?.replace('urn:paht:problem:', '') }
}

async function stateOf(assignmentId: string) {
  const [row] = await t.ports.db.select().from(assignments).where(eq(assignments.id, assignmentId))
  return row!.state
}

const countUpdates = () => t.ports.db.$count(updates)

describe('an update', () => {
  it.each(['key', 'assignmentId', 'officeRef'] as const)('moves the case that it names by our %s', async (by) => {
    const one = await delivered()
    expect(await tell(update(one[by], 'in-progress'))).toEqual({ status: 200, said: ['applied'] })
    expect(await stateOf(one.assignmentId)).toBe('in-progress')
    expect((await one.view()).status).toBe('in-progress')
  })

  it('that answers reaches the reporter, without what it says of them', async () => {
    const { key, phone, view } = await delivered()
    const text = `Gửi bà LÒ THỊ HOÀI (${phone.slice(0, 4)}.${phone.slice(4)}, Hoai.Lo@Example.vn): đã sửa, hỏi thêm 0215 3825 333.`
    expect(await tell(update(key, 'answer', { text }))).toEqual({ status: 200, said: ['applied'] })
    const { status, notices } = await view()
    expect(status).toBe('answered')
    expect(notices.at(-1)!.text).toMatch(/trả lời: Gửi bà ●●● \(●●●, ●●●\): đã sửa, hỏi thêm 0215 3825 333\.$/)
  })

  it('that refuses gives the case back to triage', async () => {
    const { key, assignmentId, view } = await delivered()
    expect(await tell(update(key, 'refused', { text: 'Không thuộc thẩm quyền.' }))).toMatchObject({ said: ['applied'] })
    expect(await stateOf(assignmentId)).toBe('returned')
    expect((await view()).status).toBe('waiting')
  })

  it('sent again is known and changes nothing, also twenty times at once', async () => {
    const { key, view } = await delivered()
    const answer = update(key, 'answer')
    const all = await Promise.all(Array.from({ length: 20 }, () => tell(answer)))
    expect(all.map(({ said }) => String(said)).sort()).toEqual(['applied', ...Array<string>(19).fill('known')])
    expect((await view()).notices).toHaveLength(3)
    expect(await tell({ ...answer, text: 'Another answer' })).toEqual({ status: 200, said: ['known'] })
    expect((await view()).notices).toHaveLength(3)
  })

  it('that comes late undoes nothing newer', async () => {
    const { key, assignmentId, view } = await delivered()
    const all = ['answer', 'in-progress', 'taken', 'refused', 'answer'].map((kind) => update(key, kind))
    expect(await tell(all)).toEqual({ status: 200, said: ['applied', 'late', 'late', 'late', 'late'] })
    expect(await stateOf(assignmentId)).toBe('answered')
    expect((await view()).notices).toHaveLength(3)
  })

  it.each<[string, () => Promise<object>]>([
    ['of what we never sent', async () => update('VP-000000', 'answer')],
    ['of a delivery that went out by another link', async () => update((await delivered()).key, 'answer')],
    ['of a kind that we do not know', async () => update((await delivered()).key, 'archived')],
  ])('waits for a person, and stops no other: %s', async (name, make) => {
    const strange = await make()
    const by = name.includes('another link') ? { to: other.id, secret: other.callbackSecret } : {}
    const { key, assignmentId } = await delivered()
    const all = await tell([strange, update(by.to === undefined ? key : 'VP-000000', 'in-progress')], by)
    expect(all).toEqual({ status: 200, said: ['unknown', by.to === undefined ? 'applied' : 'unknown'] })
    expect(await stateOf(assignmentId)).toBe(by.to === undefined ? 'in-progress' : 'delivered')
    const listed = await fetch(`${t.url}/api/v1/updates?outcome=unknown`, { headers: t.staff })
    const { items } = (await listed.json()) as { items: { event: string }[] }
    expect(items.map(({ event }) => event)).toContain((strange as { event: string }).event)
  })
})

describe('a stranger', () => {
  it.each<[string, Sending, string]>([
    ['without a signature', { headers: { 'webhook-signature': '' } }, '401 bad-signature'],
    ['with a signature over another body', { signed: '{}' }, '401 bad-signature'],
    ['with a key of another making', { secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, '401 bad-signature'],
    ['with a signature of six minutes ago', { at: new Date('2026-10-19T01:54:00Z') }, '401 bad-signature'],
    ['to a link that is not there', { to: 'none' }, '404 no-such'],
    ['to a link with a NUL in its name', { to: 'own%00' }, '404 no-such'],
    ['to the folder above', { to: '..%2fown' }, '404 no-such'],
  ])('changes nothing: %s', async (_, sending, problem) => {
    const { key, assignmentId } = await delivered()
    const before = await countUpdates()
    const { status, said } = await tell(update(key, 'answer'), sending)
    expect(`${status} ${String(said)}`).toBe(problem)
    expect([await stateOf(assignmentId), await countUpdates()]).toEqual(['delivered', before])
  })

  it('is also the office of another link, with its own secret', async () => {
    const { key } = await delivered()
    for (const secret of [other.callbackSecret, other.secret, own.secret])
      expect(await tell(update(key, 'answer'), { secret })).toEqual({ status: 401, said: 'bad-signature' })
  })

  it('learns nothing from a body that is signed wrongly, whatever it is', async () => {
    for (const body of ['', '{', 'null', 'x'.repeat(100_000)])
      expect(await tell(body, { secret: other.callbackSecret })).toEqual({ status: 401, said: 'bad-signature' })
  })
})

describe('a body that is signed and wrong', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', 'taken', '422 rejected'],
    ['nothing', '[]', '422 rejected'],
    ['more than a megabyte', JSON.stringify({ text: 'x'.repeat(1024 * 1024) }), '413 too-large'],
  ])('is refused: %s', async (_, body, problem) => {
    const { status, said } = await tell(body)
    expect(`${status} ${String(said)}`).toBe(problem)
  })

  it('is refused whole, so that the office may send all of it again', async () => {
    const { key, assignmentId } = await delivered()
    const before = await countUpdates()
    const all = [update(key, 'taken'), { ...update(key, 'answer'), at: 'yesterday' }]
    expect(await tell(all)).toEqual({ status: 422, said: 'rejected' })
    expect([await stateOf(assignmentId), await countUpdates()]).toEqual(['delivered', before])
  })

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/xml'])('is refused as %s', async (type) => {
    const { status } = await tell(update('x', 'taken'), { headers: { 'content-type': type } })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
})

describe('a link that is paused', () => {
  it('still takes what its office says', async () => {
    const { key } = await delivered()
    const headers = { ...t.staff, 'content-type': 'application/json' }
    await fetch(`${t.url}/api/v1/links/${own.id}/pause`, { method: 'POST', headers, body: '{"why":"x"}' })
    expect(await tell(update(key, 'taken'))).toEqual({ status: 200, said: ['applied'] })
    const [row] = await t.ports.db.select().from(cases).where(eq(cases.status, 'accepted')).limit(1)
    expect(row).toBeDefined()
  })
})
