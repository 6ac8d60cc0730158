import { inArray } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import { type Assignment, type Case, familyOf, type Report, rootOf } from '../cases/hold.ts'
import { deadlines } from '../tables/index.ts'
import type { Calendar } from './calendar.ts'
import { ENDS_ASSIGNMENT, ENDS_CASE, type Event } from './events.ts'
import { type Facts, isFor, type Rule } from './rule.ts'
import { nextLook, setMarks } from './set-marks.ts'
import { dueAfter } from './span.ts'
import type { Due } from './working-days.ts'

export type Deadline = typeof deadlines.$inferSelect

export interface Happening {
  readonly case: Case
  /** The one that the event is about; an event of the case itself has none. */
  readonly assignment?: Assignment | undefined
  readonly report?: Report | undefined
  readonly rules: readonly Rule[]
  readonly facts: Facts
  /** When it happened, where that was not now: a report is received before it is read. */
  readonly at?: Date | undefined
  /** The last instant of the day that an interim answer commits to; starts the rules with `span: { promised: true }`. */
  readonly promised?: Date | undefined
}

export interface Clocks {
  readonly started: readonly Deadline[]
  readonly met: readonly Deadline[]
  readonly cancelled: readonly Deadline[]
}

/**
 * Starts and stops the clocks that an event is about, in the transaction of the operation; the caller holds the case.
 *
 * - A clock of agency, leader or coordinator belongs to the assignment of its event; one of intake or operator, and one towards the citizen, to
 *   the case. It is met by an event of its assignment, by one of the case, or, where it belongs to the case, by one of the lead's assignment.
 *   Cases that were put together have their events together.
 * - A clock towards the citizen starts once in the life of its case, and so does one with `once`. Another starts again with each event, unless it is running already;
 *   `restarts: false` gives the next agency what is left.
 * - What an assignment owed ends with it (returned, forwarded), and everything with the case (refused, closed).
 */
export async function happened(a: Act, event: Event, of: Happening): Promise<Clocks> {
  const family = await familyOf(a.tx, await rootOf(a.tx, of.case.id))
  const known = await a.tx
    .select()
    .from(deadlines)
    .where(inArray(deadlines.caseId, family))
    .orderBy(deadlines.startedAt, deadlines.id)
    .for('update')
  const open = known.filter(({ state }) => state === 'open')
  const met = open.filter((d) => d.until.includes(event) && concerns(of.assignment, d))
  const starting = of.rules.filter((rule) => rule.from === event && isFor(rule, of.facts, of.assignment?.role))
  const left = open.filter((d) => !met.includes(d))
  const cancelled = left.filter((d) => isEndedBy(event, of, d) || isPromisedAnew(starting, of, d))
  await endClocks(a, met, { state: 'met', at: of.at ?? a.at, of })
  await endClocks(a, cancelled, { state: 'cancelled', at: of.at ?? a.at, of })
  const running = left.filter((d) => !cancelled.includes(d))
  const started = await startClocks(a, event, { of, rules: starting, running, known })
  return { started, met, cancelled }
}

function concerns(assignment: Assignment | undefined, { assignmentId }: Deadline): boolean {
  if (assignment === undefined) return true
  return assignmentId === null ? assignment.role === 'lead' : assignmentId === assignment.id
}

function isEndedBy(event: Event, { assignment }: Happening, deadline: Deadline): boolean {
  if (ENDS_CASE.has(event)) return true
  return ENDS_ASSIGNMENT.has(event) && assignment !== undefined && deadline.assignmentId === assignment.id
}

/** The day that the last interim answer names counts, not the one before. */
function isPromisedAnew(starting: readonly Rule[], of: Happening, deadline: Deadline): boolean {
  return (
    of.promised !== undefined &&
    starting.some((rule) => 'promised' in rule.span && rule.step === deadline.step) &&
    belongsTo(deadline, of)
  )
}

const belongsTo = (deadline: Deadline, { case: own, assignment }: Happening): boolean =>
  deadline.caseId === own.id && (deadline.assignmentId === null || deadline.assignmentId === assignment?.id)

interface Ending {
  readonly state: 'met' | 'cancelled'
  readonly at: Date
  readonly of: Pick<Happening, 'case'>
}

/** They are met, or run no more; said in the history of the case. */
export async function endClocks(a: Act, ending: readonly Deadline[], { state, at, of }: Ending): Promise<void> {
  if (ending.length === 0) return
  // The tick did not come by between their time and now.
  const unseen = ending.filter((d) => state === 'met' && at > d.dueAt && d.missedAt === null)
  const chain = { of: 'case', id: of.case.id } as const
  for (const { id, step } of unseen) a.record(chain, 'deadline.missed', { deadline: id, step })
  for (const { id, step, dueAt } of ending)
    a.record(chain, `deadline.${state}`, { deadline: id, step, ...(at > dueAt && { late: true }) })
  await a.tx
    .update(deadlines)
    .set({ state, endedAt: at, nextAt: null })
    .where(inArray(deadlines.id, idsOf(ending)))
  await a.tx
    .update(deadlines)
    .set({ missedAt: a.at })
    .where(inArray(deadlines.id, idsOf(unseen)))
}

const idsOf = (rows: readonly Deadline[]): string[] => rows.map(({ id }) => id)

interface Starting {
  readonly of: Omit<Happening, 'rules' | 'facts'>
  readonly rules: readonly Rule[]
  readonly running: readonly Deadline[]
  readonly known: readonly Deadline[]
}

/** Starts these rules, unless they are running, or promised the citizen something already. */
export async function startClocks(a: Act, event: Event, { of, rules, running, known }: Starting): Promise<Deadline[]> {
  if (rules.length === 0) return []
  const { calendar } = await a.ports.profiles.get(of.case.profile)
  const rows = rules.flatMap((rule): (typeof deadlines.$inferInsert)[] => {
    const ofStep = (d: Deadline) => d.step === rule.step && d.caseId === of.case.id
    const assignment = isOfAssignment(rule) ? of.assignment : undefined
    const before = known.findLast(ofStep)
    if ((rule.towards === 'citizen' || rule.once) && before !== undefined) return []
    if (running.some((d) => ofStep(d) && d.assignmentId === (assignment?.id ?? null))) return []
    const since = rule.restarts || before === undefined ? (of.at ?? a.at) : before.startedAt
    const due = dueOf(rule, since, of.promised, calendar)
    if (due === undefined) return []
    const times = { startedAt: since, dueAt: due.at }
    const marks = setMarks(rule.marks, times, calendar)
    return [
      {
        ...times,
        id: uuid(),
        caseId: of.case.id,
        assignmentId: assignment?.id ?? null,
        reportId: of.report?.id ?? null,
        agencyId: assignment?.agencyId ?? null,
        step: rule.step,
        source: rule.source,
        owner: rule.owner,
        towards: rule.towards,
        until: rule.until,
        startedBy: event,
        span: rule.span,
        calendarId: calendar.id,
        calendarVersion: calendar.version,
        uncertain: due.uncertain,
        state: 'open',
        marks,
        nextAt: nextLook({ dueAt: due.at, missedAt: null, marks }),
      },
    ]
  })
  if (rows.length === 0) return []
  const started = await a.tx.insert(deadlines).values(rows).returning()
  for (const { id, step, assignmentId, dueAt } of started)
    a.record({ of: 'case', id: of.case.id }, 'deadline.started', {
      deadline: id,
      step,
      assignment: assignmentId,
      due: dueAt.toISOString(),
    })
  return started
}

/** Does its clock belong to the assignment of its event? Else to the case. */
export function isOfAssignment({ owner, towards }: Rule): boolean {
  return towards === 'agency' && owner !== 'intake' && owner !== 'operator'
}

function dueOf({ span }: Rule, since: Date, promised: Date | undefined, calendar: Calendar): Due | undefined {
  if (!('promised' in span)) return dueAfter(since, span, calendar)
  return promised && { at: promised, uncertain: [] }
}
