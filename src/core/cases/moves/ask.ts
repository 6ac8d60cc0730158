import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { tell } from '../../notices/tell.ts'
import type { Officer } from '../../people/officer.ts'
import { cases } from '../../tables/index.ts'
import { holdOne, settle } from '../hold.ts'
import { caseCan } from '../machine.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import type { Refused } from '../refused.ts'

export interface Asking {
  readonly caseId: string
  readonly version: number
  /** What is missing, in words for the reporter. */
  readonly text: string
}

/** Asks the reporters for what is missing; the case waits for them. */
export function askReporters(ports: Ports, officer: Officer, { text, ...on }: Asking): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.ask', move: 'ask' }, async (a, { root, reports }) => {
    const clean = await masked(a, root.id, text)
    await a.tx.update(cases).set({ askedAt: a.at }).where(eq(cases.id, root.id))
    a.record({ of: 'case', id: root.id }, 'case.asked-back', { text: clean })
    await tell(a, reports, { event: 'asked', about: `${root.id} ${a.at.toISOString()}`, values: { question: clean } })
    await happenedTo(a, 'case.asked-back', { case: root })
  })
}

/** A reporter has answered a question of ours: the case goes on from where it was. */
export async function completed(a: Act, rootId: string): Promise<void> {
  const root = await holdOne(a, rootId)
  if (!caseCan(root.status, 'complete')) return
  await a.tx.update(cases).set({ askedAt: null }).where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.completed')
  await happenedTo(a, 'case.completed-by-reporter', { case: root })
  await happenedTo(a, 'report.complete', { case: root })
  await settle(a, root.id)
}
