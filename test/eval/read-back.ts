import type { Readings, Staff, Submission } from './staff.ts'

/** What the product says of one line, as the staff API gives it. */
export interface Said {
  readonly caseId: string
  /** The case that it counts for now, over joins. */
  readonly survivorId: string
  /** Every case that the product offers as the same matter, with how alike it holds them, 0 to 1. */
  readonly suggested: readonly { readonly caseId: string; readonly score: number }[]
  readonly name: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly kind: string | null
  readonly category: string | null
  /** The likeliest first. */
  readonly categories: readonly string[]
  readonly ward: string | null
  readonly district: string | null
  readonly occurredAt: string | null
  readonly urgent: boolean
  readonly abusive: boolean
  readonly confidential: boolean
  readonly missing: readonly string[]
}

/** Set aside at the door, where an officer can look at it: for the one that measures, screened out. */
export const ASIDE: Said = {
  ...{ caseId: '', survivorId: '', suggested: [], name: null, phone: null, email: null, kind: 'spam', category: null },
  ...{ categories: [], ward: null, district: null, occurredAt: null, urgent: false, abusive: false },
  ...{ confidential: false, missing: [] },
}

/** Of a report with what was read of it when it came; undefined where no report came of it. */
export async function saidOf(
  staff: Staff,
  { reportId, caseId, survivorId }: Submission,
  readings: Readings | undefined,
): Promise<Said | undefined> {
  if (reportId === null || caseId === null || survivorId === null || readings === undefined) return undefined
  const { name, phone, email } = await staff.identity(reportId)
  return {
    ...{ caseId, survivorId, suggested: [], name, phone, email },
    kind: textIn(readings, 'kind'),
    category: textIn(readings, 'category'),
    categories: readings['category']?.candidates?.map(({ value }) => value) ?? [],
    ward: textIn(readings, 'ward'),
    district: textIn(readings, 'district'),
    occurredAt: textIn(readings, 'occurredAt'),
    urgent: readings['urgent']?.value === true,
    abusive: readings['abusive']?.value === true,
    confidential: readings['confidential']?.value === true,
    missing: listIn(readings, 'missing'),
  }
}

function textIn(readings: Readings, field: string): string | null {
  const value = readings[field]?.value
  return typeof value === 'string' ? value : null
}

function listIn(readings: Readings, field: string): readonly string[] {
  const value = readings[field]?.value
  return Array.isArray(value) ? value : []
}
