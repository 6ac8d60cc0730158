import { and, eq, sql } from 'drizzle-orm'
import type { NewTask } from '../../platform/tasks/add.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { DAY_MS } from '../day.ts'
import type { Officer } from '../people/officer.ts'
import { history, reports, submissions } from '../tables/index.ts'

/** Until the report is read. */
const SOON_MS = 1000

/** Writes who took a call down into the history of its case, which there is as soon as it is read. */
export function loggedTask(submissionId: string, { actor }: Pick<Officer, 'actor'>): Omit<NewTask, 'due'> {
  return { kind: 'logged', ref: `${submissionId} ${actor}` }
}

export async function logged(ports: Ports, task: Claimed): Promise<void> {
  const [submissionId = '', actor = ''] = task.ref.split(' ')
  await act(ports, { actor, unrecorded: true }, async (a) => {
    const [submission] = await a.tx.select().from(submissions).where(eq(submissions.id, submissionId))
    const [report] = await a.tx.select().from(reports).where(eq(reports.submissionId, submissionId))
    // One that was erased before it was read never has a report.
    const mayCome = submission!.erasedAt === null && a.at.getTime() - submission!.receivedAt.getTime() < DAY_MS
    if (report === undefined) return finishing(a, task, mayCome ? new Date(a.at.getTime() + SOON_MS) : undefined)
    const said = and(
      eq(history.chain, `case:${report.caseId}`),
      eq(history.kind, 'report.logged'),
      eq(history.actor, actor),
      sql`strpos(${history.body}, ${report.id}) > 0`,
    )
    // Asked for again with each retry of the officer's program.
    if ((await a.tx.$count(history, said)) === 0)
      a.record({ of: 'case', id: report.caseId }, 'report.logged', { report: report.id })
    await finishing(a, task)
  })
}
