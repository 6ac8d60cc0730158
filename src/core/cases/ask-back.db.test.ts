import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { edited, said } from '../../../test/support/bell.ts'
import { type BellSite, bellSite } from '../../../test/support/bell-site.ts'
import { POINT } from '../../../test/support/point.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { applyConfig } from '../settings/apply.ts'
import { ConfigFile } from '../settings/config-file.ts'
import { assignments, cases, deadlines, notices, reports, submissions } from '../tables/index.ts'
import { refuseUnanswered } from './unanswered.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let t: BellSite
let n = 0
let id: string
beforeEach(() => {
  id = `k${++n}`
})

async function say(content: string, more: Parameters<typeof said>[2] = {}, source = 'bell') {
  const event = `${id}-${++n}`
  await t.call(
    JSON.stringify([said(event, content, { talk: id, sender: { provider: id }, ...more })]),
    undefined,
    source,
  )
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

const asked = () => t.bell.sent.filter(({ to, event }) => to === id && event === 'asked').map(({ short }) => short)
const shares = (caseId: string) => t.ports.db.select().from(assignments).where(eq(assignments.caseId, caseId))

describe('where the rules have the place asked for (Điện Biên)', () => {
  beforeAll(async () => {
    t = await bellSite()
  })
  afterAll(() => t.close())

  it('whoever names none is asked for it, once, and their next message completes the same report', async () => {
    const first = await say('Sạt lở đất chặn hết đường vào bản')
    expect(asked()).toEqual([expect.stringContaining('sự việc ở đâu')])
    expect(first.own!.status).toBe('asked')
    expect(first.report!.askedFor).toEqual(['place'])
    t.clock.move(3 * HOUR)
    const answer = await say('ở bản Hồ xã Na Sang')
    expect([answer.report, answer.submission.partOf]).toEqual([undefined, first.submission.id])
    const then = await seen(first.submission.id)
    expect(then.report!.text).toBe('Sạt lở đất chặn hết đường vào bản\nở bản Hồ xã Na Sang')
    expect(then.report!.answeredAt).not.toBeNull()
    expect(await shares(then.own!.id)).toHaveLength(1)
  })

  it('an answer that says no place either goes to an officer; nobody is asked twice', async () => {
    const first = await say('Chó dại chạy rông cắn trẻ con trong bản')
    await say('chỗ đầu bản ấy, ai cũng biết')
    expect((await seen(first.submission.id)).own).toMatchObject({ status: 'waiting', waitingFor: 'no-place' })
    expect(asked()).toHaveLength(1)
  })

  it('“yes, wait” is no answer, and a question is none', async () => {
    const first = await say('Nước tràn vào nhà dân')
    expect((await say('Dạ vâng ạ')).report?.says).toBe('thanks')
    expect((await say('Khi nào có người đến?')).report?.says).toBe('question')
    expect((await seen(first.submission.id)).own!.status).toBe('asked')
    await say('xã Tuần Giáo')
    expect(await shares(first.own!.id)).toHaveLength(1)
  })

  it('the answer may come by another way, when it carries the code', async () => {
    const phone = '0912000111'
    const first = await say('Cây lớn đổ chắn ngang đường làng', { sender: { provider: id, phone } })
    const { code } = first.submission
    const by = (other: string, number: string) =>
      say(
        `${code} ở xã Tuần Giáo, gần trạm y tế`,
        { talk: other, sender: { provider: other, phone: number }, answers: { tokens: [], codes: [code] } },
        'bell-2',
      )
    // The code alone proves nothing: this is another number.
    expect((await by('stranger', '0912000222')).report).toMatchObject({ says: null, beside: first.own!.id })
    expect((await by('lan there', phone)).submission.partOf).toBe(first.submission.id)
    // Their id there means nothing here.
    expect(await contactOf(t.ports.db, t.ports.secrets, first.report!.reporterId)).toEqual({
      provider: id,
      phone: '+84912000111',
    })
    expect(await shares(first.own!.id)).toHaveLength(1)
  })

  it('or without it, as the next message of that person', async () => {
    const phone = '0912000777'
    const first = await say('Trụ điện nghiêng sắp đổ vào nhà', { sender: { provider: id, phone } })
    const answer = await say('ở xã Tuần Giáo', { talk: 'w', sender: { provider: 'w', phone } }, 'bell-2')
    expect(answer.submission.partOf).toBe(first.submission.id)
  })

  it('a photo of the first message that comes late is no answer; an edit that names the place is one', async () => {
    const remote = [{ ref: `${id}.png`, name: '1.png' }]
    const first = await say('Đá lăn chắn ngang đường', { remote })
    t.bell.remote.set(`${id}.png`, { bytes: POINT, type: 'image/png' })
    t.clock.move(MINUTE)
    await t.work()
    expect((await seen(first.submission.id)).own!.status).toBe('asked')
    const key = `${id}-${n}`
    const now = said(key, 'Đá lăn chắn ngang đường ở xã Tuần Giáo', { talk: id, sender: { provider: id } })
    await t.ring({ ...edited(key, now.content, '2026-12-30T02:00:00Z'), now })
    await t.work()
    t.clock.move(MINUTE)
    await t.work()
    expect(await shares(first.own!.id)).toHaveLength(1)
  })

  it('whoever opens a part by its code sees the report that it completed', async () => {
    const phone = '0912000888'
    const first = await say('Lũ cuốn trôi cầu tạm', { sender: { provider: id, phone } })
    const answer = await say('xã Tuần Giáo', { sender: { provider: id, phone } })
    const view = await fetch(`${t.url}/api/v1/reports/${answer.submission.code}?phone=0888`)
    expect(await view.json()).toMatchObject({ code: first.submission.code })
  })

  it('what is urgent is asked for its place and waits for nobody', async () => {
    const first = await say('Cháy nhà dân, lửa lớn lắm', { urgent: 'fire' })
    expect(first.own).toMatchObject({ urgent: true, askedAt: null, waitingFor: 'no-place' })
    expect(asked()).toHaveLength(1)
  })

  it('a question that would only stand in the portal’s view is none: it waits for an officer', async () => {
    const form = { name: 'Lò Văn Pâng', phone: '0912000999', content: 'Đường dây điện đứt rơi xuống ruộng' }
    const sent = await fetch(`${t.url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form),
    })
    const { code } = (await sent.json()) as { code: string }
    await t.work()
    const [report] = await t.ports.db.select().from(reports).where(eq(reports.code, code))
    expect(report!.askedFor).toBeNull()
  })
})

describe('by a number that can be written to', () => {
  beforeAll(async () => {
    t = await bellSite('dien-bien', 'phone')
    const config = ConfigFile.parse({
      sources: [{ id: 'calls', kind: 'hotline', profile: 'dien-bien', name: 'Đường dây nóng' }],
    })
    await applyConfig(t.ports, 'system', { config })
  })
  afterAll(() => t.close())

  const post = async (path: string, headers: Readonly<Record<string, string>>, body: object) => {
    const sent = await fetch(`${t.url}/api/v1${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(sent.status).toBe(201)
    const { code } = (await sent.json()) as { code: string }
    await t.work()
    const [report] = await t.ports.db.select().from(reports).where(eq(reports.code, code))
    return report!
  }

  it('who filled in a form is asked', async () => {
    const form = { name: 'Lò Văn Pâng', phone: '0912000555', content: 'Dây điện đứt rơi xuống ruộng' }
    expect((await post('/reports', {}, form)).askedFor).toEqual(['place'])
    expect(t.bell.sent.map(({ event, to }) => [event, to])).toContainEqual(['asked', '+84912000555'])
  })

  it('who called was asked by whoever took the call', async () => {
    const call = { source: 'calls', name: 'Lò Thị Gọi', phone: '0912000556', content: 'Nước chảy tràn ra đường' }
    expect(await post('/calls', t.staff, call)).toMatchObject({ channel: 'hotline', askedFor: null })
    expect(t.bell.sent.map(({ event, to }) => [event, to])).toContainEqual(['received', '+84912000556'])
  })
})

describe('where what is missing is asked back (TP. Hồ Chí Minh)', () => {
  beforeAll(async () => {
    t = await bellSite('hcmc')
  })
  afterAll(() => t.close())

  it('exactly that is asked for: what is there is not', async () => {
    await say('Nước ngập nhà dân từ đêm qua', { sender: { provider: id, name: 'Nguyễn Thị Ánh', phone: '0903000111' } })
    expect(asked()).toEqual([expect.stringMatching(/bổ sung thông tin: sự việc ở đâu [^;]*\. http/)])
    id = `k${++n}`
    await say('alo')
    expect(asked()).toEqual([
      expect.stringMatching(/sự việc là gì; sự việc ở đâu .*; họ và tên; số điện thoại hoặc .*thư điện tử\. /),
    ])
  })

  it('what the matter can go on without is asked for while it goes on', async () => {
    const first = await say('Ổ gà lớn trước số 12, phường Thủ Dầu Một')
    expect(first.report!.askedFor).toEqual(['name', 'contact'])
    expect(first.own!.status).not.toBe('asked')
    const answer = await say('Trần Văn Bình 0903000222')
    expect(answer.submission.partOf).toBe(first.submission.id)
  })

  it('the clock of the dispatch stands while it waits, and another begins with the answer', async () => {
    const first = await say('Kẹt xe kinh khủng từ sáng đến giờ')
    const clocks = async () =>
      (await t.ports.db.select().from(deadlines).where(eq(deadlines.caseId, first.own!.id))).map(
        ({ step, state }) => `${step} ${state}`,
      )
    expect(await clocks()).toContain('dispatch met')
    await say('phường Thủ Dầu Một')
    expect(await clocks()).toContain('dispatch-completed open')
  })

  it('who never answers is refused after the days of the rules, and hears how to send it again', async () => {
    const first = await say('Nắp cống mất')
    t.clock.move(29 * DAY)
    await refuseUnanswered(t.ports)
    expect((await seen(first.submission.id)).own!.status).toBe('asked')
    t.clock.move(1 * DAY)
    await refuseUnanswered(t.ports)
    await refuseUnanswered(t.ports)
    expect((await seen(first.submission.id)).own!.status).toBe('refused')
    const told = await t.ports.db
      .select()
      .from(notices)
      .where(and(eq(notices.reportId, first.report!.id), eq(notices.event, 'refused')))
    expect(told.map(({ values }) => values['reason'])).toEqual(['Không nhận được thông tin đã xin ông/bà bổ sung.'])
  })
})
