import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { assignmentRow, caseRow } from '../../../test/support/case-rows.ts'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { act } from '../act.ts'
import type { Assignment, Case } from '../cases/hold.ts'
import { assignments, cases, deadlines } from '../tables/index.ts'
import type { Event } from './events.ts'
import { happenedTo } from './happened-to.ts'
import { reconsidered } from './reconsider.ts'

let t: TestPorts
beforeAll(async () => {
  t = await testPorts({}, 'hcmc')
})
afterAll(() => t.close())

/** An hour of Monday, 19 October 2026, in Vietnam; all cases begin at nine. */
const at = (time: string): Date => new Date(`2026-10-19T${time}:00+07:00`)
const NINE = at('09:00')
const said = (time: Date): string =>
  new Date(time.getTime() + 7 * 3600_000).toISOString().slice(8, 16).replace('T', ' ')

const matter = (category: string, more: Partial<Case> = {}): Promise<Case> =>
  caseRow(t, {
    ...{ profile: 'hcmc', category, openedAt: NINE, routedAt: NINE },
    ...more,
  })
const share = (own: Case, more: Partial<Assignment> = {}): Promise<Assignment> =>
  assignmentRow(t, own, { assignedAt: NINE, deliveredAt: NINE, state: 'delivered', ...more })

/** Clocks of what happened, as the operations start them. */
const happens = (own: Case, assignment: Assignment | undefined, ...events: readonly (readonly [Event, Date])[]) =>
  act(t.ports, { actor: 'system', unrecorded: true }, async (a) => {
    for (const [event, when] of events) await happenedTo(a, event, { case: own, assignment, at: when })
  })

const reconsider = (root: Case, before?: readonly Assignment[]) =>
  act(t.ports, { actor: 'system', unrecorded: true }, (a) =>
    reconsidered(a, { root, ...(before !== undefined && { assignments: before }) }),
  )

/** Of a case, those that run or have been taken back, with the time of their end. */
async function clocksOf(caseId: string): Promise<string[]> {
  const rows = await t.ports.db.select().from(deadlines).where(eq(deadlines.caseId, caseId))
  return rows
    .filter(({ state }) => state !== 'met')
    .map(({ step, state, dueAt }) => (state === 'open' ? `${step} ${said(dueAt)}` : `${step} ${state}`))
    .sort()
}

interface Learned {
  readonly name: string
  readonly category: string
  readonly share?: Partial<Assignment>
  /** Of the case's row. */
  readonly was?: Partial<Case>
  readonly events?: readonly (readonly [Event, Date])[]
  readonly now: Partial<Case>
  readonly clocks: readonly string[]
}

const ON_SITE = { state: 'accepted', acceptedAt: NINE, siteVisitedAt: at('09:30') } as const
const LOOKED_AT = [
  ['assignment.accepted', NINE],
  ['assignment.site-checked', at('09:30')],
] as const

const LEARNED: readonly Learned[] = [
  {
    name: 'found complex late: its clocks run from when it was accepted and looked at, though that may be over already',
    category: 'infrastructure',
    share: ON_SITE,
    events: LOOKED_AT,
    now: { complex: true },
    clocks: ['infra-fix cancelled', 'infra-fix-complex 19 17:30', 'infra-make-safe 19 11:00'],
  },
  {
    name: 'not complex after all: back to the shorter time, from the same hour',
    category: 'infrastructure',
    share: ON_SITE,
    was: { complex: true },
    events: LOOKED_AT,
    now: { complex: false },
    clocks: ['infra-fix 19 11:30', 'infra-fix-complex cancelled', 'infra-make-safe cancelled'],
  },
  {
    name: 'what has been done already is not asked for any more',
    category: 'infrastructure',
    share: { ...ON_SITE, safeAt: at('09:40') },
    events: [...LOOKED_AT, ['assignment.safe', at('09:40')]],
    now: { complex: true },
    clocks: ['infra-fix cancelled', 'infra-fix-complex 19 17:30'],
  },
  {
    name: 'of another category: the clocks of that one, for the agency and for the citizen',
    category: 'society',
    events: [
      ['case.dispatched', NINE],
      ['assignment.delivered', NINE],
    ],
    now: { category: 'ideas' },
    clocks: [
      'answer-instruction 29 23:59',
      'answer-society cancelled',
      'handle cancelled',
      'handle-by-instruction 29 23:59',
      'office-dispatch 20 17:00',
      'return cancelled',
    ],
  },
  {
    name: 'others act with it: the longer time, of the lead and of the citizen',
    category: 'ideas',
    events: [
      ['report.complete', NINE],
      ['assignment.assigned', NINE],
    ],
    now: { coordinated: true },
    clocks: [
      'answer-instruction cancelled',
      'answer-instruction-together 03 23:59',
      'handle-by-instruction cancelled',
      'handle-by-instruction-together 03 23:59',
      'office-dispatch 20 17:00',
    ],
  },
  {
    name: 'nothing that a rule asks about: nothing changes',
    category: 'society',
    events: [['assignment.delivered', NINE]],
    now: { field: 'rubbish' },
    clocks: ['handle 26 17:00', 'return 20 17:00'],
  },
]

it.each(LEARNED.map((one) => [one.name, one] as const))(
  '%s',
  async (_, { category, share: ofShare, was, events = [], now, clocks }) => {
    const own = await matter(category, was)
    const lead = await share(own, ofShare)
    await happens(own, lead, ...events)
    await t.ports.db.update(cases).set(now).where(eq(cases.id, own.id))
    await reconsider(own)
    expect(await clocksOf(own.id)).toEqual(clocks)
  },
)

it('what an assignment has reached counts as it was before: looked at, it has longer to return a matter', async () => {
  const own = await matter('society')
  const before = await share(own)
  await happens(own, before, ['assignment.delivered', NINE])
  await t.ports.db
    .update(assignments)
    .set({ siteVisitedAt: at('10:00') })
    .where(eq(assignments.id, before.id))
  await reconsider(own, [before])
  expect(await clocksOf(own.id)).toEqual(['handle 26 17:00', 'return cancelled', 'return-after-visit 21 17:00'])
})

it('the longest that the agency has to answer is what its office is told', async () => {
  const own = await matter('infrastructure', { complex: false })
  const lead = await share(own, ON_SITE)
  await happens(own, lead, ...LOOKED_AT)
  await t.ports.db.update(cases).set({ complex: true }).where(eq(cases.id, own.id))
  await reconsider(own)
  const [now] = await t.ports.db.select().from(assignments).where(eq(assignments.id, lead.id))
  expect(said(now!.dueAt!)).toBe('19 17:30')
})

it.each(['returned', 'forwarded', 'withdrawn', 'answered'] as const)(
  'a share that is %s gets no clock any more; the next one does',
  async (state) => {
    const own = await matter('infrastructure')
    const ended = await share(own, { ...ON_SITE, state })
    const next = await share(own, ON_SITE)
    await t.ports.db.update(cases).set({ complex: true }).where(eq(cases.id, own.id))
    await reconsider(own)
    const rows = await t.ports.db.select().from(deadlines).where(eq(deadlines.caseId, own.id))
    expect(rows.map(({ assignmentId }) => assignmentId)).not.toContain(ended.id)
    expect(rows.filter(({ assignmentId }) => assignmentId === next.id).map(({ step }) => step)).toContain(
      'infra-fix-complex',
    )
  },
)

it('what the reporter of a case that was put into this one was promised runs on', async () => {
  const root = await matter('ideas')
  const joined = await matter('ideas', { joinedTo: root.id })
  await happens(joined, undefined, ['report.complete', NINE])
  await t.ports.db.update(cases).set({ coordinated: true }).where(eq(cases.id, root.id))
  await reconsider(root)
  expect(await clocksOf(joined.id)).toEqual(['answer-instruction 29 23:59'])
})

it('asked again it starts and ends nothing', async () => {
  const own = await matter('infrastructure')
  const lead = await share(own, ON_SITE)
  await happens(own, lead, ...LOOKED_AT)
  await t.ports.db.update(cases).set({ complex: true }).where(eq(cases.id, own.id))
  await reconsider(own)
  const once = await clocksOf(own.id)
  const [now] = await t.ports.db.select().from(cases).where(eq(cases.id, own.id))
  await reconsider(now!)
  await reconsider(own)
  expect(await clocksOf(own.id)).toEqual(once)
})
