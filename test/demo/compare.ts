import { isDeepStrictEqual } from 'node:util'
import type { DemoReport } from './report.ts'
import type { Row } from './row.ts'

/** What of a report has not arrived, a phrase each; none when it ended as it must. */
export function missing({ name, expected }: DemoReport, rows: readonly Row[]): string[] {
  const row = rows.find((one) => one.name === name)!
  if (row.reply === null) return ['not sent']
  const { joins, wrongFields = [], aside = null, ...fields } = expected
  const target = joins === undefined ? null : (rows.find((one) => one.name === joins)?.caseId ?? `the case of ${joins}`)
  const deliveryKind = expected.delivery === undefined ? null : joins === undefined ? 'case' : 'addition'
  const wanted = { ...fields, hasCode: expected.status !== null, joinedTo: target, deliveryKind, wrongFields, aside }
  const seen: Readonly<Record<string, unknown>> = {
    ...row,
    hasCode: row.code !== null,
    wrongFields: row.errors.map(({ field }) => field).sort(),
    aside: row.aside?.state ?? null,
  }
  return Object.entries(wanted)
    .filter(([field, value]) => !isDeepStrictEqual(seen[field], value))
    .map(([field, value]) => `${field} is ${JSON.stringify(seen[field])}, not ${JSON.stringify(value)}`)
}
