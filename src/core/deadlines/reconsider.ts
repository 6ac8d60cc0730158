import { and, eq, inArray } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { type Assignment, assignmentsOf, type Case, familyOf, holdOne, ofThisRound } from '../cases/hold.ts'
import { isEnd } from '../cases/machine.ts'
import { answerDue } from '../delivery/due.ts'
import { rulesOf } from '../profile/of-case.ts'
import { assignments, assignmentWords, deadlines } from '../tables/index.ts'
import { endClocks, isOfAssignment, startClocks } from './clocks.ts'
import type { Event } from './events.ts'
import { factsOf } from './facts-of.ts'
import { type Facts, isFor, type Rule } from './rule.ts'
import { clockRules } from './rules-of.ts'

/** As the matter stood: its row, and those of its assignments where they have changed. */
export interface Before {
  readonly root: Case
  readonly assignments?: readonly Assignment[]
}

/**
 * What is known of a matter has changed: its category, that it is complex, that the place has to be looked at, that others act with it. Clocks of
 * rules that are not for it any more end; those of rules that are for it now run from when their event was. The caller holds the case, and calls
 * this after every change.
 */
export async function reconsidered(a: Act, before: Before): Promise<void> {
  const root = await holdOne(a, before.root.id)
  const family = await familyOf(a.tx, root.id)
  const live = ofThisRound(root, await assignmentsOf(a.tx, family)).filter(({ state }) => !isEnd(state))
  const rules = clockRules(await rulesOf(a.ports, root))
  const known = await a.tx
    .select()
    .from(deadlines)
    .where(inArray(deadlines.caseId, family))
    .orderBy(deadlines.startedAt, deadlines.id)
    .for('update')
  const ofId = (id: string | null) => live.find((assignment) => assignment.id === id)
  const stale = known.filter((d) => {
    const rule = rules.find(({ step }) => step === d.step)
    const assignment = ofId(d.assignmentId)
    // Clocks of a case that was put into this one are about what its own reporter was promised.
    const ours = d.assignmentId === null ? d.caseId === root.id : assignment !== undefined
    return ours && d.state === 'open' && rule !== undefined && !isFor(rule, factsOf(root, assignment), assignment?.role)
  })
  await endClocks(a, stale, { state: 'cancelled', at: a.at, of: { case: root } })
  const running = known.filter((d) => d.state === 'open' && !stale.includes(d))
  const lead = live.find(({ role }) => role === 'lead')
  for (const assignment of [undefined, ...live]) {
    const times = await timesOf(a, root, assignment ?? lead)
    const was = (before.assignments ?? live).find(({ id }) => id === assignment?.id)
    const about = { assignment, times, facts: factsOf(root, assignment), before: factsOf(before.root, was) }
    for (const { rule, since } of newlyFor(rules, about))
      await startClocks(a, rule.from, {
        of: { case: root, ...(assignment !== undefined && { assignment }), at: since },
        rules: [rule],
        running,
        known,
      })
  }
  for (const { id, deliveredAt } of live)
    if (deliveredAt !== null)
      await a.tx
        .update(assignments)
        .set({ dueAt: (await answerDue(a.tx, { id })) ?? null })
        .where(eq(assignments.id, id))
}

type Times = Readonly<Partial<Record<Event, Date>>>

interface About {
  readonly times: Times
  readonly assignment: Assignment | undefined
  readonly facts: Facts
  readonly before: Facts
}

/** Rules that were not for it and are now, whose event has been and whose end has not. */
function newlyFor(
  rules: readonly Rule[],
  { times, assignment, facts, before }: About,
): { readonly rule: Rule; readonly since: Date }[] {
  return rules.flatMap((rule) => {
    if ('promised' in rule.span || isOfAssignment(rule) !== (assignment !== undefined)) return []
    if (isFor(rule, before, assignment?.role) || !isFor(rule, facts, assignment?.role)) return []
    const since = times[rule.from]
    if (since === undefined || rule.until.some((event) => (times[event]?.getTime() ?? -1) >= since.getTime())) return []
    return [{ rule, since }]
  })
}

/** When what starts and stops clocks was, as far as a case and an assignment that still goes on remember it. */
async function timesOf(a: Act, root: Case, assignment: Assignment | undefined): Promise<Times> {
  const times = {
    'report.received': root.openedAt,
    'report.complete': root.openedAt,
    'case.dispatched': root.routedAt,
    'case.asked-back': root.askedAt,
    'case.replied': root.repliedAt,
    ...(assignment !== undefined && {
      'assignment.assigned': assignment.assignedAt,
      'assignment.delivered': assignment.deliveredAt,
      'assignment.accepted': assignment.acceptedAt,
      'assignment.site-checked': assignment.siteVisitedAt,
      'assignment.safe': assignment.safeAt,
      'assignment.interim': await lastInterim(a, assignment),
    }),
  }
  return Object.fromEntries(Object.entries(times).flatMap(([event, at]) => (at ? [[event, at]] : [])))
}

async function lastInterim(a: Act, { id }: Assignment): Promise<Date | undefined> {
  const said = await a.tx
    .select({ at: assignmentWords.at })
    .from(assignmentWords)
    .where(and(eq(assignmentWords.assignmentId, id), eq(assignmentWords.kind, 'interim')))
    .orderBy(assignmentWords.at)
  return said.at(-1)?.at
}
