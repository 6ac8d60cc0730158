import { desc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BoxMessage, handed } from '../../../test/support/box.ts'
import { applyBox, type BoxSite, boxSite } from '../../../test/support/box-site.ts'
import { type Answering, answering, applyLink } from '../../../test/support/link.ts'
import { answerDirectly } from '../cases/moves/answer.ts'
import { askReporters } from '../cases/moves/ask.ts'
import { reopenCase } from '../cases/moves/reopen.ts'
import { takeUpdates } from '../delivery/take-updates.ts'
import { fault } from '../fault.ts'
import { COMMAND_LINE } from '../people/officer.ts'
import { assignments, cases, contactIndex, deliveries, items, joins, notices, reports } from '../tables/index.ts'
import { noticeOf, tokenOf } from './token.ts'

let t: BoxSite
let office: Answering
beforeAll(async () => {
  t = await boxSite()
  office = await answering()
  await applyLink(t.ports, { id: 'office', url: office.url })
})
afterAll(async () => {
  await office.close()
  await t.close()
})
afterEach(() => {
  t.box.answer()
})

let uids = 0
let people = 0
const somebody = () => `nguoi${++people}@example.vn`
/** A matter of its own: no two of these are alike. */
const matter = () => {
  const words = [...'abcdefgh'].map(() => Math.random().toString(36).slice(2, 8))
  return `Ở xã Mường Nhé ${words.join(' ')}`
}

/** Takes one in and works it through; gives the report. */
async function send(message: BoxMessage, more: object = {}) {
  const from = message.from ?? somebody()
  await t.take(handed(++uids, { text: matter(), ...message, from }, more))
  await t.work()
  const [report] = await t.ports.db.select().from(reports).orderBy(desc(reports.id)).limit(1)
  return { ...report!, from }
}

const lettersTo = (address: string) => t.box.sent.filter(({ to }) => to === address)
const subjects = (address: string) => lettersTo(address).map(({ subject }) => subject)
const noticesOf = (reportId: string) =>
  t.ports.db.select().from(notices).where(eq(notices.reportId, reportId)).orderBy(notices.id)
const caseOf = async (id: string) => (await t.ports.db.select().from(cases).where(eq(cases.id, id)))[0]!

async function answer(caseId: string, text = 'Đã sửa xong.') {
  const [found] = await t.ports.db
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(assignments, eq(assignments.id, deliveries.assignmentId))
    .where(eq(assignments.caseId, caseId))
  await takeUpdates(t.ports, 'office', [
    { event: `a-${caseId}`, of: found!.id, kind: 'answer', at: t.clock.now(), text, rawCode: 'answer' },
  ])
  await t.work()
}

describe('a reporter is told', () => {
  it('on the channel of origin, in one thread, each thing once: received, forwarded, answer', async () => {
    const report = await send({ thread: '<m1@example.vn>' })
    await answer(report.caseId)
    const letters = lettersTo(report.from)
    expect(letters.map(({ subject }) => subject)).toEqual([
      `[${report.code}] Đã tiếp nhận phản ánh của ông/bà`,
      `[${report.code}] Phản ánh đã được chuyển đến cơ quan xử lý`,
      `[${report.code}] Kết quả xử lý phản ánh`,
    ])
    expect(letters[2]!.text).toMatch(
      /Quyết định số 663\/QĐ-UBND[\s\S]+Đã sửa xong\.[\s\S]+Điều 8[\s\S]+gives the result/,
    )
    expect(letters.map(({ inReplyTo }) => inReplyTo)).toEqual(Array(3).fill('<m1@example.vn>'))
    expect(letters[2]!.earlier).toEqual(letters.slice(0, 2).map(({ token }) => token))
    expect((await noticesOf(report.id)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
  })

  it('in each round of a case anew: what an earlier round told overtakes nothing', async () => {
    const report = await send({})
    await answer(report.caseId)
    const on = async () => ({ caseId: report.caseId, version: (await caseOf(report.caseId)).historySeq })
    t.clock.move(1000)
    await reopenCase(t.ports, COMMAND_LINE, { ...(await on()), why: 'chưa xong', disputed: false })
    await t.work()
    t.clock.move(1000)
    await askReporters(t.ports, COMMAND_LINE, { ...(await on()), text: 'Còn hỏng gì?' })
    await t.work()
    t.clock.move(1000)
    await answerDirectly(t.ports, COMMAND_LINE, { ...(await on()), text: 'Đã thay mới.' })
    await t.work()
    expect(subjects(report.from).slice(2)).toEqual([
      `[${report.code}] Kết quả xử lý phản ánh`,
      `[${report.code}] Phản ánh được mở lại`,
      `[${report.code}] Xin bổ sung thông tin cho phản ánh`,
      `[${report.code}] Kết quả xử lý phản ánh`,
    ])
  })

  it('not at once of what was sent days ago: only the answer goes out, and the view tells all', async () => {
    const report = await send({}, { receivedAt: new Date('2026-10-17T01:00:00Z') })
    expect(subjects(report.from)).toEqual([])
    await answer(report.caseId)
    expect(subjects(report.from)).toEqual([`[${report.code}] Kết quả xử lý phản ánh`])
    const link = lettersTo(report.from)[0]!.text.match(/http:\/\/localhost:8080(\S+)/)![1]!
    const view = (await (await fetch(t.url + link)).json()) as { notices: object[] }
    expect(view.notices).toMatchObject([{ event: 'received' }, { event: 'forwarded' }, { event: 'answer' }])
  })

  it('who filed on the portal and left an address: in the view, and there', async () => {
    const email = somebody()
    const answered = await fetch(`${t.url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Lò Văn Mẫu', phone: '0900000001', email, content: matter() }),
    })
    const { code } = (await answered.json()) as { code: string }
    await t.work()
    expect(subjects(email)[0]).toContain(code)
    const [report] = await t.ports.db.select().from(reports).where(eq(reports.code, code))
    const channels = (await noticesOf(report!.id)).map(({ event, channel }) => `${event} ${channel}`)
    expect(channels.sort()).toEqual(['forwarded box', 'forwarded portal', 'received box', 'received portal'])
  })

  it('again after a failure, with the same token; later ones wait behind', async () => {
    t.box.answer(fault('unreachable', 'no route', { outcomeUnknown: true }))
    const report = await send({})
    expect(lettersTo(report.from)).toHaveLength(1)
    expect((await noticesOf(report.id)).map(({ state }) => state)).toEqual(['due', 'due'])
    t.clock.move(60_000)
    await t.work()
    const letters = lettersTo(report.from)
    expect(letters[1]!.token).toBe(letters[0]!.token)
    expect(letters.map(({ subject }) => subject.slice(18))).toEqual([
      'Đã tiếp nhận phản ánh của ông/bà',
      'Đã tiếp nhận phản ánh của ông/bà',
      'Phản ánh đã được chuyển đến cơ quan xử lý',
    ])
  })

  it('no more than so often a day: a loop ends; an answer goes out all the same', async () => {
    await applyBox(t.ports, { dailyCap: 3 })
    const from = somebody()
    const reportsOfOne = [await send({ from }), await send({ from }), await send({ from })]
    expect(lettersTo(from)).toHaveLength(3)
    const states = (await Promise.all(reportsOfOne.map(({ id }) => noticesOf(id)))).flat()
    expect(states.filter(({ lastMessage }) => lastMessage === 'daily-cap')).toHaveLength(3)
    await answer(reportsOfOne[2]!.caseId)
    expect(lettersTo(from)).toHaveLength(4)
    await applyBox(t.ports, { dailyCap: 20 })
  })
})

describe('an address that is dead', () => {
  it('is closed for that reporter, and the view tells the rest', async () => {
    t.box.answer(fault('closed', '550 5.1.1'))
    const report = await send({})
    await answer(report.caseId)
    expect(lettersTo(report.from)).toHaveLength(1)
    const told = (await noticesOf(report.id)).map(({ event, channel, state }) => `${event} ${channel} ${state}`)
    expect(told).toContain('received box failed')
    expect(told).toEqual(expect.arrayContaining(['received portal sent', 'answer portal sent']))
  })

  it('may say so by a receipt, once or twice; one that names no letter of ours is set aside', async () => {
    const report = await send({})
    const { token } = lettersTo(report.from)[0]!
    await t.take(handed(++uids, { receipt: 'delayed', tokens: [token] }))
    await t.work()
    expect((await noticesOf(report.id))[0]!.state).toBe('sent')
    for (let i = 0; i < 2; i++) await t.take(handed(++uids, { receipt: 'bounced', tokens: ['x'.repeat(41), token] }))
    await t.work()
    const [contact] = await t.ports.db.select().from(contactIndex).where(eq(contactIndex.reporterId, report.reporterId))
    expect(contact!.closedAt).not.toBeNull()
    expect((await noticesOf(report.id))[0]).toMatchObject({ state: 'failed', lastFault: 'closed' })
    await t.take(handed(++uids, { receipt: 'bounced', tokens: [`${token.slice(0, 40)}0`] }))
    await t.work()
    const [last] = await t.ports.db.select().from(items).orderBy(desc(items.id)).limit(1)
    expect(last).toMatchObject({ state: 'set-aside', reason: 'receipt' })
  })
})

describe('a message that answers', () => {
  const joinedTo = async (caseId: string) => (await caseOf(caseId)).joinedTo

  it('a letter of ours goes to its case and its office, whoever sends it; nobody is told twice', async () => {
    const first = await send({})
    const { token } = lettersTo(first.from)[0]!
    const later = await send({ from: first.from, tokens: [token], text: 'Tôi gửi thêm: nước ngập đến cửa.' })
    expect(await joinedTo(later.caseId)).toBe(first.caseId)
    expect(later.follows).toBe(first.id)
    const again = await send({ from: 'thu.ky@example.vn', tokens: [token], text: 'Cảm ơn.' })
    expect(again.follows).toBe(first.id)
    expect(office.bodies.filter((body) => body.includes('nước ngập đến cửa'))).toHaveLength(1)
    await answer(first.caseId)
    expect(subjects(first.from).filter((subject) => subject.includes('Kết quả'))).toHaveLength(1)
    expect(lettersTo('thu.ky@example.vn')).toEqual([])
    const [join] = await t.ports.db.select().from(joins).where(eq(joins.fromCase, later.caseId))
    expect(join).toMatchObject({ why: 'thread' })
  })

  it('with a bare code goes to the case of whoever reported it', async () => {
    const first = await send({})
    const later = await send({ from: first.from, codes: [first.code.toLowerCase()], text: 'Vẫn chưa ai đến.' })
    expect(await joinedTo(later.caseId)).toBe(first.caseId)
  })

  it('with a bare code of somebody else’s waits beside that case, and its sender learns nothing of it', async () => {
    const first = await send({})
    const stranger = await send({ codes: [first.code], text: 'Vụ này đến đâu rồi, ai phản ánh vậy?' })
    expect(stranger).toMatchObject({ follows: null, beside: first.caseId })
    expect(await caseOf(stranger.caseId)).toMatchObject({
      joinedTo: null,
      status: 'waiting',
      waitingFor: 'beside-case',
    })
    const said = JSON.stringify(lettersTo(stranger.from))
    expect(lettersTo(stranger.from)).toHaveLength(1)
    expect(said).toContain(stranger.code)
    expect(said).not.toContain(first.code)
    const before = lettersTo(stranger.from).length
    await answer(first.caseId)
    expect(lettersTo(stranger.from)).toHaveLength(before)
  })

  it('after the answer waits for an officer', async () => {
    const first = await send({})
    await answer(first.caseId)
    const { token } = lettersTo(first.from).at(-1)!
    const later = await send({ from: first.from, tokens: [token], text: 'Chưa được, xin xem lại.' })
    expect(await caseOf(later.caseId)).toMatchObject({ joinedTo: null, waitingFor: 'after-answer' })
  })

  it.each(['', 'x', 'z'.repeat(41), '0'.repeat(41), `${'f'.repeat(25)}${'a'.repeat(16)}`])(
    'with a mark that we never made is a report like any other: %j',
    async (token) => {
      expect(await send({ tokens: [token] })).toMatchObject({ follows: null, beside: null })
    },
  )
})

it('a token is read back as the notice that it names, and no other letter of it may differ', async () => {
  const { id } = await send({})
  const [notice] = await noticesOf(id)
  const token = tokenOf(t.ports.secrets, notice!.id)
  expect(token).toMatch(/^[a-z0-9]{41}$/)
  expect((await noticeOf(t.ports.db, t.ports.secrets, [token]))?.id).toBe(notice!.id)
  for (let i = 0; i < token.length; i++) {
    const other = token.slice(0, i) + (token[i] === 'a' ? 'b' : 'a') + token.slice(i + 1)
    expect(await noticeOf(t.ports.db, t.ports.secrets, [other])).toBeUndefined()
  }
})
