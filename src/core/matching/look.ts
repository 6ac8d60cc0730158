import { sql } from 'drizzle-orm'
import { similarity } from '../../normalize/similar.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Report } from '../cases/hold.ts'
import { caseCan } from '../cases/machine.ts'
import type { ProfileVersion } from '../profile/profile.ts'
import { CASE_STATUSES, type Point } from '../words.ts'

export interface Candidate extends Placed {
  readonly caseId: string
  readonly folded: string
  readonly sameReporter: boolean
}

export interface Match {
  readonly caseId: string
  /** Key of the sentence that explains it, with the similarity in hundredths. */
  readonly why: 'resend' | 'same-text'
  readonly similarity: number
}

type Rules = ProfileVersion['repeats']['matching']

/** A matter that its reporters have been told is settled is nobody's twin any more. */
const OPEN = CASE_STATUSES.filter((status) => caseCan(status, 'ask'))
const EACH = 50

/**
 * Open cases of the same days that this report may be about: by the same person, by the very same words, or near the same place. Each arm is
 * bounded by an index and a limit, so the work does not grow with the archive.
 */
export async function candidatesOf(db: Db, report: Report, rules: Rules): Promise<Candidate[]> {
  const since = new Date(report.receivedAt.getTime() - rules.windowDays * 24 * 3600_000)
  const until = new Date(report.receivedAt.getTime() + rules.windowDays * 24 * 3600_000)
  const degrees = rules.nearMetres / 111_000
  const columns = sql`r.id, r.case_id, r.folded, r.lat, r.lng, r.readings`
  const inWindow = sql`r.received_at between ${since} and ${until} and r.id <> ${report.id}`
  const near =
    report.lat === null || report.lng === null
      ? sql``
      : sql`union all (select ${columns}, false as same_reporter from report r
          where r.lat between ${report.lat - degrees} and ${report.lat + degrees} and r.lng between ${report.lng - 2 * degrees} and ${report.lng + 2 * degrees}
            and ${inWindow} order by r.received_at desc limit ${EACH})`
  const { rows } = await db.execute<{
    case_id: string
    folded: string
    lat: number | null
    lng: number | null
    readings: Report['readings']
    same_reporter: boolean
  }>(sql`
    select distinct on (f.id) f.*, c.id as case_id from (
      (select ${columns}, true as same_reporter from contact_index mine
        join contact_index theirs on theirs.kind = mine.kind and theirs.hash = mine.hash
        join report r on r.reporter_id = theirs.reporter_id
        where mine.reporter_id = ${report.reporterId} and ${inWindow} order by r.received_at desc limit ${EACH})
      union all (select ${columns}, false as same_reporter from report r
        where r.folded_hash = ${report.foldedHash} and ${inWindow} order by r.received_at desc limit ${EACH})
      ${near}
    ) f
    join "case" c on c.id = f.case_id
    join "case" mine on mine.id = ${report.caseId}
    where c.profile = mine.profile and c.status = any(${sql.param(OPEN)}::text[]) and coalesce(c.waiting_for, '') not in ('beside-case', 'same-or-new', 'held')
    order by f.id, f.same_reporter desc`)
  return rows.map((row) => ({
    caseId: row.case_id,
    folded: row.folded,
    sameReporter: row.same_reporter,
    ...placeOf(row),
  }))
}

/** The best candidate that is sure enough to be joined without an officer. Pure. */
export function bestMatch(
  report: Placed & { readonly folded: string },
  candidates: readonly Candidate[],
  rules: Rules,
): Match | undefined {
  let best: Match | undefined
  for (const candidate of candidates) {
    if (apart(report, candidate, rules)) continue
    const alike = similarity(report.folded, candidate.folded)
    const why =
      candidate.sameReporter && alike >= rules.sameReporter
        ? 'resend'
        : alike >= rules.anyReporter && placed(report, candidate)
          ? 'same-text'
          : undefined
    if (why !== undefined && alike > (best?.similarity ?? 0))
      best = { caseId: candidate.caseId, why, similarity: alike }
  }
  return best
}

interface Placed {
  readonly point: Point | undefined
  readonly unit: string | undefined
}

/** Two places that are known to differ: the same words about another place are another matter (chain letters differ only there). */
function apart(a: Placed, b: Placed, rules: Rules): boolean {
  if (a.point !== undefined && b.point !== undefined) return metres(a.point, b.point) > rules.nearMetres
  return a.unit !== undefined && b.unit !== undefined && a.unit !== b.unit
}

/** Words of two persons are one matter only where something says that the place is one: two pins, or one unit named by both. */
function placed(a: Placed, b: Placed): boolean {
  return (a.point !== undefined && b.point !== undefined) || (a.unit !== undefined && a.unit === b.unit)
}

/** The units that the words may mean, in one text: equal where two reports name the same. */
function unitRead(readings: Report['readings']): string | undefined {
  return readings['unit']?.candidates?.join(' ')
}

export function placeOf(report: Pick<Report, 'lat' | 'lng' | 'readings'>): Placed {
  return {
    point: report.lat === null || report.lng === null ? undefined : { lat: report.lat, lng: report.lng },
    unit: unitRead(report.readings),
  }
}

/** Flat earth: within the 300 m that matter here it errs by millimetres. */
function metres(a: Point, b: Point): number {
  const east = (a.lng - b.lng) * 111_320 * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(east, (a.lat - b.lat) * 110_574)
}
