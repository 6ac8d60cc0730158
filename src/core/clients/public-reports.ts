import { type SQL, sql } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { rulesOf } from '../profile/of-case.ts'
import { cases, reports, submissions } from '../tables/index.ts'
import type { CaseStatus, Point, PublicStatus } from '../words.ts'

/** West, south, east, north, as RFC 7946 §5 has them. */
export type Box = readonly [west: number, south: number, east: number, north: number]

export interface PublicAsked {
  readonly code?: string | undefined
  readonly box?: Box | undefined
  readonly categories?: readonly string[] | undefined
  readonly status?: PublicStatus | undefined
  readonly since?: Date | undefined
  /** Only what can stand on a map. */
  readonly placed?: boolean
  readonly after?: Place | undefined
  readonly limit: number
}

/** Where in the list something stands. */
export interface Place {
  readonly publishedAt: Date
  readonly id: string
}

/** A matter as everybody may see it: nothing in it says who reported it. */
export interface PublicReport extends Place {
  readonly code: string
  readonly receivedAt: Date
  readonly status: PublicStatus
  readonly category: string | null
  /** Masked, all three. */
  readonly title: string
  readonly text: string
  readonly answer: string
  /** Null where identity is secret: many a matter is before its reporter's own door. */
  readonly address: string | null
  /** To some 100 m where identity is secret, else to a metre. */
  readonly point: Point | null
}

interface Row extends Record<string, unknown> {
  readonly id: string
  readonly profile: string
  readonly profileFrom: string
  readonly code: string
  readonly received: string
  readonly published: string
  readonly status: CaseStatus
  readonly category: string | null
  readonly title: string
  readonly text: string
  readonly answer: string | null
  readonly address: string | null
  readonly lat: number | null
  readonly lng: number | null
}

/**
 * What the province has published: answered, checked, and kept secret by nobody. Newest first, each matter once, whoever else reported it. `after`:
 * where the next page begins; null at the end.
 */
export async function publicReports(
  ports: Ports,
  asked: PublicAsked,
): Promise<{ readonly items: readonly PublicReport[]; readonly after: Place | null }> {
  const { rows } = await ports.db.execute<Row>(query(asked))
  const items: PublicReport[] = []
  for (const row of rows) {
    const { publication } = await rulesOf(ports, row)
    if (publication.report !== 'never') items.push(shown(row))
  }
  const last = rows.length === asked.limit ? rows.at(-1)! : undefined
  return { items, after: last === undefined ? null : { id: last.id, publishedAt: new Date(last.published) } }
}

function shown({ id, code, received, published, status, category, title, text, answer, address, lat, lng }: Row) {
  return {
    ...{ id, code, category, title, text, address },
    ...{ receivedAt: new Date(received), publishedAt: new Date(published) },
    status: status === 'closed' ? ('closed' as const) : ('answered' as const),
    answer: answer ?? '',
    point: lat === null || lng === null ? null : { lat, lng },
  }
}

/** The place is rounded before it is looked for: whoever asks for smaller and smaller boxes finds no more than is shown. */
const rounded = (degrees: SQL): SQL =>
  sql`round(${degrees}::numeric, case when ${reports.identitySecret} then 3 else 5 end)::float8`

function query({ code, box, categories, status, since, placed, after, limit }: PublicAsked): SQL {
  const lat = rounded(sql`${reports.lat}`)
  const lng = rounded(sql`${reports.lng}`)
  const only = [
    sql`${cases.publishedAt} is not null and ${cases.hiddenAt} is null and ${cases.joinedTo} is null`,
    sql`${reports.follows} is null and ${reports.takenBackAt} is null and not ${reports.contentSecret}`,
    sql`${submissions.erasedAt} is null`,
    code !== undefined && sql`${reports.code} = ${code}`,
    box && sql`${lng} between ${box[0]} and ${box[2]} and ${lat} between ${box[1]} and ${box[3]}`,
    placed && sql`${reports.lat} is not null`,
    categories && sql`${cases.category} = any(${sql.param([...categories])}::text[])`,
    status && sql`(${cases.status} = 'closed') = ${status === 'closed'}`,
    since && sql`${cases.publishedAt} >= ${since}`,
    after && sql`(${cases.publishedAt}, ${cases.id}) < (${after.publishedAt}, ${after.id})`,
  ].filter((condition) => typeof condition === 'object')
  return sql`
    select ${cases.id}, ${cases.profile}, ${cases.profileFrom}::text as "profileFrom", ${reports.code},
      ${reports.receivedAt} as received, ${cases.publishedAt} as published, ${cases.status}, ${cases.category},
      ${reports.title}, ${reports.text}, ${cases.reply} as answer,
      case when ${reports.identitySecret} then null else ${reports.address} end as address, ${lat} as lat, ${lng} as lng
    from ${cases}
    join ${reports} on ${reports.caseId} = ${cases.id}
    join ${submissions} on ${submissions.id} = ${reports.submissionId}
    where ${sql.join(only, sql` and `)}
    order by ${cases.publishedAt} desc, ${cases.id} desc
    limit ${limit}`
}
