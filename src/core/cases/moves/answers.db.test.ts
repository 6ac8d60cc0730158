import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, type Filed, openDesk, problemOf } from '../../../../test/support/desk.ts'
import type { SignedInOfficer } from '../../../../test/support/people.ts'

let desk: Desk
let triage: SignedInOfficer
let agency: SignedInOfficer
let leader: SignedInOfficer
let first: string
beforeAll(async () => {
  // A leader approves here, and the intake looks at what is told.
  desk = await openDesk({ profile: 'binh-dinh' })
  first = desk.agencies[0]!
  triage = await desk.as('triage')
  agency = await desk.as('agency', first)
  leader = await desk.as('leader', first)
})
afterAll(() => desk.close())

interface Given extends Filed {
  readonly share: string
}

async function given(more: object = {}): Promise<Given> {
  const filed = await desk.report({ category: 'health', ...more })
  await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
  return { ...filed, share: (await desk.view(filed.caseId)).assignments.at(-1)!.id }
}

async function answered(more: object = {}): Promise<Given> {
  const filed = await given(more)
  await desk.do(agency, 'assignments/result', filed.share, { text: 'Đã sửa' })
  await desk.do(leader, 'assignments/approve', filed.share)
  await desk.do(triage, 'cases/reply', filed.caseId, { text: 'Đã sửa xong' })
  return filed
}

const lastTold = async (filed: Filed) => (await desk.told(filed)).notices.at(-1)!
const wordsOf = async ({ caseId }: Filed) =>
  (await desk.view(caseId)).words.map(({ kind, text, by }) => [kind, text, by])
const openSteps = async ({ caseId }: Filed) =>
  (await desk.view(caseId)).deadlines.filter(({ state }) => state === 'open').map(({ step }) => step)

/** A photo that says where it was taken, as phones do. */
async function photo(): Promise<Blob> {
  const exif = { IFD0: { Make: 'Phone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '21/1 23/1 0/1' } }
  const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
    .jpeg()
    .withExif(exif)
    .toBuffer()
  return new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })
}

async function upload(who: SignedInOfficer): Promise<string> {
  const form = new FormData()
  form.append('files', await photo(), 'Nguyễn Văn A.jpg')
  await desk.view((await desk.report({ category: 'ict' })).caseId)
  const said = await fetch(`${desk.url}/api/v1/uploads`, { method: 'POST', headers: who.headers, body: form })
  const body = (await said.json()) as { id: string; files: number }
  expect([said.status, body.files]).toEqual([200, 1])
  return body.id
}

describe('approval', () => {
  it('waits for the leader, is sent back, done again, edited and approved; then the intake tells it', async () => {
    const filed = await given()
    await desk.do(agency, 'assignments/result', filed.share, { text: 'Đang xem' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'for-approval', repliedAt: null })
    expect(await openSteps(filed)).toContain('approve')
    for (const operation of ['assignments/approve', 'assignments/send-back'])
      expect(problemOf(await desk.ask(agency, operation, filed.share, { why: 'x' }))).toBe('403 forbidden')
    await desk.do(leader, 'assignments/send-back', filed.share, { why: 'Chưa nêu kết quả' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'in-progress' })
    await desk.do(agency, 'assignments/result', filed.share, { text: 'Đã thay bóng đèn' })
    const before = await desk.told(filed)
    await desk.do(leader, 'assignments/approve', filed.share, { text: 'Đã thay bóng đèn ngày 19/10' })
    expect(await desk.view(filed.caseId)).toMatchObject({
      status: 'result',
      repliedAt: null,
      assignments: [{ state: 'answered', answer: 'Đã thay bóng đèn ngày 19/10' }],
    })
    expect((await desk.told(filed)).notices).toEqual(before.notices)
    expect(await openSteps(filed)).toContain('publish')
    await desk.do(triage, 'cases/reply', filed.caseId, { text: 'Đã thay bóng đèn ngày 19/10/2026' })
    expect(await wordsOf(filed)).toEqual([
      ['result', 'Đang xem', agency.actor],
      ['sent-back', 'Chưa nêu kết quả', leader.actor],
      ['result', 'Đã thay bóng đèn', agency.actor],
      ['approved', 'Đã thay bóng đèn ngày 19/10', leader.actor],
    ])
    expect((await lastTold(filed)).text).toContain('Đã thay bóng đèn ngày 19/10/2026')
    expect(await openSteps(filed)).toEqual([])
    const lines = (await desk.view(filed.caseId)).history.map(({ kind, actor }) => `${kind} ${actor}`)
    expect(lines).toEqual(
      expect.arrayContaining([
        `assignment.for-approval ${agency.actor}`,
        `assignment.sent-back ${leader.actor}`,
        `assignment.answered ${leader.actor}`,
        `case.replied ${triage.actor}`,
      ]),
    )
  })

  it('changes no word where the profile lets the leader change none', async () => {
    const strict = await openDesk({
      profile: 'binh-dinh',
      change: (version) => {
        version.approval.mayEdit = false
      },
    })
    try {
      const intake = await strict.as('triage')
      const { caseId } = await strict.report({ category: 'health' })
      await strict.do(intake, 'cases/assign', caseId, { agencyId: first })
      const { id } = (await strict.view(caseId)).assignments[0]!
      await strict.do(intake, 'assignments/result', id, { text: 'Đã sửa' })
      const chief = await strict.as('leader', first)
      const edited = await strict.ask(chief, 'assignments/approve', id, { text: 'Khác' })
      expect(problemOf(edited)).toBe('422 invalid-field text')
      await strict.do(chief, 'assignments/approve', id)
      expect((await strict.view(caseId)).assignments).toMatchObject([{ state: 'answered', answer: 'Đã sửa' }])
    } finally {
      await strict.close()
    }
  })
})

describe('an answer', () => {
  it('is public, but to its reporters alone where one of them keeps the matter secret or where it is hidden', async () => {
    const open = await answered()
    expect(await desk.view(open.caseId)).toMatchObject({ status: 'answered', publishedAt: expect.any(String) })
    const secret = await answered({ contentSecret: true })
    expect(await desk.view(secret.caseId)).toMatchObject({ status: 'answered', publishedAt: null })
    expect((await lastTold(secret)).text).toContain('Đã sửa xong')
    const line = (await desk.view(secret.caseId)).history.find(({ kind }) => kind === 'case.replied')!
    expect(line.body).toMatchObject({ public: false })
  })

  it('names neither the reporter nor their number, whoever writes it', async () => {
    const filed = await given({ name: 'Bùi Thị Lạ', phone: '0911222333' })
    const said = 'Đã gọi bà Bùi Thị Lạ, 0911 222 333.'
    await desk.do(agency, 'assignments/interim', filed.share, { text: said })
    await desk.do(agency, 'assignments/result', filed.share, { text: said })
    await desk.do(leader, 'assignments/send-back', filed.share, { why: said })
    await desk.do(agency, 'assignments/result', filed.share, { text: said })
    await desk.do(leader, 'assignments/approve', filed.share, { text: `${said} Xong.` })
    await desk.do(triage, 'cases/note', filed.caseId, { text: said })
    await desk.do(triage, 'cases/escalate', filed.caseId, { why: said })
    await desk.do(triage, 'cases/reply', filed.caseId, { text: said })
    await desk.do(triage, 'cases/reopen', filed.caseId, { why: said })
    await desk.do(triage, 'cases/refuse', filed.caseId, { reason: said, guidance: said })
    await desk.do(triage, 'cases/close', filed.caseId, { why: said })
    const all = JSON.stringify([await desk.view(filed.caseId), await desk.told(filed), await desk.whole(filed.caseId)])
    expect(all).not.toMatch(/Thị Lạ|0911|222 333/)
    expect(all.match(/Đã gọi/g)!.length).toBeGreaterThan(10)
  })

  it('that the intake gives by itself needs no agency', async () => {
    const filed = await desk.report({ category: 'ict' })
    await desk.do(triage, 'cases/answer', filed.caseId, { text: 'Đã sửa từ tuần trước' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'answered', assignments: [] })
    expect((await lastTold(filed)).text).toContain('Đã sửa từ tuần trước')
  })
})

describe('what its reporter says of it', () => {
  it('is rated, once for each round, and said again it changes', async () => {
    const filed = await given()
    const early = await desk.citizen(filed, '/rating', { value: 'satisfied' })
    expect(problemOf(early)).toBe('409 not-now')
    const done = await answered()
    const wrong = await desk.citizen(done, '/rating', { value: 'splendid' })
    expect(problemOf(wrong)).toBe('422 invalid-field value')
    const said = { value: 'satisfied', why: `Cảm ơn, ${done.form.phone}` }
    expect((await desk.citizen(done, '/rating', said)).body).toMatchObject({
      status: 'rated',
      rating: { given: 'satisfied', open: true },
    })
    await desk.citizen(done, '/rating', { value: 'very-satisfied' })
    expect(await desk.view(done.caseId)).toMatchObject({
      status: 'rated',
      disputes: 0,
      ratings: [{ value: 'very-satisfied', round: 0, why: '' }],
    })
    expect(JSON.stringify(await desk.view(done.caseId))).not.toContain(done.form.phone)
  })

  it('is disputed, reopened and answered in a round of its own; what was said before stays; then it is closed', async () => {
    const filed = await answered()
    await desk.citizen(filed, '/rating', { value: 'not-satisfied', why: 'Vẫn hỏng' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'rated', disputes: 1 })
    await desk.do(triage, 'cases/reopen', filed.caseId, { why: 'Vẫn hỏng', disputed: true })
    expect(await desk.view(filed.caseId)).toMatchObject({
      status: 'waiting',
      waitingFor: 'reopened',
      disputes: 2,
      repliedAt: null,
      publishedAt: null,
      assignments: [{ round: 0, state: 'answered', answer: 'Đã sửa' }],
      ratings: [{ round: 0, value: 'not-satisfied' }],
    })
    const late = await desk.ask(agency, 'assignments/result', filed.share, { text: 'Muộn' })
    expect(problemOf(late)).toBe('409 not-now')

    await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
    const [, second] = (await desk.view(filed.caseId)).assignments
    expect(second).toMatchObject({ round: 1, state: 'open', answer: null })
    await desk.do(agency, 'assignments/result', second!.id, { text: 'Thay mới' })
    await desk.do(leader, 'assignments/approve', second!.id)
    await desk.do(triage, 'cases/reply', filed.caseId, { text: 'Đã thay mới' })
    const told = (await desk.told(filed)).notices.filter(({ event }) => ['answer', 'reopened'].includes(event))
    expect(told.map(({ event, text }) => [event, text])).toEqual([
      ['answer', expect.stringContaining('Đã sửa xong')],
      ['reopened', expect.any(String)],
      ['answer', expect.stringContaining('Đã thay mới')],
    ])
    await desk.citizen(filed, '/rating', { value: 'satisfied' })
    expect((await desk.view(filed.caseId)).ratings.map(({ round, value }) => [round, value])).toEqual([
      [0, 'not-satisfied'],
      [1, 'satisfied'],
    ])
    await desk.do(triage, 'cases/close', filed.caseId, { why: 'xong' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'closed' })
  })
})

describe('photos and papers of an officer', () => {
  it('are taken by a word once, by whoever sent them, and leave without metadata', async () => {
    const filed = await given()
    const id = await upload(agency)
    expect(problemOf(await desk.ask(leader, 'assignments/result', filed.share, { text: 'Xong', upload: id }))).toBe(
      '422 invalid-field upload',
    )
    await desk.do(agency, 'assignments/interim', filed.share, { text: 'Đang đào', upload: id })
    const again = await desk.ask(agency, 'assignments/result', filed.share, { text: 'Xong', upload: id })
    expect(problemOf(again)).toBe('422 invalid-field upload')
    const interim = await lastTold(filed)
    expect(interim).toMatchObject({ event: 'interim', files: [{ type: 'image/jpeg' }] })
    expect(interim.files[0]!.name).not.toContain('Nguyễn')
    const { pathname, search } = new URL(interim.files[0]!.url)
    const served = await fetch(desk.url + pathname + search)
    expect(served.status).toBe(200)
    expect((await sharp(Buffer.from(await served.arrayBuffer())).metadata()).exif).toBeUndefined()
  })

  it('of a draft that was sent back are shown to no reporter', async () => {
    const filed = await given()
    await desk.do(agency, 'assignments/result', filed.share, { text: 'Xong', upload: await upload(agency) })
    await desk.do(leader, 'assignments/send-back', filed.share, { why: 'Ảnh có mặt người' })
    desk.clock.move(60_000)
    await desk.do(agency, 'assignments/result', filed.share, { text: 'Xong' })
    await desk.do(leader, 'assignments/approve', filed.share)
    await desk.do(triage, 'cases/reply', filed.caseId, { text: 'Xong' })
    expect(await lastTold(filed)).toMatchObject({ event: 'answer', files: [] })
  })
})
