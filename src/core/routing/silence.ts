import { and, eq, isNull } from 'drizzle-orm'
import type { Act } from '../act.ts'
import type { Case, Report } from '../cases/hold.ts'
import { rulesOf } from '../profile/of-case.ts'
import { silenceOf } from '../profile/silence.ts'
import { lastHeardOf } from '../reading/whole.ts'
import { deadlines } from '../tables/index.ts'

/**
 * People write in pieces: until when a case waits for its reporters to fall silent; undefined where they have. What is urgent never waits, and
 * nothing waits longer than half of the time in which it must be passed on.
 */
export async function waitsForSilence(a: Act, own: Case, reports: readonly Report[]): Promise<Date | undefined> {
  if (own.urgent) return undefined
  const rules = await rulesOf(a.ports, own)
  const waits: number[] = []
  for (const { channel, submissionId } of reports) {
    const silence = silenceOf(rules, channel)
    if (silence > 0) waits.push((await lastHeardOf(a.tx, submissionId)).getTime() + silence)
  }
  const until = Math.min(Math.max(...waits), await halfTime(a, own.id))
  return waits.length > 0 && until > a.at.getTime() ? new Date(until) : undefined
}

async function halfTime(a: Act, caseId: string): Promise<number> {
  const running = await a.tx
    .select({ startedAt: deadlines.startedAt, dueAt: deadlines.dueAt })
    .from(deadlines)
    .where(and(eq(deadlines.caseId, caseId), eq(deadlines.state, 'open'), isNull(deadlines.assignmentId)))
  return Math.min(...running.map(({ startedAt, dueAt }) => (startedAt.getTime() + dueAt.getTime()) / 2))
}
