import type { z } from 'zod'
import type { Correction, Reading } from '../../core/tables/reading.ts'
import type { CaseView } from '../contract/staff.ts'

type Readings = z.output<typeof CaseView>['reports'][number]['readings']

/** A corrected field that nothing was read for stands beside those that were read. */
const UNREAD: Reading = { value: null, confidence: 0, from: '' }

export function presentReadings({
  readings,
  corrections,
}: {
  readonly readings: Readonly<Record<string, Reading>>
  readonly corrections: Readonly<Record<string, Correction>>
}): Readings {
  const fields = [...new Set([...Object.keys(readings), ...Object.keys(corrections)])]
  return Object.fromEntries(fields.map((field) => [field, present(readings[field] ?? UNREAD, corrections[field])]))
}

function present(reading: Reading, correction: Correction | undefined): Readings[string] {
  const { value, confidence, from, span = null, candidates = [], scores, why = [] } = reading
  const plain = (of: Reading['value']) => (Array.isArray(of) ? [...of] : (of as Exclude<typeof of, readonly string[]>))
  return {
    ...{
      value: plain(correction === undefined ? value : correction.value),
      read: plain(value),
      confidence,
      from,
      span,
    },
    candidates: candidates.map((each, i) => ({ value: each, confidence: scores?.[i] ?? null })),
    why: [...why],
    corrected: correction === undefined ? null : { by: correction.by, at: correction.at },
  }
}
