import { eq } from 'drizzle-orm'
import type { Ports } from '../../act.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { reconsidered } from '../../deadlines/reconsider.ts'
import type { Officer } from '../../people/officer.ts'
import { cases } from '../../tables/index.ts'
import { onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'

export interface Correcting {
  readonly caseId: string
  readonly version: number
  readonly category?: string | null | undefined
  /** A narrower field of the category. */
  readonly field?: string | null | undefined
  /** One of the profile's urgent kinds; null: not urgent. */
  readonly urgentKind?: string | null | undefined
  readonly complex?: boolean | undefined
}

/** What an officer knows better than the form: it counts, and the case is routed by it where it has no agency yet. */
export function correctCase(
  ports: Ports,
  officer: Officer,
  { caseId, version, ...said }: Correcting,
): Promise<Refused | undefined> {
  return onCase(
    ports,
    officer,
    { caseId, version, action: 'case.assign', move: 'correct' },
    async (a, { root, rules }) => {
      const { category, urgentKind, complex } = said
      // A field is one of its category: with another category it goes.
      const field = category === undefined ? said.field : (said.field ?? null)
      if (category === undefined && field === undefined && urgentKind === undefined && complex === undefined)
        refuse({ refused: 'invalid', field: 'category', problem: 'missing' })
      const of = rules.categories.find(({ id }) => id === (category === undefined ? root.category : category))
      if (category != null && of === undefined)
        refuse({ refused: 'invalid', field: 'category', problem: 'not-in-profile' })
      if (field != null && !of?.fields.some(({ id }) => id === field))
        refuse({ refused: 'invalid', field: 'field', problem: 'not-in-profile' })
      if (complex === true && of?.complex !== true)
        refuse({ refused: 'invalid', field: 'complex', problem: 'not-in-profile' })
      if (urgentKind != null && !rules.urgent.kinds.some(({ id }) => id === urgentKind))
        refuse({ refused: 'invalid', field: 'urgentKind', problem: 'not-in-profile' })
      await a.tx
        .update(cases)
        .set({
          ...(category !== undefined && { category }),
          ...(field !== undefined && { field }),
          ...(urgentKind !== undefined && { urgentKind, urgent: urgentKind !== null }),
          complex: (complex ?? root.complex) && of?.complex === true,
        })
        .where(eq(cases.id, root.id))
      a.record({ of: 'case', id: root.id }, 'case.corrected', {
        ...(category !== undefined && { category }),
        ...(field !== undefined && { field }),
        ...(urgentKind !== undefined && { urgentKind }),
        ...(complex !== undefined && { complex }),
      })
      const [now] = await a.tx.select().from(cases).where(eq(cases.id, root.id))
      if (now!.urgent && !root.urgent) await happenedTo(a, 'case.urgent', { case: now! })
      await reconsidered(a, { root })
      a.later({ kind: 'route', ref: root.id })
    },
  )
}
