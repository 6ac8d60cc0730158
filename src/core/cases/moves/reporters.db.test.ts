import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, type Filed, openDesk, problemOf } from '../../../../test/support/desk.ts'
import { type Answering, answering, applyLink } from '../../../../test/support/link.ts'
import type { SignedInOfficer } from '../../../../test/support/people.ts'
import { examine } from '../../doctor/examine.ts'
import { writeAnchor } from '../../history/anchor.ts'
import { disclosures } from '../../tables/index.ts'

let desk: Desk
let triage: SignedInOfficer
let agency: SignedInOfficer
let first: string
let second: string
let offices: Readonly<Record<string, Answering>>
beforeAll(async () => {
  desk = await openDesk()
  ;[first, second] = desk.agencies as [string, string]
  triage = await desk.as('triage')
  agency = await desk.as('agency', first)
  offices = { [first]: await answering(), [second]: await answering() }
  for (const [id, { url }] of Object.entries(offices)) await applyLink(desk.ports, { id, url, serves: [id] })
})
afterAll(async () => {
  for (const office of Object.values(offices)) await office.close()
  await desk.close()
})

const HOUR = 3600_000

interface Given extends Filed {
  readonly share: string
}

async function given(more: object = {}): Promise<Given> {
  const filed = await desk.report(more)
  await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
  return { ...filed, share: (await desk.view(filed.caseId)).assignments.at(-1)!.id }
}

const lastTold = async (filed: Filed) => (await desk.told(filed)).notices.at(-1)!
const historyOf = async ({ caseId }: Filed) => (await desk.view(caseId)).history
/** What the office of an agency got about this case, oldest first. */
const got = (agencyId: string, { code }: Filed) =>
  offices[agencyId]!.bodies.filter((body) => body.includes(code)).map((body) => JSON.parse(body))

describe('a question to the reporter', () => {
  it('is answered by an addition, and the case goes on from where it was', async () => {
    const filed = await given()
    const { status } = await desk.view(filed.caseId)
    desk.clock.move(HOUR)
    await desk.do(agency, 'cases/ask', filed.caseId, { text: 'Nhà số mấy?' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'asked' })
    expect(await lastTold(filed)).toMatchObject({ event: 'asked', text: expect.stringContaining('Nhà số mấy?') })
    desk.clock.move(HOUR)
    const added = await desk.citizen(filed, '/additions', { content: 'Nhà số 14' })
    expect(added.status).toBe(201)
    await desk.work()
    const seen = await desk.view(filed.caseId)
    expect(seen).toMatchObject({ status, reports: [{ code: filed.code, text: expect.stringMatching(/\nNhà số 14$/) }] })
    expect((await historyOf(filed)).filter(({ kind }) => /asked|completed/.test(kind))).toMatchObject([
      { kind: 'case.asked-back', actor: agency.actor, body: { text: 'Nhà số mấy?' } },
      { kind: 'case.completed' },
    ])
    expect(got(first, filed)).toHaveLength(2)
  })

  it('asked before any agency has it leads to routing once it is answered', async () => {
    const filed = await desk.report()
    await desk.do(triage, 'cases/ask', filed.caseId, { text: 'Ở đâu?' })
    await desk.citizen(filed, '/additions', { content: 'Ở bản Huổi Thử', lat: 21.386, lng: 103.017 })
    await desk.work()
    expect(await desk.view(filed.caseId)).toMatchObject({ status: expect.stringMatching(/^dispatch|waiting/) })
  })

  it('is asked again with its own words, and each is told', async () => {
    const filed = await given()
    await desk.do(triage, 'cases/ask', filed.caseId, { text: 'Câu một?' })
    desk.clock.move(1000)
    await desk.do(triage, 'cases/ask', filed.caseId, { text: 'Câu hai?' })
    const asked = (await desk.told(filed)).notices.filter(({ event }) => event === 'asked')
    expect(asked.map(({ text }) => text)).toEqual([
      expect.stringContaining('Câu một?'),
      expect.stringContaining('Câu hai?'),
    ])
  })
})

describe('a refusal', () => {
  it('says why and what to do instead; whoever had the case is told to stop', async () => {
    const filed = await given()
    const said = { reason: 'Là khiếu nại', guidance: 'Gửi Ban Tiếp công dân' }
    await desk.do(agency, 'cases/refuse', filed.caseId, said)
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'refused', assignments: [{ state: 'withdrawn' }] })
    const { event, text } = await lastTold(filed)
    expect(event).toBe('refused')
    expect(text).toContain('Là khiếu nại')
    expect(text).toContain('Gửi Ban Tiếp công dân')
    expect(got(first, filed).at(-1)).toMatchObject({ type: 'case.withdrawal' })
    expect((await desk.view(filed.caseId)).deadlines.filter(({ state }) => state === 'open')).toEqual([])
  })

  it.each(['reason', 'guidance'])('without its %s is none', async (missing) => {
    const filed = await given()
    const said = { reason: 'sai', guidance: 'sai', [missing]: ' ' }
    expect(problemOf(await desk.ask(agency, 'cases/refuse', filed.caseId, said))).toBe(`400 invalid ${missing}`)
  })
})

describe('a hidden case', () => {
  it('goes on as any other: its clocks, its reporter, its office; the supervisor sees why; shown, it can be published', async () => {
    const filed = await given()
    const before = await desk.view(filed.caseId)
    await desk.do(agency, 'cases/hide', filed.caseId, {
      ground: 'personal-data',
      why: `Nêu tên người khác, ${filed.form.phone}`,
    })
    const hidden = await desk.view(filed.caseId)
    expect(hidden).toMatchObject({ status: before.status, hidden: true, deadlines: before.deadlines })
    expect((await desk.told(filed)).notices).toHaveLength(before.notices.length)
    expect(JSON.stringify([hidden, await desk.whole(filed.caseId)])).not.toContain(filed.form.phone)
    expect(hidden.history.at(-1)).toMatchObject({ kind: 'case.hidden', actor: agency.actor })
    await desk.do(agency, 'assignments/result', filed.share, { text: 'Đã xong' })
    await desk.do(triage, 'assignments/approve', filed.share)
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'answered', publishedAt: null })
    expect((await lastTold(filed)).text).toContain('Đã xong')
    expect(problemOf(await desk.ask(agency, 'cases/show', filed.caseId, { why: 'x' }))).toBe('403 forbidden')
    await desk.do(triage, 'cases/show', filed.caseId, { why: 'Không còn lý do' })
    expect(await desk.view(filed.caseId)).toMatchObject({ hidden: false })
  })
})

describe('who reported', () => {
  it('is asked by agency and purpose; a yes travels to that one share and to no other', async () => {
    const filed = await given()
    await desk.do(agency, 'assignments/coordinate', filed.share, { agencyId: second, question: 'Ai?' })
    await desk.do(agency, 'assignments/ask-identity', filed.share, { purpose: 'đo đạc tại nhà' })
    const [question] = (await desk.told(filed)).consents
    expect(question).toMatchObject({ purpose: 'đo đạc tại nhà', state: 'asked' })
    const notice = await lastTold(filed)
    expect(notice.event).toBe('consent')
    expect(notice.text).toContain('đo đạc tại nhà')
    expect(notice.text).toContain(question!.agency)
    expect(JSON.stringify(got(first, filed))).not.toContain(filed.form.phone.slice(1))

    const answer = await desk.citizen(filed, `/consents/${question!.id}`, { yes: true })
    expect(answer.body.consents).toMatchObject([{ state: 'given' }])
    await desk.work()
    const addition = got(first, filed).at(-1)
    expect(addition).toMatchObject({ type: 'case.addition', data: { reporter: { name: filed.form.name } } })
    expect(JSON.stringify(addition)).toContain(filed.form.phone.slice(1))
    expect(got(first, filed)).toHaveLength(2)
    expect(JSON.stringify(got(second, filed))).not.toContain(filed.form.phone.slice(1))
    expect((await desk.view(filed.caseId)).consents).toMatchObject([{ state: 'given', proof: 'view' }])
    expect(JSON.stringify(await desk.view(filed.caseId))).not.toContain(filed.form.phone.slice(1))

    // Said twice it travels once.
    const twice = await desk.citizen(filed, `/consents/${question!.id}`, { yes: true })
    expect(problemOf(twice)).toBe('409 not-now')
    await desk.do(agency, 'assignments/ask-identity', filed.share, { purpose: 'lần nữa' })
    expect((await desk.told(filed)).consents).toHaveLength(1)

    await desk.citizen(filed, `/consents/${question!.id}`, { yes: false })
    await desk.work()
    expect((await desk.view(filed.caseId)).consents).toMatchObject([{ state: 'withdrawn' }])
    await desk.citizen(filed, '/additions', { content: 'Vẫn còn hỏng' })
    await desk.work()
    expect(got(first, filed).at(-1)).toMatchObject({ type: 'case.addition' })
    expect(JSON.stringify(got(first, filed).at(-1))).not.toContain(filed.form.phone.slice(1))
    const said = (await historyOf(filed)).filter(({ kind }) => /^(?:consent|identity)\./.test(kind))
    expect(said.map(({ kind }) => kind)).toEqual([
      'consent.asked',
      'identity.asked',
      'consent.given',
      'identity.asked',
      'consent.withdrawn',
    ])
  })

  it('stays secret after a no, and after silence', async () => {
    const filed = await given()
    await desk.do(agency, 'assignments/ask-identity', filed.share, { purpose: 'đo đạc' })
    const [question] = (await desk.told(filed)).consents
    await desk.citizen(filed, `/consents/${question!.id}`, { yes: false })
    await desk.work()
    expect((await desk.view(filed.caseId)).consents).toMatchObject([{ state: 'refused' }])
    expect(got(first, filed)).toHaveLength(1)
  })

  it('may be said on the telephone to an officer of the intake, who stands for it', async () => {
    const filed = await given()
    await desk.do(agency, 'assignments/ask-identity', filed.share, { purpose: 'đo đạc' })
    const { id } = (await desk.view(filed.caseId)).consents[0]!
    expect(problemOf(await desk.ask(agency, 'consents/answer', id, { yes: true }))).toBe('403 forbidden')
    await desk.do(triage, 'consents/answer', id, { yes: true })
    expect((await desk.view(filed.caseId)).consents).toMatchObject([{ state: 'given', proof: `call:${triage.actor}` }])
    expect(got(first, filed).at(-1)).toMatchObject({ data: { reporter: { name: filed.form.name } } })
  })

  it('answers no question of another’s report', async () => {
    const [filed, other] = [await given(), await given()]
    await desk.do(agency, 'assignments/ask-identity', filed.share, { purpose: 'đo đạc' })
    const [question] = (await desk.told(filed)).consents
    const said = await desk.citizen(other, `/consents/${question!.id}`, { yes: true })
    expect(problemOf(said)).toBe('404 no-such')
  })

  it('is given to a competent body against its document, by a person, for good', async () => {
    const filed = await given()
    const paper = {
      body: 'Công an tỉnh',
      documentNumber: '12/CV-CSĐT',
      documentDate: '2026-10-18',
      why: `Xác minh người có số ${filed.form.phone}`,
    }
    expect(problemOf(await desk.ask(agency, 'reporters/disclose', filed.reportId, paper))).toBe('403 forbidden')
    const nothing = { ...paper, documentNumber: ' ' }
    expect(problemOf(await desk.ask(triage, 'reporters/disclose', filed.reportId, nothing))).toBe(
      '400 invalid documentNumber',
    )
    const said = await desk.ask(triage, 'reporters/disclose', filed.reportId, paper)
    expect(said).toMatchObject({ status: 200, body: { name: filed.form.name } })
    expect(said.body.phone).toContain(filed.form.phone.slice(1))
    expect(await desk.ports.db.select().from(disclosures)).toMatchObject([
      { reportId: filed.reportId, body: 'Công an tỉnh', documentNumber: '12/CV-CSĐT', by: triage.actor },
    ])
    const line = (await historyOf(filed)).at(-1)!
    expect(line).toMatchObject({ kind: 'identity.disclosed', body: { documentNumber: '12/CV-CSĐT' } })
    expect(JSON.stringify(line)).not.toContain(filed.form.phone)
  })
})

it('leaves nothing that the doctor would complain of', async () => {
  await writeAnchor(desk.ports, desk.dataDir)
  const migrations = join(import.meta.dirname, '../../../../drizzle')
  const findings = await examine({ ports: desk.ports, dataDir: desk.dataDir, migrations, allFiles: true })
  expect(findings.filter(({ what, level }) => level === 'error' && !/^The clock of the database/.test(what))).toEqual(
    [],
  )
})
