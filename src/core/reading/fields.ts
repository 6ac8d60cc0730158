import type { Contact } from '../../channels/channel.ts'
import { findPersonal, MARK, mask } from '../../normalize/mask.ts'
import type { FieldFound, ReportRead } from '../../normalize/read-report.ts'
import type { Reading } from '../tables/reading.ts'

/** A part as it was read, and the same as it is kept: masked and trimmed. */
export interface KeptPart {
  readonly read: string
  readonly kept: string
}

/**
 * What was read, as a report keeps it: spans point into the masked texts, and what is personal is in none of it. Who sent it lies sealed with the
 * reporter; here stands only that it is known, how surely, and from where.
 */
export function toReadings(
  { who, fields }: ReportRead,
  parts: ReadonlyMap<string, KeptPart>,
  contact: Contact,
): Record<string, Reading> {
  const readings: Record<string, Reading> = {}
  for (const [field, found] of Object.entries(fields)) readings[field] = toReading(found, parts, contact)
  for (const field of ['name', 'phone', 'email'] as const) {
    const found = who[field]
    if (found !== undefined) readings[field] = { value: true, confidence: found.confidence, from: found.from }
  }
  return readings
}

function toReading(found: FieldFound, parts: ReadonlyMap<string, KeptPart>, contact: Contact): Reading {
  const { value, confidence, from, candidates = [], scores, why = [] } = found
  const span = spanIn(found, parts.get(from), contact)
  const said = why.filter((words) => mask(words, contact) === words)
  return {
    ...{ value, confidence, from },
    ...(span && { span }),
    ...(candidates.length > 0 && { candidates }),
    ...(scores !== undefined && { scores }),
    ...(said.length > 0 && { why: said }),
  }
}

/** Where a span of the text lies in the masked one; undefined where all of it is masked. */
function spanIn(
  { start, end }: FieldFound,
  part: KeptPart | undefined,
  contact: Contact,
): { readonly start: number; readonly end: number } | undefined {
  if (start === undefined || end === undefined || end <= start || part === undefined) return undefined
  const hidden = findPersonal(part.read, contact)
  const lead = part.read.length - part.read.trimStart().length
  const moved = (at: number) => {
    let by = -lead
    for (const span of hidden) {
      if (span.start >= at) break
      // Inside of what is hidden is its beginning.
      if (span.end > at) return span.start + by
      by += MARK.length - (span.end - span.start)
    }
    return at + by
  }
  const [from, to] = [Math.max(0, moved(start)), Math.min(moved(end), part.kept.length)]
  return to > from ? { start: from, end: to } : undefined
}
