import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cases } from '../../src/core/tables/index.ts'
import { ASSIGNMENT_STATES, type AssignmentState, CASE_STATUSES, type CaseStatus } from '../../src/core/words.ts'
import * as contract from '../../src/http/contract/operations.ts'
import { type Desk, type Filed, openDesk, problemOf } from '../support/desk.ts'
import type { SignedInOfficer } from '../support/people.ts'

let desk: Desk
let triage: SignedInOfficer
let first: string
let second: string
let third: string
beforeAll(async () => {
  // The sketch in which every status can be reached: a leader approves here, and the intake checks what is told. Nobody may hide in it: here they may.
  desk = await openDesk({
    profile: 'binh-dinh',
    change: (version) => {
      const source = 'Quyết định 663/QĐ-UBND, Điều 9'
      version.hiding = { by: ['intake'], supervisedBy: ['operator'], grounds: ['out-of-scope'], source }
    },
  })
  triage = await desk.as('triage')
  ;[first, second, third] = desk.agencies as [string, string, string]
})
afterAll(() => desk.close())

const share = async (caseId: string) => (await desk.view(caseId)).assignments.at(-1)!.id

/** Each status by the shortest way that leads there over the API. */
const REACH: Readonly<Record<CaseStatus, (filed: Filed) => Promise<void>>> = {
  // Between two tasks that follow at once: no request stops there.
  received: async ({ caseId }) => {
    await desk.ports.db.update(cases).set({ status: 'received', waitingFor: null }).where(eq(cases.id, caseId))
  },
  waiting: async () => undefined,
  asked: ({ caseId }) => desk.do(triage, 'cases/ask', caseId, { text: 'Ở đâu?' }),
  refused: ({ caseId }) =>
    desk.do(triage, 'cases/refuse', caseId, { reason: 'Ngoài phạm vi', guidance: 'Gửi nơi khác' }),
  dispatching: ({ caseId }) => desk.do(triage, 'cases/assign', caseId, { agencyId: first }),
  dispatched: async (filed) => {
    await REACH.dispatching(filed)
    const [delivery] = (await desk.view(filed.caseId)).deliveries
    await desk.do(triage, 'deliveries/by-telephone', delivery!.id, { spokeTo: 'văn thư' })
  },
  accepted: async (filed) => {
    await REACH.dispatching(filed)
    await desk.do(triage, 'assignments/accept', await share(filed.caseId))
  },
  'in-progress': async (filed) => {
    await REACH.dispatching(filed)
    await desk.do(triage, 'assignments/interim', await share(filed.caseId), { text: 'Đang làm' })
  },
  'for-approval': async (filed) => {
    await REACH.dispatching(filed)
    await desk.do(triage, 'assignments/result', await share(filed.caseId), { text: 'Đã xong' })
  },
  result: async (filed) => {
    await REACH['for-approval'](filed)
    await desk.do(triage, 'assignments/approve', await share(filed.caseId))
  },
  answered: async (filed) => {
    await REACH.result(filed)
    await desk.do(triage, 'cases/reply', filed.caseId, { text: 'Đã xong' })
  },
  rated: async (filed) => {
    await REACH.answered(filed)
    expect(await desk.citizen(filed, '/rating', { value: 'satisfied' })).toMatchObject({ status: 200 })
  },
  closed: async (filed) => {
    await REACH.answered(filed)
    await desk.do(triage, 'cases/close', filed.caseId, { why: 'xong' })
  },
  joined: async (filed) => {
    const again = await desk.report({ ...filed.form })
    Object.assign(filed, again)
  },
}

const SAID = { ground: 'out-of-scope', why: 'để xem', text: 'để xem', reason: 'để xem', guidance: 'để xem' }
const UNSETTLED = 'received waiting asked dispatching dispatched accepted in-progress for-approval'

interface Operation {
  readonly where: string
  readonly body?: () => object
  readonly before?: (caseId: string) => Promise<void>
}

/** Where each is allowed, written by hand and not read from the machine: whoever changes a move changes it here, too. */
const ON_CASE: Readonly<Record<string, Operation>> = {
  assign: { where: 'received waiting asked', body: () => ({ agencyId: second }) },
  involve: {
    where: 'dispatching dispatched accepted in-progress',
    body: () => ({ agencyId: second, role: 'coordinating' }),
  },
  ask: { where: UNSETTLED },
  refuse: { where: UNSETTLED },
  hide: { where: CASE_STATUSES.filter((status) => status !== 'joined').join(' ') },
  show: {
    where: CASE_STATUSES.filter((status) => status !== 'joined').join(' '),
    before: (caseId) => desk.ask(triage, 'cases/hide', caseId, SAID).then(() => undefined),
  },
  answer: { where: 'received waiting asked' },
  reply: { where: 'result' },
  reopen: { where: 'refused answered rated closed' },
  close: { where: 'refused answered rated' },
  escalate: { where: `${UNSETTLED} result answered rated` },
  note: { where: CASE_STATUSES.filter((status) => status !== 'joined').join(' ') },
  correct: { where: UNSETTLED, body: () => ({ category: 'ict' }) },
  // Not by status: only of what waits beside another case.
  'tell-apart': { where: '', body: () => ({ same: true }) },
}

const LIVE = 'open delivered accepted in-progress for-approval'
const WORKED_ON = 'open delivered accepted in-progress'
const ON_SHARE: Readonly<Record<string, Operation>> = {
  accept: { where: 'open delivered' },
  interim: { where: WORKED_ON },
  result: { where: WORKED_ON },
  approve: { where: 'for-approval', body: () => ({}) },
  'send-back': { where: 'for-approval' },
  return: { where: LIVE },
  forward: { where: LIVE, body: () => ({ agencyId: third }) },
  coordinate: { where: LIVE, body: () => ({ agencyId: third, question: 'ai?' }) },
  reach: { where: LIVE, body: () => ({ step: 'safe' }) },
  'ask-identity': { where: LIVE, body: () => ({ purpose: 'hỏi đường' }) },
}
const REACH_SHARE: Readonly<Record<AssignmentState, (filed: Filed) => Promise<void>>> = {
  open: REACH.dispatching,
  delivered: REACH.dispatched,
  accepted: REACH.accepted,
  'in-progress': REACH['in-progress'],
  'for-approval': REACH['for-approval'],
  answered: REACH.result,
  returned: async (filed) => {
    await REACH.dispatching(filed)
    await desk.do(triage, 'assignments/return', await share(filed.caseId), SAID)
  },
  forwarded: async (filed) => {
    await REACH.dispatching(filed)
    await desk.do(triage, 'assignments/forward', await share(filed.caseId), { ...SAID, agencyId: second })
  },
  withdrawn: async (filed) => {
    await REACH.dispatching(filed)
    await desk.do(triage, 'cases/refuse', filed.caseId, SAID)
  },
}

/** Allowed and done, or 409 `not-now` and not a row is another. */
async function expectIt(operation: string, id: string, caseId: string, may: boolean, body: object): Promise<void> {
  const before = await desk.whole(caseId)
  const said = await desk.ask(triage, operation, id, { ...SAID, ...body })
  if (may) {
    expect(said).toMatchObject({ status: 200 })
    expect(await desk.whole(caseId)).not.toEqual(before)
    return
  }
  expect(problemOf(said)).toBe('409 not-now')
  expect(await desk.whole(caseId)).toEqual(before)
}

/** What is refused changes nothing: one case is enough for all that is refused in its status. */
const refusing = new Map<string, Filed>()
async function inState(name: string, may: boolean, reach: (filed: Filed) => Promise<void>, more: object = {}) {
  const known = may ? undefined : refusing.get(name)
  if (known !== undefined) return known
  const filed = await desk.report({ category: 'health', ...more })
  await reach(filed)
  if (!may) refusing.set(name, filed)
  return filed
}

describe('every operation in every status', () => {
  it('is written down here', () => {
    const operations = Object.values(contract).map(({ url }) => url)
    const of = (noun: string) =>
      operations.filter((url) => url.startsWith(`/api/v1/${noun}/:id/`)).map((url) => url.split('/').at(-1))
    expect(Object.keys(ON_CASE).sort()).toEqual([...of('cases'), 'involve'].sort())
    expect(Object.keys(ON_SHARE).sort()).toEqual(of('assignments').sort())
  })

  const all = CASE_STATUSES.flatMap((status) => Object.keys(ON_CASE).map((name) => [status, name] as const))
  it.each(all)('a case that is %s: %s', async (status, name) => {
    const { where, body, before } = ON_CASE[name]!
    const may = where.split(' ').includes(status)
    const filed = await inState(status, may, REACH[status])
    expect((await desk.view(filed.caseId)).status).toBe(status)
    await before?.(filed.caseId)
    const operation = `cases/${name === 'involve' ? 'assign' : name}`
    await expectIt(operation, filed.caseId, filed.caseId, may, body?.() ?? {})
  })

  const shares = ASSIGNMENT_STATES.flatMap((state) => Object.keys(ON_SHARE).map((name) => [state, name] as const))
  it.each(shares)('a share that is %s: %s', async (state, name) => {
    const { where, body } = ON_SHARE[name]!
    const may = where.split(' ').includes(state)
    const filed = await inState(`share ${state}`, may, REACH_SHARE[state], { identitySecret: true })
    const own = (await desk.view(filed.caseId)).assignments.find((each) => each.state === state)!
    await expectIt(`assignments/${name}`, own.id, filed.caseId, may, body?.() ?? {})
  })

  it('hides what is shown and shows what is hidden, and nothing twice', async () => {
    const { caseId } = await desk.report({ category: 'health' })
    expect(problemOf(await desk.ask(triage, 'cases/show', caseId, SAID))).toBe('409 not-now')
    await desk.do(triage, 'cases/hide', caseId, SAID)
    expect(problemOf(await desk.ask(triage, 'cases/hide', caseId, SAID))).toBe('409 not-now')
  })
})

describe('two officers at once', () => {
  it('one does it, the other hears what changed and nothing of theirs is written', async () => {
    const other = await desk.as('triage', first)
    const { caseId } = await desk.report({ category: 'health' })
    const { version } = await desk.view(caseId)
    const said = await Promise.all([
      desk.ask(triage, 'cases/assign', caseId, { agencyId: first, version }),
      desk.ask(other, 'cases/assign', caseId, { agencyId: second, version }),
    ])
    expect(said.map(({ status }) => status).sort()).toEqual([200, 409])
    const [done, refused] = said[0]!.status === 200 ? [0, 1] : [1, 0]
    expect(problemOf(said[refused]!)).toBe('409 stale')
    const { changes } = said[refused]!.body
    expect(changes[0]).toMatchObject({
      seq: version + 1,
      actor: [triage, other][done]!.actor,
      kind: 'case.assigned',
    })
    expect((await desk.view(caseId)).assignments).toHaveLength(1)
  })

  it('with one share: two leaders, one approval; ten words at once, one of them', async () => {
    const { caseId } = await desk.report({ category: 'health' })
    await desk.do(triage, 'cases/assign', caseId, { agencyId: first })
    const id = await share(caseId)
    const { version } = await desk.view(caseId)
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) => desk.ask(triage, 'assignments/result', id, { text: `Xong ${n}`, version })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
    const now = (await desk.view(caseId)).version
    const leader = await desk.as('leader', first)
    const both = [triage, leader].map((who) => desk.ask(who, 'assignments/approve', id, { version: now }))
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 409])
    const seen = await desk.view(caseId)
    expect(seen.words.map(({ kind }) => kind)).toEqual(['result', 'approved'])
    expect(seen.history.filter(({ kind }) => kind === 'assignment.answered')).toHaveLength(1)
  })
})
