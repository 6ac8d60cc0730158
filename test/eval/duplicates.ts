import type { Judged } from './judged.ts'
import { type Ratio, ratioOf } from './ratio.ts'
import type { Said } from './read-back.ts'

export interface Duplicates {
  readonly linked: Ratio
  readonly suggested: Ratio & { readonly per_report: number }
  readonly best_f1: number
}

interface Pair {
  readonly same: boolean
  readonly linked: boolean
  /** Over what the product looked at; undefined where it did not. */
  readonly score: number | undefined
}

/** Over all pairs of reports of one profile. */
export function duplicates(judged: readonly Judged[]): Duplicates {
  const reports = judged.filter(({ line }) => line.gold.kind === 'report')
  const pairs = reports.flatMap((one, i) =>
    reports
      .slice(i + 1)
      .filter(({ line }) => line.profile === one.line.profile)
      .map((other) => pairOf(one, other)),
  )
  const suggestions = reports.reduce((sum, { said }) => sum + (said?.suggested.length ?? 0), 0)
  const measured = (is: (pair: Pair) => boolean) =>
    ratioOf(
      pairs.filter((pair) => pair.same && is(pair)).length,
      pairs.filter(is).length,
      pairs.filter(({ same }) => same).length,
    )
  return {
    linked: measured(({ linked }) => linked),
    suggested: {
      ...measured(({ linked, score }) => linked || score !== undefined),
      per_report: reports.length === 0 ? 0 : suggestions / reports.length,
    },
    best_f1: Math.max(0, ...thresholds(pairs).map((least) => measured(({ score = -1 }) => score >= least).f1)),
  }
}

function pairOf(one: Judged, other: Judged): Pair {
  const [a, b] = [one.said, other.said]
  const linked = a !== undefined && b !== undefined && a.survivorId === b.survivorId
  const scores = a && b ? [...scoresOf(a, b), ...scoresOf(b, a)] : []
  return {
    same: one.line.gold.incident !== null && one.line.gold.incident === other.line.gold.incident,
    linked,
    score: linked ? Math.max(1, ...scores) : scores.length > 0 ? Math.max(...scores) : undefined,
  }
}

function scoresOf({ suggested }: Said, { caseId, survivorId }: Said): number[] {
  return suggested.filter((one) => one.caseId === caseId || one.caseId === survivorId).map(({ score }) => score)
}

const thresholds = (pairs: readonly Pair[]): number[] => [...new Set(pairs.flatMap(({ score }) => score ?? []))]
