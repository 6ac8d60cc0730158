import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, type Filed, openDesk, problemOf } from '../../../../test/support/desk.ts'
import type { SignedInOfficer } from '../../../../test/support/people.ts'

let desk: Desk
let triage: SignedInOfficer
let first: string
let second: string
let third: string
beforeAll(async () => {
  desk = await openDesk()
  triage = await desk.as('triage')
  ;[first, second, third] = desk.agencies as [string, string, string]
})
afterAll(() => desk.close())

const HOUR = 3600_000
const DAY = 24 * HOUR

async function shareOf(caseId: string, agencyId: string) {
  return (await desk.view(caseId)).assignments.findLast((each) => each.agencyId === agencyId)!
}
async function clocksOf(caseId: string, assignmentId: string | null) {
  const { deadlines } = await desk.view(caseId)
  return deadlines.filter((each) => each.assignmentId === assignmentId)
}
const kindsOf = async (caseId: string) => (await desk.view(caseId)).history.map(({ kind }) => kind)
const eventsTold = async (filed: Filed) => (await desk.told(filed)).notices.map(({ event }) => event)

/** Given to the first agency, which has it by telephone. */
async function dispatched(more: object = {}): Promise<Filed> {
  const filed = await desk.report(more)
  await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
  await byTelephone(filed.caseId, first)
  return filed
}

async function byTelephone(caseId: string, agencyId: string): Promise<void> {
  const { id } = await shareOf(caseId, agencyId)
  const delivery = (await desk.view(caseId)).deliveries.find(({ assignmentId }) => assignmentId === id)!
  await desk.do(triage, 'deliveries/by-telephone', delivery.id, { spokeTo: 'văn thư' })
}

describe('several agencies', () => {
  it('each have their own share, delivery, clock and answer; only the lead’s answer is the case’s', async () => {
    const filed = await dispatched()
    const { caseId } = filed
    const lead = await desk.as('agency', first)
    const own = await shareOf(caseId, first)
    await desk.do(lead, 'assignments/accept', own.id)
    desk.clock.move(HOUR)
    await desk.do(lead, 'assignments/coordinate', own.id, { agencyId: second, question: 'Cột điện của ai?' })
    await desk.do(triage, 'cases/assign', caseId, { agencyId: third, role: 'informed' })
    const before = await eventsTold(filed)
    await byTelephone(caseId, second)
    await byTelephone(caseId, third)

    const seen = await desk.view(caseId)
    expect(seen.assignments).toMatchObject([
      { agencyId: first, role: 'lead', state: 'accepted' },
      { agencyId: second, role: 'coordinating', state: 'delivered', passedFrom: own.id },
      { agencyId: third, role: 'informed', state: 'delivered' },
    ])
    expect(seen.deliveries.map(({ agencyId, kind }) => [agencyId, kind])).toHaveLength(3)
    expect(seen.status).toBe('accepted')
    const asked = await shareOf(caseId, second)
    expect((await clocksOf(caseId, asked.id)).filter(({ state }) => state === 'open')).toMatchObject([
      { step: 'coordinate', agencyId: second },
    ])
    expect((await clocksOf(caseId, (await shareOf(caseId, third)).id)).map(({ step }) => step)).toEqual([])

    const helper = await desk.as('agency', second)
    await desk.do(helper, 'assignments/interim', asked.id, { text: 'Cần hai ngày', committedFor: '2026-10-22' })
    await desk.do(helper, 'assignments/result', asked.id, { text: 'Cột của điện lực' })
    const after = await desk.view(caseId)
    expect(after).toMatchObject({ status: 'accepted', repliedAt: null, publishedAt: null })
    expect(await eventsTold(filed)).toEqual(before)
    expect((await clocksOf(caseId, asked.id)).filter(({ state }) => state === 'open')).toEqual([])
    expect(after.words.map(({ kind, text }) => [kind, text])).toEqual([
      ['question', 'Cột điện của ai?'],
      ['interim', 'Cần hai ngày'],
      ['result', 'Cột của điện lực'],
    ])

    await desk.do(lead, 'assignments/result', own.id, { text: 'Đã thay cột' })
    await desk.do(triage, 'assignments/approve', own.id)
    expect(await desk.view(caseId)).toMatchObject({ status: 'answered' })
    expect((await desk.told(filed)).notices.at(-1)!.text).toContain('Đã thay cột')
  })

  it('see only cases with a share of theirs, and act on no other’s share', async () => {
    const { caseId } = await dispatched()
    const lead = await desk.as('agency', first)
    const own = await shareOf(caseId, first)
    await desk.do(lead, 'assignments/coordinate', own.id, { agencyId: second, question: 'Ai?' })
    const helper = await desk.as('agency', second)
    expect(problemOf(await desk.ask(helper, 'assignments/result', own.id, { text: 'Xong' }))).toBe('403 forbidden')
    const stranger = await desk.as('agency', third)
    expect(problemOf(await desk.ask(stranger, 'assignments/result', own.id, { text: 'Xong' }))).toBe('404 no-such')
    const { id } = await shareOf(caseId, second)
    const again = await desk.ask(helper, 'assignments/coordinate', id, { agencyId: third, question: 'Ai?' })
    expect(problemOf(again)).toBe('409 not-now')
    const twice = await desk.ask(lead, 'assignments/coordinate', own.id, { agencyId: second, question: 'Ai?' })
    expect(problemOf(twice)).toBe('422 invalid-field agencyId')
    const nobody = await desk.ask(lead, 'assignments/coordinate', own.id, { agencyId: 'none', question: 'Ai?' })
    expect(problemOf(nobody)).toBe('404 no-such')
  })

  it('are told to stop where the case ends or begins anew before they have answered', async () => {
    const { caseId } = await dispatched()
    const lead = await desk.as('agency', first)
    const own = await shareOf(caseId, first)
    for (const agencyId of [second, third])
      await desk.do(lead, 'assignments/coordinate', own.id, { agencyId, question: 'Ai?' })
    await desk.do(lead, 'assignments/result', own.id, { text: 'Đã xong' })
    await desk.do(triage, 'assignments/approve', own.id)
    expect(await shareOf(caseId, second)).toMatchObject({ state: 'open' })
    await desk.do(triage, 'cases/reopen', caseId, { why: 'chưa xong' })
    for (const agencyId of [second, third]) {
      const share = await shareOf(caseId, agencyId)
      expect(share).toMatchObject({ state: 'withdrawn', round: 0 })
      expect((await clocksOf(caseId, share.id)).filter(({ state }) => state === 'open')).toEqual([])
    }
  })

  it('are told to stop where the intake answers by itself what was asked back', async () => {
    const filed = await dispatched()
    await desk.do(await desk.as('agency', first), 'cases/ask', filed.caseId, { text: 'Ở đâu?' })
    await desk.do(triage, 'cases/answer', filed.caseId, { text: 'Đã sửa từ hôm qua' })
    expect(await desk.view(filed.caseId)).toMatchObject({ status: 'answered', assignments: [{ state: 'withdrawn' }] })
    expect((await desk.view(filed.caseId)).deadlines.filter(({ state }) => state === 'open')).toEqual([])
  })
})

describe('a return', () => {
  it.each([
    ['without a look at the place', {}],
    ['after a look at the place, with whose matter it is', { siteVisit: true, proposedAgencyId: 'second' }],
  ])('%s goes back to the intake; the next agency has a clock of its own, the citizen’s goes on', async (_, more) => {
    const filed = await dispatched()
    const { caseId } = filed
    const own = await shareOf(caseId, first)
    const citizens = (await clocksOf(caseId, null)).filter(({ towards }) => towards === 'citizen')
    expect(citizens).toMatchObject([{ step: 'answer-reporter', state: 'open' }])
    desk.clock.move(DAY)
    const said = { why: 'Không thuộc thẩm quyền', ...more }
    if ('proposedAgencyId' in said) said.proposedAgencyId = second
    await desk.do(await desk.as('agency', first), 'assignments/return', own.id, said)
    const returned = await desk.view(caseId)
    expect(returned).toMatchObject({ status: 'waiting', waitingFor: 'returned' })
    expect(await shareOf(caseId, first)).toMatchObject({
      state: 'returned',
      returnReason: 'Không thuộc thẩm quyền',
      proposedAgencyId: 'proposedAgencyId' in said ? second : null,
    })
    expect(returned.history.find(({ kind }) => kind === 'assignment.returned')!.body).toMatchObject({
      siteVisit: 'siteVisit' in said,
    })
    expect((await clocksOf(caseId, own.id)).filter(({ state }) => state === 'open')).toEqual([])

    desk.clock.move(HOUR)
    await desk.do(triage, 'cases/assign', caseId, { agencyId: second })
    await byTelephone(caseId, second)
    const next = await shareOf(caseId, second)
    expect(next).toMatchObject({ role: 'lead', state: 'delivered', passedFrom: own.id })
    const [theirs] = (await clocksOf(caseId, next.id)).filter(({ step }) => step === 'handle')
    expect(theirs).toMatchObject({ state: 'open', startedAt: desk.clock.now().toISOString() })
    const still = (await clocksOf(caseId, null)).filter(({ towards }) => towards === 'citizen')
    expect(still).toEqual(citizens)
    expect(problemOf(await desk.ask(triage, 'assignments/result', own.id, { text: 'Muộn' }))).toBe('409 not-now')
  })

  it('of a coordinator leaves the lead to go on', async () => {
    const { caseId } = await dispatched()
    const lead = await desk.as('agency', first)
    await desk.do(lead, 'assignments/accept', (await shareOf(caseId, first)).id)
    const own = await shareOf(caseId, first)
    await desk.do(lead, 'assignments/coordinate', own.id, { agencyId: second, question: 'Ai?' })
    const helper = await desk.as('agency', second)
    await desk.do(helper, 'assignments/return', (await shareOf(caseId, second)).id, { why: 'Không phải' })
    expect(await desk.view(caseId)).toMatchObject({ status: 'accepted', waitingFor: null })
  })

  it('to an agency that does not exist is none', async () => {
    const { caseId } = await dispatched()
    const { id } = await shareOf(caseId, first)
    const before = await desk.whole(caseId)
    const said = await desk.ask(triage, 'assignments/return', id, { why: 'sai', proposedAgencyId: 'none' })
    expect(problemOf(said)).toBe('404 no-such')
    expect(await desk.whole(caseId)).toEqual(before)
  })
})

describe('forwarding on', () => {
  it('gives the right agency a share and a clock of its own, with its reason; the citizen’s clock goes on', async () => {
    const { caseId } = await dispatched()
    const own = await shareOf(caseId, first)
    const citizens = (await clocksOf(caseId, null)).filter(({ towards }) => towards === 'citizen')
    desk.clock.move(HOUR)
    const agency = await desk.as('agency', first)
    await desk.do(agency, 'assignments/forward', own.id, { agencyId: second, why: 'Của đơn vị khác' })
    await byTelephone(caseId, second)
    const next = await shareOf(caseId, second)
    expect(await shareOf(caseId, first)).toMatchObject({ state: 'forwarded' })
    expect(next).toMatchObject({ role: 'lead', state: 'delivered', passedFrom: own.id })
    const [theirs] = (await clocksOf(caseId, next.id)).filter(({ step }) => step === 'handle')
    expect(theirs).toMatchObject({ startedAt: desk.clock.now().toISOString() })
    expect((await clocksOf(caseId, null)).filter(({ towards }) => towards === 'citizen')).toEqual(citizens)
    const line = (await desk.view(caseId)).history.find(({ kind }) => kind === 'assignment.forwarded')!
    expect(line).toMatchObject({ actor: agency.actor, body: { why: 'Của đơn vị khác', to: second } })
    // Whoever had a share still sees what became of it.
    expect((await desk.ask(agency, 'cases/escalate', caseId, { why: 'sai' })).status).toBe(403)
  })

  it('is a return where the profile has cases come back', async () => {
    const strict = await openDesk({
      change: (version) => {
        version.passingOn.allowed = false
        version.wrongAuthority[0]!.to = 'intake'
      },
    })
    try {
      const intake = await strict.as('triage')
      const { caseId } = await strict.report()
      await strict.do(intake, 'cases/assign', caseId, { agencyId: first })
      const [own] = (await strict.view(caseId)).assignments
      const agency = await strict.as('agency', first)
      const said = await strict.ask(agency, 'assignments/forward', own!.id, { agencyId: second, why: 'sai' })
      expect(problemOf(said)).toBe('422 invalid-field agencyId')
      // Its rule wants to hear whose it is.
      const bare = await strict.ask(agency, 'assignments/return', own!.id, { why: 'sai' })
      expect(problemOf(bare)).toBe('422 invalid-field proposedAgencyId')
      await strict.do(agency, 'assignments/return', own!.id, { why: 'sai', proposedAgencyId: second })
      expect(await strict.view(caseId)).toMatchObject({ waitingFor: 'returned' })
    } finally {
      await strict.close()
    }
  })
})

describe('a delivery by telephone', () => {
  it('is a delivery: the agency has it, its clocks run, and nothing goes out any more', async () => {
    const filed = await desk.report()
    await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
    const [delivery] = (await desk.view(filed.caseId)).deliveries
    expect(delivery).toMatchObject({ state: 'waiting', takenVia: null })
    const operator = await desk.as('operator')
    await desk.do(operator, 'deliveries/by-telephone', delivery!.id, { spokeTo: `Văn thư, ${filed.form.phone}` })
    const seen = await desk.view(filed.caseId)
    expect(seen).toMatchObject({ status: 'dispatched', deliveries: [{ state: 'taken', takenVia: 'telephone' }] })
    expect(seen.deadlines).toContainEqual(expect.objectContaining({ step: 'handle', state: 'open' }))
    const line = seen.history.find(({ kind }) => kind === 'delivery.by-telephone')!
    expect(line.actor).toBe(operator.actor)
    expect(JSON.stringify(seen)).not.toContain(filed.form.phone)
    expect(await kindsOf(filed.caseId)).toContain('assignment.delivered')
    const again = await desk.ask(operator, 'deliveries/by-telephone', delivery!.id, { spokeTo: 'văn thư' })
    expect(problemOf(again)).toBe('409 not-now')
  })

  it('of a case that was taken from the agency meanwhile is none, and nobody hears of it', async () => {
    const filed = await desk.report()
    await desk.do(triage, 'cases/assign', filed.caseId, { agencyId: first })
    await desk.do(triage, 'cases/refuse', filed.caseId, { reason: 'sai', guidance: 'sai' })
    const told = await eventsTold(filed)
    const [delivery] = (await desk.view(filed.caseId)).deliveries
    const late = await desk.ask(triage, 'deliveries/by-telephone', delivery!.id, { spokeTo: 'văn thư' })
    expect(problemOf(late)).toBe('409 not-now')
    expect(await eventsTold(filed)).toEqual(told)
  })
})
