import { agrees, EXTRACTED, type Extracted, folded } from './agree.ts'
import type { Line } from './corpus.ts'
import { duplicates } from './duplicates.ts'
import type { Judged } from './judged.ts'
import { type Ratio, ratios, share } from './ratio.ts'
import type { Said } from './read-back.ts'

const SCREENED = ['petition', 'spam', 'urgent', 'abusive', 'confidential'] as const
const MISSING = ['name', 'phone', 'place', 'content'] as const

export interface Figures {
  readonly duplicates: ReturnType<typeof duplicates>
  readonly extraction: Readonly<Record<Extracted | 'ward_named', number>>
  readonly screening: Readonly<Record<(typeof SCREENED)[number], Ratio>>
  readonly missing: Readonly<Record<(typeof MISSING)[number], Ratio>>
  readonly followup: number
}

/** Every figure that the corpus' README defines. */
export function figuresOf(judged: readonly Judged[]): Figures {
  const reports = judged.filter(({ line }) => line.gold.kind === 'report')
  const shares = EXTRACTED.map((field) => [field, share(reports, (one) => agrees(field, one))] as const)
  const named = reports.filter(({ line: { raw, gold } }) => gold.ward !== null && isNamed(raw, gold.ward))
  return {
    duplicates: duplicates(judged),
    extraction: {
      ...(Object.fromEntries(shares) as Record<Extracted, number>),
      ward_named: share(named, (one) => agrees('ward', one)),
    },
    screening: ratios(SCREENED, (field) =>
      judged.map(({ line: { gold }, said }) =>
        field === 'petition' || field === 'spam'
          ? { gold: gold.kind === field, said: said?.kind === field }
          : { gold: gold[field], said: said?.[field] === true },
      ),
    ),
    missing: ratios(MISSING, (code) =>
      reports.map(({ line: { gold }, said }) => ({
        gold: gold.missing.includes(code),
        said: said?.missing.includes(code) === true,
      })),
    ),
    followup: share(
      judged.filter(({ line }) => line.gold.kind === 'followup'),
      ({ line, said }) => isAttached(said, line, judged),
    ),
  }
}

/** To the case of any report of its incident. */
function isAttached(said: Said | undefined, { id, gold, profile }: Line, judged: readonly Judged[]): boolean {
  return judged.some(
    (other) =>
      other.line.id !== id &&
      other.line.profile === profile &&
      other.line.gold.kind === 'report' &&
      other.line.gold.incident === gold.incident &&
      other.said !== undefined &&
      other.said.survivorId === said?.survivorId,
  )
}

function isNamed(raw: object, ward: string): boolean {
  return ` ${folded(Object.values(raw).map(textIn).join(' '))} `.includes(` ${folded(ward)} `)
}

function textIn(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? Object.values(value).map(textIn).join(' ') : ''
}
