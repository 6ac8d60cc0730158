import { readFile } from 'node:fs/promises'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignmentRow, caseRow } from '../../../test/support/case-rows.ts'
import { type TestPorts, testPorts } from '../../../test/support/ports.ts'
import { act } from '../act.ts'
import { hold } from '../cases/hold.ts'
import { isFault } from '../fault.ts'
import { FRESH_MS } from '../profile/store.ts'
import { assignments, deadlines, history } from '../tables/index.ts'
import { applyCalendar, putCalendar } from './apply-calendar.ts'
import { type CalendarFile, readCalendar } from './calendar.ts'
import { type Deadline, happened } from './clocks.ts'
import { recompute } from './recompute.ts'
import { Rule } from './rule.ts'
import { type OnMark, tick } from './tick.ts'

let t: TestPorts
let nation: CalendarFile
let own: CalendarFile
beforeAll(async () => {
  t = await testPorts()
  ;[nation, own] = [await shipped('vn'), await shipped('dien-bien')]
})
afterAll(() => t.close())

async function shipped(id: string): Promise<CalendarFile> {
  const read = readCalendar(await readFile(new URL(`../../../data/calendars/${id}.yaml`, import.meta.url), 'utf8'))
  if ('problems' in read) throw new Error(JSON.stringify(read.problems))
  return read.value
}

const off = (day: string, is: 'off' | 'worked' = 'off') => ({ day, is, why: 'a notice', source: 'a decision' })
const apply = async (file: CalendarFile) => {
  const applied = await applyCalendar(t.ports, 'staff:1', file)
  if (isFault(applied)) throw new Error(applied.message)
  t.clock.move(FRESH_MS)
  return applied.changed
}

/** Six working days from Monday, 19 October 2026: until Tuesday, 27 October, 17:00. */
async function running(more: object = {}): Promise<Deadline> {
  const rule = Rule.parse({
    step: 'handle',
    source: 'Điều 7',
    owner: 'agency',
    from: 'assignment.delivered',
    until: ['assignment.answered'],
    span: { workingDays: 6 },
    marks: [{ before: { workingDays: 1 }, do: 'remind' }],
    ...more,
  })
  const row = await caseRow(t)
  const assignment = await assignmentRow(t, row, { dueAt: new Date('2026-10-27T10:00:00Z') })
  const of = { case: row, assignment, rules: [rule], facts: {} }
  return (await act(t.ports, { actor: 'system' }, (a) => happened(a, 'assignment.delivered', of))).started[0]!
}

const rowOf = async ({ id }: Deadline) => (await t.ports.db.select().from(deadlines).where(eq(deadlines.id, id)))[0]!
const dueOf = async (deadline: Deadline) => (await rowOf(deadline)).dueAt.toISOString()
const movesOf = ({ caseId }: Deadline) =>
  t.ports.db
    .select()
    .from(history)
    .where(sql`chain = ${`case:${caseId}`} and kind = 'deadline.moved'`)
const given: string[] = []
const note: OnMark = async (_, { step }) => void given.push(step)

describe('a calendar that changes', () => {
  it('moves the open deadlines that it touches, and says so in their history', async () => {
    const [touched, hours, promised] = [
      await running(),
      await running({ step: 'hours', span: { hours: 5 } }),
      await running({ step: 'met' }),
    ]
    await t.ports.db.update(deadlines).set({ state: 'met' }).where(eq(deadlines.id, promised.id))
    expect(await apply({ ...own, days: [off('2026-10-26')] })).toBe(true)
    expect(await recompute(t.ports)).toEqual({ looked: 2, moved: 1, left: false })
    expect(await dueOf(touched)).toBe('2026-10-28T10:00:00.000Z')
    expect(await rowOf(touched)).toMatchObject({
      calendarVersion: 'dien-bien@2 vn@1',
      marks: [{ do: 'remind', when: '2026-10-27T10:00:00.000Z' }],
      nextAt: new Date('2026-10-27T10:00:00Z'),
    })
    expect(await dueOf(hours)).toBe(hours.dueAt.toISOString())
    expect(await dueOf(promised)).toBe(promised.dueAt.toISOString())
    expect([(await movesOf(touched)).length, (await movesOf(hours)).length]).toEqual([1, 0])
    const [assignment] = await t.ports.db.select().from(assignments).where(eq(assignments.id, touched.assignmentId!))
    expect(assignment!.dueAt).toEqual(new Date('2026-10-28T10:00:00Z'))
    expect(await recompute(t.ports)).toEqual({ looked: 0, moved: 0, left: false })
  })

  it('counts for clocks that start afterwards; the same file again changes nothing', async () => {
    expect(await dueOf(await running())).toBe('2026-10-28T10:00:00.000Z')
    expect(await apply({ ...own, days: [off('2026-10-26')] })).toBe(false)
  })

  it('that another extends touches what goes by that one', async () => {
    const deadline = await running()
    const years = nation.years.map((year) =>
      year.year === 2026
        ? { ...year, days: [...year.days, { day: '2026-10-23', is: 'off' as const, why: 'a notice' }] }
        : year,
    )
    await apply({ ...nation, years })
    await recompute(t.ports)
    expect(await dueOf(deadline)).toBe('2026-10-29T10:00:00.000Z')
    expect((await rowOf(deadline)).calendarVersion).toBe('dien-bien@2 vn@2')
  })

  it('takes back what was missed by the old one, and gives the marks again whose time is to come', async () => {
    await t.ports.db.update(deadlines).set({ state: 'cancelled' })
    const deadline = await running()
    t.clock.move(10.5 * 24 * 3600_000)
    given.length = 0
    await tick(t.ports, note)
    expect([(await rowOf(deadline)).missedAt, given]).toEqual([t.clock.now(), ['handle']])
    await apply({ ...own, days: ['26', '28', '29', '30'].map((day) => off(`2026-10-${day}`)) })
    await recompute(t.ports)
    expect(await rowOf(deadline)).toMatchObject({ missedAt: null, dueAt: new Date('2026-11-03T10:00:00Z') })
    t.clock.move(4 * 24 * 3600_000)
    await tick(t.ports, note)
    expect(given).toEqual(['handle', 'handle'])
    t.clock.move(-14.5 * 24 * 3600_000)
  })

  it('leaves to the next time what an operation holds', async () => {
    const deadline = await running()
    await apply({ ...own, days: [] })
    await t.ports.db.transaction(async (tx) => {
      await hold(tx, [deadline.caseId])
      expect(await recompute(t.ports)).toMatchObject({ left: true })
    })
    expect(await recompute(t.ports)).toMatchObject({ left: false })
    expect((await rowOf(deadline)).calendarVersion).toBe('dien-bien@4 vn@2')
  })

  it('is computed once, however many processes do it', async () => {
    const all: Deadline[] = []
    for (let i = 0; i < 30; i++) all.push(await running())
    await apply({ ...own, days: [off('2026-10-21')] })
    await Promise.all([recompute(t.ports), recompute(t.ports), recompute(t.ports)])
    await recompute(t.ports)
    for (const deadline of all) expect(await movesOf(deadline)).toHaveLength(1)
  })
})

describe('a calendar file', () => {
  it.each([
    ['extends nothing that is known', { extends: 'nowhere' }, /nowhere/],
    ['extends itself', { extends: 'dien-bien' }, /itself/],
    ['extends what extends it', { id: 'vn', extends: 'dien-bien' }, /itself/],
  ])('is refused when it %s', async (_, change, problem) => {
    expect(await applyCalendar(t.ports, 'staff:1', { ...own, ...change })).toMatchObject({
      message: expect.stringMatching(problem),
    })
  })

  it('that ships takes the place of one that shipped, never of one that was edited', async () => {
    const put = (file: CalendarFile) =>
      act(t.ports, { actor: 'system', unrecorded: true }, (a) => putCalendar(a, file, 'shipped'))
    const other = { ...own, id: 'elsewhere' }
    expect([await put(other), await put(other), await put({ ...other, days: [off('2026-10-21')] })]).toEqual([
      true,
      false,
      true,
    ])
    await apply({ ...other, days: [off('2026-10-22')] })
    expect(await put(other)).toBe(false)
    const chain = await t.ports.db
      .select()
      .from(history)
      .where(eq(history.chain, 'calendar:elsewhere'))
      .orderBy(history.seq)
    expect(chain.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['calendar.applied', 'system'],
      ['calendar.applied', 'system'],
      ['calendar.applied', 'staff:1'],
    ])
  })
})
