import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { said } from '../../../test/support/bell.ts'
import { type BellSite, bellSite } from '../../../test/support/bell-site.ts'
import { cases, deliveries, officerNotices, reports, submissions } from '../tables/index.ts'

let t: BellSite
/** Of a talk, another in each test. */
let n = 0
let id: string
beforeAll(async () => {
  t = await bellSite()
})
afterAll(() => t.close())
beforeEach(() => {
  id = `k${++n}`
})

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const PLACE = 'bản Hồ xã Na Sang'

/** Says it, and works until their silence is over. */
async function say(content: string, more: Parameters<typeof said>[2] = {}) {
  const event = `${id}-${++n}`
  await t.ring(said(event, content, { talk: id, sender: { provider: id }, ...more }))
  await t.work()
  t.clock.move(MINUTE)
  await t.work()
  const key = t.ports.secrets.index('submission', `m:${event}`)
  const { rows } = await t.ports.db.$client.query('select submission_id from submission_key where key_hash = $1', [key])
  return seen(rows[0].submission_id)
}

async function seen(submissionId: string) {
  const { db } = t.ports
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, submissionId))
  const [report] = await db.select().from(reports).where(eq(reports.submissionId, submissionId))
  const [own] = report === undefined ? [] : await db.select().from(cases).where(eq(cases.id, report.caseId))
  return { submission: submission!, report, own }
}

const additions = async (reportId: string) =>
  (await t.ports.db.select().from(deliveries).where(eq(deliveries.reportId, reportId))).filter(
    ({ kind }) => kind === 'addition',
  )
const told = async (caseId: string) =>
  (await t.ports.db.select().from(officerNotices).where(eq(officerNotices.caseId, caseId))).map(({ event }) => event)
const staff = (method: string, path: string, body?: object) =>
  fetch(`${t.url}/api/v1${path}`, {
    method,
    headers: { ...t.staff, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  }).then(async (response) => ({ status: response.status, body: (await response.json()) as { version: number } }))

describe('what somebody says next', () => {
  it('thanks end with themselves: no clock, no letter, nothing for anybody to do; an officer can open them again', async () => {
    const first = await say(`Cột điện nghiêng ở ${PLACE}`)
    t.clock.move(HOUR)
    const thanks = await say('Dạ em cảm ơn ạ')
    expect([thanks.report?.says, thanks.report?.follows]).toEqual(['thanks', first.report!.id])
    expect([thanks.own?.status, thanks.own?.joinedTo]).toEqual(['closed', null])
    expect(await additions(thanks.report!.id)).toEqual([])
    expect(await t.ports.db.$client.query('select 1 from deadline where case_id = $1', [thanks.own!.id])).toMatchObject(
      {
        rowCount: 0,
      },
    )
    const sent = t.bell.sent.filter(({ to }) => to === id)
    expect(sent.map(({ event }) => event)).toEqual(['received'])
    const { version } = (await staff('GET', `/cases/${thanks.own!.id}`)).body
    expect((await staff('POST', `/cases/${thanks.own!.id}/reopen`, { version, why: 'Có ý khác' })).status).toBe(200)
  })

  it('a question is for triage, and the office that has the matter is not disturbed', async () => {
    const first = await say(`Ổ gà sâu ở ${PLACE}`)
    t.clock.move(2 * HOUR)
    const question = await say('Bao giờ thì xử lý xong vậy?')
    expect([question.report?.says, question.own?.joinedTo]).toEqual(['question', first.own!.id])
    expect(await additions(question.report!.id)).toEqual([])
    expect(await told(first.own!.id)).toEqual(['question'])
  })

  it('an addition goes to the case and to its office', async () => {
    const first = await say(`Cầu treo gãy lan can ở ${PLACE}`)
    t.clock.move(2 * HOUR)
    const more = await say('Bổ sung: ngay đầu cầu phía chợ')
    expect([more.report?.says, more.own?.joinedTo]).toEqual(['addition', first.own!.id])
    expect(await additions(more.report!.id)).toHaveLength(1)
    const photo = await say('', { files: [], content: '' })
    expect(photo.report?.says).toBe('addition')
  })

  it('another matter by its own words, or at another place, is one', async () => {
    await say(`Mương tắc ở ${PLACE}`)
    t.clock.move(2 * HOUR)
    expect((await say(`Tôi phản ánh thêm một việc nữa: đèn đường tắt ở ${PLACE}`)).report?.says).toBeNull()
    t.clock.move(2 * HOUR)
    expect((await say('Trâu bò thả rông phá ruộng lúa ở xã Tuần Giáo suốt cả tuần nay')).report?.says).toBeNull()
  })

  it('after days of silence it is a matter of its own', async () => {
    await say(`Rác chất đống ở ${PLACE}`)
    t.clock.move(4 * DAY)
    expect((await say('Nước máy đục ngầu cả bản không ai dùng được từ hôm qua')).report?.says).toBeNull()
  })

  it('thanks with a photo are more than thanks', async () => {
    await say(`Nhà văn hóa dột ở ${PLACE}`)
    const remote = [{ ref: 'gone', name: '1.jpg' }]
    expect((await say('Cảm ơn', { remote })).report?.says).not.toBe('thanks')
  })
})

describe('what does not say what it is', () => {
  const UNSURE = 'Nước máy đục ngầu cả bản không ai dùng được từ hôm qua'
  const unsure = async () => {
    const first = await say(`Taluy sạt ở ${PLACE} số ${id}`)
    t.clock.move(3 * HOUR)
    return { first, second: await say(UNSURE) }
  }
  const choose = async (caseId: string, same: boolean) => {
    const { version } = (await staff('GET', `/cases/${caseId}`)).body
    const { status } = await staff('POST', `/cases/${caseId}/tell-apart`, { version, same })
    await t.work()
    return status
  }

  it('waits for an officer beside the case, and is joined to nothing', async () => {
    const { first, second } = await unsure()
    expect(second.report).toMatchObject({ says: 'unsure', beside: first.own!.id, follows: null })
    expect(second.own).toMatchObject({ status: 'waiting', waitingFor: 'same-or-new', joinedTo: null })
  })

  it('the same: it becomes an addition, and its sender hears by the first', async () => {
    const { first, second } = await unsure()
    expect(await choose(second.own!.id, true)).toBe(200)
    const then = await seen(second.submission.id)
    expect(then.report).toMatchObject({ says: 'addition', follows: first.report!.id, beside: null })
    expect(then.own!.joinedTo).toBe(first.own!.id)
    expect(await additions(second.report!.id)).toHaveLength(1)
    expect(await choose(first.own!.id, true)).toBe(409)
  })

  it('another: it goes its own way', async () => {
    const { second } = await unsure()
    expect(await choose(second.own!.id, false)).toBe(200)
    const then = await seen(second.submission.id)
    expect(then.report).toMatchObject({ says: null, beside: null })
    // It names no place: they are asked for it.
    expect([then.own!.joinedTo, then.own!.status]).toEqual([null, 'asked'])
  })

  it('the same as one that was answered meanwhile: an officer looks at both', async () => {
    const { first, second } = await unsure()
    await t.ports.db.update(cases).set({ status: 'closed', closedAt: t.clock.now() }).where(eq(cases.id, first.own!.id))
    expect(await choose(second.own!.id, true)).toBe(200)
    expect((await seen(second.submission.id)).own).toMatchObject({ joinedTo: null, waitingFor: 'after-answer' })
  })

  it('named by a stranger: they hear by their own report', async () => {
    const first = await say(`Suối tràn ở ${PLACE} số ${id}`)
    const code = first.submission.code
    id = `k${++n}`
    const other = await say(`Về vụ ${code}: nhà tôi cũng bị`, { answers: { tokens: [], codes: [code] } })
    expect(other.own).toMatchObject({ waitingFor: 'beside-case' })
    expect(await choose(other.own!.id, true)).toBe(200)
    const then = await seen(other.submission.id)
    expect(then.report).toMatchObject({ says: 'same', follows: null })
    expect(then.own!.joinedTo).toBe(first.own!.id)
  })
})
