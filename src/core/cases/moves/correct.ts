import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { reconsidered } from '../../deadlines/reconsider.ts'
import type { Officer } from '../../people/officer.ts'
import { isReadValue } from '../../reading/read-field.ts'
import { cases, reports } from '../../tables/index.ts'
import type { ReadingValue } from '../../tables/reading.ts'
import type { ReadField } from '../../words.ts'
import type { Case, Report } from '../hold.ts'
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
  /** Fields that were read from its reports, as they are. */
  readonly readings?: readonly CorrectedField[] | undefined
}

export interface CorrectedField {
  readonly reportId: string
  readonly field: ReadField
  readonly value: ReadingValue
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
    async (a, { root, rules, reports: held }) => {
      const { category, urgentKind, complex, readings = [] } = said
      // A field is one of its category: with another category it goes.
      const field = category === undefined ? said.field : (said.field ?? null)
      const onCaseItself = [category, field, urgentKind, complex].some((value) => value !== undefined)
      if (!onCaseItself && readings.length === 0) refuse({ refused: 'invalid', field: 'category', problem: 'missing' })
      const of = rules.categories.find(({ id }) => id === (category === undefined ? root.category : category))
      if (category != null && of === undefined)
        refuse({ refused: 'invalid', field: 'category', problem: 'not-in-profile' })
      if (field != null && !of?.fields.some(({ id }) => id === field))
        refuse({ refused: 'invalid', field: 'field', problem: 'not-in-profile' })
      if (complex === true && of?.complex !== true)
        refuse({ refused: 'invalid', field: 'complex', problem: 'not-in-profile' })
      if (urgentKind != null && !rules.urgent.kinds.some(({ id }) => id === urgentKind))
        refuse({ refused: 'invalid', field: 'urgentKind', problem: 'not-in-profile' })
      await correctReadings(a, { readings, held, root })
      if (!onCaseItself) return
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

/** Who said it and when stand beside the value; what was read stays as it was, and is learned from. */
async function correctReadings(
  a: Act,
  {
    readings,
    held,
    root,
  }: { readonly readings: readonly CorrectedField[]; readonly held: readonly Report[]; readonly root: Case },
): Promise<void> {
  for (const report of held) {
    const own = readings.filter(({ reportId }) => reportId === report.id)
    if (own.length === 0) continue
    const wrong = own.find(({ field, value }) => !isReadValue(field, value))
    if (wrong !== undefined) refuse({ refused: 'invalid', field: wrong.field, problem: 'wrong' })
    const at = a.at.toISOString()
    const corrected = Object.fromEntries(own.map(({ field, value }) => [field, { value, by: a.actor, at }]))
    await a.tx
      .update(reports)
      .set({ corrections: { ...report.corrections, ...corrected } })
      .where(eq(reports.id, report.id))
    a.record({ of: 'case', id: root.id }, 'report.corrected', {
      report: report.id,
      fields: own.map(({ field }) => field).sort(),
    })
  }
  const unknown = readings.some(({ reportId }) => held.every(({ id }) => id !== reportId))
  if (unknown) refuse({ refused: 'missing', what: 'report' })
}
