import { and, eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { type Act, act, type Ports } from '../../act.ts'
import { openDelivery } from '../../delivery/open.ts'
import { tell } from '../../notices/tell.ts'
import { mayEverywhere } from '../../people/may.ts'
import type { Officer } from '../../people/officer.ts'
import { agencies, assignments, consents } from '../../tables/index.ts'
import { holdWithRoot } from '../hold.ts'
import { isEnd } from '../machine.ts'
import { masked } from '../masked.ts'
import { onAssignment } from '../operate.ts'
import { orRefused, type Refused, refuse } from '../refused.ts'
import type { On } from './work.ts'

export interface AskingIdentity extends On {
  readonly purpose: string
}

/**
 * An agency that cannot go on without the person asks them, on their own channel, naming itself and its purpose (Quyết định 663/QĐ-UBND, Điều 5
 * khoản 5; Luật 91/2025/QH15: for each purpose, and silence is no).
 */
export function askForIdentity(
  ports: Ports,
  officer: Officer,
  { purpose, ...on }: AskingIdentity,
): Promise<Refused | undefined> {
  return onAssignment(ports, officer, { ...on, action: 'case.ask' }, async (a, { root, reports }, assignment) => {
    if (isEnd(assignment.state)) refuse({ refused: 'not-now', status: assignment.state })
    const clean = await masked(a, root.id, purpose)
    const [agency] = await a.tx.select().from(agencies).where(eq(agencies.id, assignment.agencyId))
    for (const report of reports.filter(({ identitySecret }) => identitySecret)) {
      const [asked] = await a.tx
        .insert(consents)
        .values({
          ...{ id: uuid(), reportId: report.id, assignmentId: assignment.id, agencyId: assignment.agencyId },
          ...{ purpose: clean, askedBy: officer.actor, askedAt: a.at, state: 'asked' },
        })
        .onConflictDoNothing()
        .returning()
      if (asked === undefined) continue
      a.record({ of: 'case', id: root.id }, 'consent.asked', { consent: asked.id, report: report.id, purpose: clean })
      await tell(a, [report], { event: 'consent', about: asked.id, values: { agency: agency!.name, purpose: clean } })
    }
    a.record({ of: 'case', id: root.id }, 'identity.asked', { assignment: assignment.id, purpose: clean })
  })
}

export interface ConsentAnswer {
  readonly reportId: string
  readonly consentId: string
  readonly yes: boolean
  /** How we know: `view`, or `call:<actor>` where an officer heard it on the telephone. */
  readonly proof: string
}

/** The reporter's word. A yes travels with the identity as an addition to that one assignment; a no takes nothing back that has left. */
export function answerConsent(
  ports: Ports,
  actor: string,
  { reportId, consentId, yes, proof }: ConsentAnswer,
): Promise<Refused | undefined> {
  return orRefused(() =>
    act(ports, { actor }, async (a) => {
      const [asked] = await a.tx
        .select({ consent: consents, assignment: assignments })
        .from(consents)
        .innerJoin(assignments, eq(assignments.id, consents.assignmentId))
        .where(and(eq(consents.id, consentId), eq(consents.reportId, reportId)))
      if (asked === undefined) return refuse({ refused: 'missing', what: 'question' })
      const { root } = await holdWithRoot(a.tx, asked.assignment.caseId)
      const before = await stateOf(a, consentId)
      const state = yes ? 'given' : before === 'given' ? 'withdrawn' : 'refused'
      if (before === state) return refuse({ refused: 'not-now', status: before })
      await a.tx.update(consents).set({ state, answeredAt: a.at, proof }).where(eq(consents.id, consentId))
      a.record({ of: 'case', id: root.id }, `consent.${state}`, { consent: consentId, report: reportId, proof })
      if (yes && !isEnd(asked.assignment.state))
        await openDelivery(a, {
          ...{ assignment: asked.assignment, kind: 'addition', reportId, urgent: root.urgent },
          purpose: 'identity',
        })
      return undefined
    }),
  )
}

/** An officer of the intake heard it on the telephone, and stands for it with their name. */
export async function consentHeard(
  ports: Ports,
  officer: Officer,
  { consentId, yes }: { readonly consentId: string; readonly yes: boolean },
): Promise<Refused | undefined> {
  if (!mayEverywhere(officer, 'case.ask')) return { refused: 'forbidden' }
  const [asked] = await ports.db.select().from(consents).where(eq(consents.id, consentId))
  if (asked === undefined) return { refused: 'missing', what: 'question' }
  const proof = `call:${officer.actor}`
  return answerConsent(ports, officer.actor, { reportId: asked.reportId, consentId, yes, proof })
}

async function stateOf(a: Act, id: string) {
  const [row] = await a.tx.select({ state: consents.state }).from(consents).where(eq(consents.id, id)).for('update')
  return row!.state
}
