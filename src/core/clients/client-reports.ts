import { and, eq, inArray, isNull, like, type SQL, sql } from 'drizzle-orm'
import type { Submitted } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import { openItem } from '../intake/open-sealed.ts'
import { agencies, assignments, cases, files, notices, reports, submissions } from '../tables/index.ts'
import type { CaseStatus, NoticeEvent, Point } from '../words.ts'
import { joinRoot } from './root-of.ts'

/** What became of what: nothing more will. */
const ENDED: readonly CaseStatus[] = ['refused', 'answered', 'rated', 'closed']
const LAST_WORDS: readonly NoticeEvent[] = ['answer', 'refused']

export interface ReportsAsked {
  /** Theirs are all of a source; a stranger's those whose answer is public. */
  readonly of: { readonly sourceId: string; readonly reader: 'client' | 'stranger' }
  readonly codes?: readonly string[]
  readonly categories?: readonly string[]
  readonly ended?: boolean
  readonly from?: Date
  readonly to?: Date
  readonly changedFrom?: Date
  readonly limit: number
  readonly skip: number
}

/** A report as its client may see it: nothing in it says who sent it. */
export interface ClientReport {
  readonly code: string
  readonly receivedAt: Date
  readonly changedAt: Date
  readonly ended: boolean
  readonly category: string | null
  /** Masked; null for a stranger, and until it has been read. */
  readonly text: string | null
  readonly address: string | null
  readonly point: Point | null
  readonly agency: string | null
  readonly dueAt: Date | null
  /** The last word on it, where it ended. */
  readonly lastWord: { readonly event: NoticeEvent; readonly values: Readonly<Record<string, string>> } | null
  /** Its first photo, without what the camera wrote into it. */
  readonly photoId: string | null
}

interface Row extends Record<string, unknown> {
  readonly id: string
  readonly code: string
  readonly received: number
  readonly changed: number
  readonly is_read: boolean
  readonly ended: boolean
  readonly category: string | null
  readonly text: string | null
  readonly address: string | null
  readonly lat: number | null
  readonly lng: number | null
  readonly agency: string | null
  readonly due: number | null
  readonly event: NoticeEvent | null
  readonly values: Record<string, string> | null
}

/** Newest first. Additions, parts, what was erased or taken back are no reports of their own. */
export async function clientReports(ports: Ports, asked: ReportsAsked): Promise<ClientReport[]> {
  const { rows } = await ports.db.execute<Row>(query(asked))
  const unread = await itemsOf(
    ports,
    rows.filter((row) => !row.is_read).map(({ id }) => id),
  )
  const known = rows.filter((row) => row.is_read || fits(unread.get(row.id), asked))
  const photos =
    asked.of.reader === 'client'
      ? await photosOf(
          ports,
          known.map(({ id }) => id),
        )
      : new Map()
  return known.map((row) => {
    const said = asked.of.reader === 'client' ? { ...row, ...placeIn(unread.get(row.id)) } : NOTHING_SAID
    return {
      code: row.code,
      receivedAt: new Date(row.received),
      changedAt: new Date(row.changed),
      ended: row.ended,
      category: row.category ?? unread.get(row.id)?.category ?? null,
      text: said.text,
      address: said.address,
      point: said.lat === null || said.lng === null ? null : { lat: said.lat, lng: said.lng },
      agency: row.agency,
      dueAt: row.due === null ? null : new Date(row.due),
      lastWord: row.ended && row.event !== null ? { event: row.event, values: row.values ?? {} } : null,
      photoId: photos.get(row.id) ?? null,
    }
  })
}

const NOTHING_SAID = { text: null, address: null, lat: null, lng: null }

/** To the second: clients are told no finer time, and ask by what they were told. */
const toSecond = (at: SQL) => sql`(extract(epoch from date_trunc('second', ${at})) * 1000)::float8`

function query({ of, codes, categories, ended, from, to, changedFrom, limit, skip }: ReportsAsked): SQL {
  const s = submissions
  const r = reports
  const c = cases
  const isEnded = sql`coalesce(${c.status} = any(${sql.param(ENDED)}::text[]), false)`
  const changed = sql`case when ${isEnded} then least(${c.refusedAt}, ${c.repliedAt}, ${c.closedAt})
    else greatest(${s.receivedAt}, told.at) end`
  const only = [
    sql`${s.sourceId} = ${of.sourceId} and ${s.erasedAt} is null and ${s.partOf} is null`,
    sql`${r.follows} is null and ${r.takenBackAt} is null`,
    of.reader === 'stranger' && sql`${c.publishedAt} is not null and ${c.hiddenAt} is null and not ${r.contentSecret}`,
    codes && sql`${s.code} = any(${sql.param(codes)}::text[])`,
    categories && sql`(${r.id} is null or ${c.category} = any(${sql.param(categories)}::text[]))`,
    ended !== undefined && sql`${isEnded} = ${ended}`,
    from && sql`date_trunc('second', ${s.receivedAt}) >= ${from}`,
    to && sql`date_trunc('second', ${s.receivedAt}) <= ${to}`,
    changedFrom && sql`date_trunc('second', ${changed}) >= ${changedFrom}`,
  ].filter((condition) => typeof condition === 'object')
  return sql`
    select ${s.id}, ${s.code}, ${toSecond(sql`${s.receivedAt}`)} as received, ${toSecond(changed)} as changed,
      ${r.id} is not null as is_read, ${isEnded} as ended, ${c.category}, ${r.text}, ${r.address}, ${r.lat}, ${r.lng},
      lead.agency, ${toSecond(sql`lead.due`)} as due, last.event, last.values
    from ${s}
    left join ${r} on ${r.submissionId} = ${s.id}
    ${joinRoot(r.caseId)}
    left join ${c} on ${c.id} = root.id
    left join lateral (select max(created_at) as at from ${notices} where report_id = ${r.id}) told on true
    left join lateral (
      select event, "values" from ${notices} where report_id = ${r.id} and event = any(${sql.param(LAST_WORDS)}::text[])
      order by created_at desc, id limit 1
    ) last on true
    left join lateral (
      select g.name as agency, a.due_at as due from ${assignments} a join ${agencies} g on g.id = a.agency_id
      where a.case_id = root.id and a.role = 'lead' and a.round = ${c.round} and a.state not in ('returned', 'forwarded', 'withdrawn')
      order by a.assigned_at desc limit 1
    ) lead on true
    where ${sql.join(only, sql` and `)}
    order by ${s.receivedAt} desc, ${s.id} desc
    limit ${limit} offset ${skip}`
}

/** What has come and is not read yet, as it was sent. */
async function itemsOf({ db, secrets }: Ports, ids: readonly string[]): Promise<ReadonlyMap<string, Submitted>> {
  const found = new Map<string, Submitted>()
  if (ids.length === 0) return found
  const rows = await db
    .select()
    .from(submissions)
    .where(inArray(submissions.id, [...ids]))
  for (const row of rows) {
    const opened = await openItem(db, secrets, row)
    if (opened !== undefined) found.set(row.id, opened.item)
  }
  return found
}

/** An addition is no report of its own before it has been read, either. */
function fits(item: Submitted | undefined, { categories }: ReportsAsked): boolean {
  if (item === undefined || item.answers !== undefined) return false
  return categories === undefined || (item.category !== undefined && categories.includes(item.category))
}

function placeIn(item: Submitted | undefined) {
  if (item === undefined) return {}
  return { address: item.address ?? null, lat: item.point?.lat ?? null, lng: item.point?.lng ?? null }
}

async function photosOf({ db }: Ports, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectDistinctOn([files.submissionId], { of: files.submissionId, id: files.id })
    .from(files)
    .where(
      and(
        inArray(files.submissionId, [...ids]),
        eq(files.variant, 'clean'),
        isNull(files.notClean),
        like(files.type, 'image/%'),
      ),
    )
    .orderBy(files.submissionId, files.seq)
  return new Map(rows.map(({ of, id }) => [of, id]))
}
