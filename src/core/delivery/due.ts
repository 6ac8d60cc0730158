import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import type { Assignment, Case } from '../cases/hold.ts'
import { factsOf } from '../deadlines/facts-of.ts'
import { isFor } from '../deadlines/rule.ts'
import { clockRules } from '../deadlines/rules-of.ts'
import { dueAfter } from '../deadlines/span.ts'
import { rulesOf } from '../profile/of-case.ts'
import { deadlines } from '../tables/index.ts'

/** The event that ends what office and citizen are told as the time by which the agency answers. */
const ANSWER = 'assignment.answered'

/** By when the agency must answer: of its running clocks until then, the longest; undefined where none runs. */
export async function answerDue(tx: Tx, { id }: Pick<Assignment, 'id'>): Promise<Date | undefined> {
  const [longest] = await tx
    .select({ dueAt: sql<Date | null>`max(${deadlines.dueAt})`.mapWith(deadlines.dueAt) })
    .from(deadlines)
    .where(
      and(
        eq(deadlines.assignmentId, id),
        eq(deadlines.state, 'open'),
        sql`${deadlines.until} @> ${JSON.stringify([ANSWER])}::jsonb`,
      ),
    )
  return longest?.dueAt ?? undefined
}

/** What its office is told: the time that it has, or, before it has the case, the time that it would have if it had it at `at`. */
export async function dueOf(
  tx: Tx,
  ports: Pick<Ports, 'profiles'>,
  of: { readonly own: Case; readonly assignment: Assignment; readonly at: Date },
): Promise<Date | undefined> {
  const { own, assignment, at } = of
  if (assignment.dueAt !== null) return assignment.dueAt
  const { calendar } = await ports.profiles.get(own.profile)
  const facts = factsOf(own, assignment)
  const coming = clockRules(await rulesOf(ports, own)).flatMap(({ span, ...rule }) =>
    rule.from === 'assignment.delivered' &&
    rule.towards === 'agency' &&
    rule.until.includes(ANSWER) &&
    !('promised' in span) &&
    isFor({ span, ...rule }, facts, assignment.role)
      ? [dueAfter(at, span, calendar).at]
      : [],
  )
  const running = await answerDue(tx, assignment)
  const latest = Math.max(...[...coming, ...(running === undefined ? [] : [running])].map((each) => each.getTime()))
  return Number.isFinite(latest) ? new Date(latest) : undefined
}
