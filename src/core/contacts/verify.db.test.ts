import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BoxSite, boxSite } from '../../../test/support/box-site.ts'
import { citizens } from '../../../test/support/citizens.ts'
import { signedInAs } from '../../../test/support/people.ts'
import { CaseView } from '../../http/contract/staff.ts'
import type { Profile } from '../profile/profile.ts'
import { eraseReporter } from '../reading/erase.ts'
import { history, notices, profiles, reports, verifications } from '../tables/index.ts'

type Verify = Profile['versions'][number]['report']['verify']['contact']

let t: BoxSite
beforeAll(async () => {
  t = await boxSite()
})
afterAll(() => t.close())

const MINUTE = 60_000
const people = citizens(23)
let mails = 0

/** Điện Biên, as if it asked for this. */
async function asks(contact: Verify): Promise<void> {
  const [kept] = await t.ports.db.select().from(profiles).where(eq(profiles.id, 'dien-bien'))
  const body = structuredClone(kept!.body) as Profile
  for (const version of body.versions) version.report.verify.contact = contact
  await t.ports.db.update(profiles).set({ body }).where(eq(profiles.id, 'dien-bien'))
  // Past the time for which profiles are held in memory.
  t.clock.move(6000)
}

async function post(path: string, body: object, headers: object = {}) {
  const answer = await fetch(`${t.url}/api/v1${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it asked for
  const said = (await answer.json()) as any
  const problem = answer.status === 200 ? undefined : `${answer.status} ${said.errors?.[0]?.field ?? said.type}`
  return { status: answer.status, said, problem }
}

/** By the portal, from somebody who leaves an address, too. */
async function report(more: object = {}) {
  const form = { ...people.next().value, email: `nguoi-gui-${++mails}@example.vn`, ...more }
  const { said } = await post('/reports', form)
  await t.work()
  const [row] = await t.ports.db.select().from(reports).where(eq(reports.code, said.code))
  return { ...row!, form, path: `/reports/${said.code}/verification${new URL(said.link).search}` }
}
type Sent = Awaited<ReturnType<typeof report>>

const letters = ({ form }: Sent) => t.box.sent.filter(({ to }) => to === form.email)
const digitsIn = (text: string) => /: (\d{6})\b/.exec(text)?.[1]
const lastCode = (sent: Sent) => digitsIn(letters(sent).findLast(({ subject }) => /Mã xác nhận/.test(subject))!.text)!
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

async function view({ caseId }: Sent) {
  const answer = await fetch(`${t.url}/api/v1/cases/${caseId}`, { headers: t.staff })
  return CaseView.parse(await answer.json())
}

describe('a contact that the profile wants verified by a code', () => {
  beforeAll(() => asks('code'))

  it('gets six digits; said back, the case goes on; the history says who, the digits stand nowhere', async () => {
    const sent = await report()
    expect(await view(sent)).toMatchObject({
      status: 'waiting',
      waitingFor: 'unverified',
      reports: [
        {
          contacts: [
            { kind: 'email', verifiedAt: null },
            { kind: 'phone', verifiedAt: null },
          ],
        },
      ],
    })
    const code = lastCode(sent)
    const rows = [
      ...(await t.ports.db.select().from(notices).where(eq(notices.reportId, sent.id))),
      ...(await t.ports.db
        .select()
        .from(history)
        .where(eq(history.chain, `case:${sent.caseId}`))),
      ...(await t.ports.db.select().from(verifications)),
    ]
    expect(JSON.stringify(rows)).not.toContain(`"${code}"`)
    const seen = (await (await fetch(`${t.url}/api/v1${sent.path.replace('/verification', '')}`)).json()) as object
    expect(JSON.stringify(seen)).toContain('"verify"')
    expect(JSON.stringify(seen)).not.toContain(code)

    expect(await post(sent.path, { kind: 'email', code })).toMatchObject({ status: 200 })
    await t.work()
    const after = await view(sent)
    expect(after).toMatchObject({
      status: 'dispatching',
      waitingFor: null,
      reports: [{ contacts: [{ kind: 'email', verifiedAt: t.clock.now().toISOString() }, { verifiedAt: null }] }],
    })
    expect(after.history.find(({ kind }) => kind === 'contact.verified')).toMatchObject({
      actor: 'citizen',
      body: { contact: 'email', by: 'code' },
    })
    expect((await post(sent.path, { kind: 'email', code })).problem).toBe('422 code')
  })

  it('has five tries, counted before they are judged', async () => {
    const sent = await report()
    const code = lastCode(sent)
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => post(sent.path, { kind: 'email', code: other(code) })),
    )
    expect(tries.every(({ status }) => status === 422)).toBe(true)
    expect((await post(sent.path, { kind: 'email', code })).problem).toBe('422 code')
    const [row] = await t.ports.db.select().from(verifications).where(eq(verifications.reporterId, sent.reporterId))
    expect(row!.tries).toBe(5)
  })

  it('lasts thirty minutes; a new one is sent on demand, not sooner than a minute, and the old one is void', async () => {
    const sent = await report()
    const first = lastCode(sent)
    expect((await post(sent.path, { kind: 'email' })).problem).toBe('422 kind')
    t.clock.move(30 * MINUTE)
    expect((await post(sent.path, { kind: 'email', code: first })).problem).toBe('422 code')
    expect(await post(sent.path, { kind: 'email' })).toMatchObject({ status: 200 })
    await t.work()
    const second = lastCode(sent)
    expect(second).not.toBe(first)
    expect((await post(sent.path, { kind: 'email', code: first })).problem).toBe('422 code')
    expect(await post(sent.path, { kind: 'email', code: second })).toMatchObject({ status: 200 })
  })

  it('that no channel reaches waits for a call back; an addition is asked for none; an urgent case waits for nobody', async () => {
    const sent = await report({ email: undefined })
    expect(await view(sent)).toMatchObject({ waitingFor: 'unverified' })
    expect((await post(sent.path, { kind: 'phone' })).problem).toBe('422 kind')
    const path = sent.path.replace('verification', 'additions')
    expect((await post(path, { content: 'Thêm: cạnh trường' })).status).toBe(201)
    await t.work()
    expect((await view(sent)).history.filter(({ kind }) => kind === 'contact.asked')).toEqual([])
    const urgent = await report({ urgent: 'fire' })
    expect(await view(urgent)).toMatchObject({ urgent: true, status: 'dispatching' })
  })

  it('needs the view to be opened, and nobody else’s digits fit', async () => {
    const [sent, another] = [await report(), await report()]
    const stranger = sent.path.replace(/\?.*/, '?phone=0000')
    expect((await post(stranger, { kind: 'email', code: lastCode(sent) })).status).toBe(404)
    if (lastCode(sent) !== lastCode(another))
      expect((await post(sent.path, { kind: 'email', code: lastCode(another) })).problem).toBe('422 code')
    expect((await post(sent.path, { kind: 'email', code: '12345' })).status).toBe(400)
  })

  it('leaves nothing once its reporter is erased', async () => {
    const sent = await report()
    await eraseReporter(t.ports, 'system', { code: sent.code, why: 'yêu cầu' })
    const left = await t.ports.db.select().from(verifications).where(eq(verifications.reporterId, sent.reporterId))
    expect(left).toEqual([])
    expect((await view(sent)).reports[0]!.contacts).toEqual([])
  })
})

describe('a contact that the profile wants verified by a call', () => {
  beforeAll(() => asks('call-back'))

  it('is verified by an officer of the intake in their own name; nobody is sent a code', async () => {
    const sent = await report()
    expect(letters(sent).map(({ subject }) => subject)).not.toContainEqual(expect.stringContaining('Mã xác nhận'))
    expect(await view(sent)).toMatchObject({ waitingFor: 'unverified' })
    expect((await post(sent.path, { kind: 'email' })).problem).toBe('422 kind')
    const triage = await signedInAs(t.ports, ['triage'])
    const body = { kind: 'phone', how: 'call-back' }
    expect((await post(`/reporters/${sent.id}/verified`, body, triage.headers)).status).toBe(200)
    await t.work()
    const seen = await view(sent)
    expect(seen).toMatchObject({ status: 'dispatching' })
    expect(seen.history.find(({ kind }) => kind === 'contact.verified')).toMatchObject({
      actor: triage.actor,
      body: { contact: 'phone', by: `call:${triage.actor}` },
    })
    expect((await post(`/reporters/${sent.id}/verified`, body, triage.headers)).status).toBe(409)
  })

  it('that was never left is none', async () => {
    const sent = await report({ email: undefined })
    const triage = await signedInAs(t.ports, ['triage'])
    const said = await post(`/reporters/${sent.id}/verified`, { kind: 'email', how: 'call-back' }, triage.headers)
    expect(said.status).toBe(404)
  })

  it('does not keep an officer from giving the case to an agency all the same', async () => {
    const sent = await report()
    const { version } = await view(sent)
    const triage = await signedInAs(t.ports, ['triage'])
    const [agency] = (await t.ports.db.$client.query('select id from agency order by id limit 1')).rows
    const given = await post(`/cases/${sent.caseId}/assign`, { version, agencyId: agency.id }, triage.headers)
    expect(given.said).toMatchObject({ status: 'dispatching', waitingFor: null })
  })
})

describe('a profile that wants none verified', () => {
  beforeAll(() => asks('none'))

  it('sends no code and waits for nothing', async () => {
    const sent = await report()
    expect(await view(sent)).toMatchObject({ status: 'dispatching' })
    expect(letters(sent).map(({ subject }) => subject)).not.toContainEqual(expect.stringContaining('Mã xác nhận'))
  })
})
