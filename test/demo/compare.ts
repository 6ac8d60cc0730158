import { isDeepStrictEqual } from 'node:util'
import type { DemoReport } from './reports.ts'
import type { Row } from './watch.ts'

/** What of a report has not arrived, a phrase each; none when it ended as it must. */
export function missing({ name, expected }: DemoReport, rows: readonly Row[]): string[] {
  const row = rows.find((one) => one.name === name)!
  if (row.http === null) return ['not sent']
  const { joins, wrongFields = [], ...fields } = expected
  const target = joins === undefined ? null : (rows.find((one) => one.name === joins)?.caseId ?? `the case of ${joins}`)
  const wanted = { ...fields, hasCode: expected.http === 201, joinedTo: target, wrongFields }
  const seen: Readonly<Record<string, unknown>> = {
    ...row,
    hasCode: row.code !== null,
    wrongFields: row.errors.map(({ field }) => field).sort(),
  }
  return Object.entries(wanted)
    .filter(([field, value]) => !isDeepStrictEqual(seen[field], value))
    .map(([field, value]) => `${field} is ${JSON.stringify(seen[field])}, not ${JSON.stringify(value)}`)
}
