import type { Contact } from '../../channels/channel.ts'
import { MARK, type Personal } from '../../normalize/mask.ts'
import type { FieldFound, ReportRead } from '../../normalize/read-report.ts'
import { fold } from '../../normalize/text.ts'
import type { Reading } from '../tables/reading.ts'

/** A part as it was read, and the same as it is kept: masked and trimmed. */
export interface KeptPart {
  readonly read: string
  readonly kept: string
  /** What is hidden of it. */
  readonly personal: readonly Personal[]
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
  const own = new Set(fold(Object.values(contact).join(' ')).split(' '))
  for (const [field, found] of Object.entries(fields)) readings[field] = toReading(found, parts, own)
  for (const field of ['name', 'phone', 'email'] as const) {
    const found = who[field]
    if (found !== undefined) readings[field] = { value: true, confidence: found.confidence, from: found.from }
  }
  return readings
}

function toReading(found: FieldFound, parts: ReadonlyMap<string, KeptPart>, own: ReadonlySet<string>): Reading {
  const { value, confidence, from, candidates = [], scores, why = [] } = found
  const span = spanIn(found, parts.get(from))
  const said = why.filter((words) => tellsNobody(words, own))
  return {
    ...{ value, confidence, from },
    ...(span && { span }),
    ...(candidates.length > 0 && { candidates }),
    ...(scores !== undefined && { scores }),
    ...(said.length > 0 && { why: said }),
  }
}

/** No word of who sent it, and no number that could be somebody's. */
function tellsNobody(words: string, own: ReadonlySet<string>): boolean {
  return (
    !/\d{5}/.test(words.replace(/[\s.-]/g, '')) &&
    fold(words)
      .split(' ')
      .every((word) => !own.has(word))
  )
}

/** Where a span of the text lies in the masked one; undefined where all of it is masked. */
function spanIn(
  { start, end }: FieldFound,
  part: KeptPart | undefined,
): { readonly start: number; readonly end: number } | undefined {
  if (start === undefined || end === undefined || end <= start || part === undefined) return undefined
  const lead = part.read.length - part.read.trimStart().length
  const moved = (at: number) => {
    let by = -lead
    for (const span of part.personal) {
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
