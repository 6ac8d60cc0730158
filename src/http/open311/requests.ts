import { type ClientReport, clientReports, type ReportsAsked } from '../../core/clients/client-reports.ts'
import { DAY_MS } from '../../core/day.ts'
import { fileLink } from '../../core/delivery/compose.ts'
import { sentenceOf } from '../../core/notices/text.ts'
import { parseCode } from '../../normalize/code.ts'
import type { Intake } from '../citizen/intake.ts'
import type { Document, Value } from './answer.ts'
import { type Asking, listOf, one, type Params, say } from './client.ts'
import { serviceOf } from './services.ts'
import { spanOf, timeOf, written } from './times.ts'
import { Wrong } from './wrong.ts'

/** "The most recent 90 days, or 1000, whichever is smaller". */
const MOST_AT_ONCE = 1000
const MOST_PAGES = 10_000
const LINK_DAYS = 7

/** Without a proof of who asks, only what is public already: clients send their key with what they write, and few with what they read. */
const readerOf = ({ client, proved }: Asking): ReportsAsked['of'] => ({
  sourceId: client.id,
  reader: proved ? 'client' : 'stranger',
})

export async function listRequests(on: Intake, asking: Asking, params: Params): Promise<Document> {
  const found = await clientReports(on.ports, { of: readerOf(asking), ...asked(on, asking, params) })
  return { root: 'service_requests', holds: found.map((report) => present(on, asking, report)) }
}

/** One is a list of one. */
export async function showRequest(on: Intake, asking: Asking, id: string): Promise<Document> {
  const report = await find(on, asking, id)
  return { root: 'service_requests', holds: [present(on, asking, report)] }
}

/** Our ids are there at once, so we give no tokens; a client that asks by an id as if it were one gets it back. */
export async function showToken(on: Intake, asking: Asking, token: string): Promise<Document> {
  const { code } = await find(on, asking, token)
  return { root: 'service_requests', holds: [{ service_request_id: code, token }] }
}

async function find(on: Intake, asking: Asking, id: string): Promise<ClientReport> {
  const code = parseCode(id)
  const codes = code === undefined ? [] : [code]
  const [found] = await clientReports(on.ports, { of: readerOf(asking), codes, limit: 1, skip: 0 })
  if (found === undefined) throw new Wrong(404, say(on, asking.language, 'no-request'))
  return found
}

/** Ids override everything else that is asked for. */
function asked(on: Intake, { language }: Asking, params: Params): Omit<ReportsAsked, 'of'> {
  const paging = pageOf(on, language, params)
  const ids = listOf(params, 'service_request_id')
  if (ids !== undefined) return { codes: ids.slice(0, MOST_AT_ONCE).flatMap((id) => parseCode(id) ?? []), ...paging }
  const categories = listOf(params, 'service_code')
  const statuses = listOf(params, 'status')?.map((status) => status.toLowerCase())
  if (statuses?.some((status) => status !== 'open' && status !== 'closed'))
    throw new Wrong(400, say(on, language, 'not-a-status'))
  const changed = one(params, 'updated_after')
  const changedFrom = changed === undefined ? undefined : timeOf(changed, 'start')
  if (changed !== undefined && changedFrom === undefined) throw new Wrong(400, say(on, language, 'not-a-time'))
  return {
    ...spanIn(on, language, params),
    ...(categories && { categories }),
    ...(statuses?.length === 1 && { ended: statuses[0] === 'closed' }),
    ...(changedFrom && { changedFrom }),
    ...paging,
  }
}

export function spanIn(on: Intake, language: Asking['language'], params: Params) {
  const span = spanOf({ start: one(params, 'start_date'), end: one(params, 'end_date') }, on.ports.clock.now())
  if (typeof span === 'string') throw new Wrong(400, say(on, language, span))
  return span
}

/** Pages count from one; zero is the first one, too. */
export function pageOf(on: Intake, language: Asking['language'], params: Params) {
  const number = (name: string, otherwise: number, most: number): number => {
    const text = one(params, name)
    if (text === undefined) return otherwise
    if (!/^\d{1,9}$/.test(text)) throw new Wrong(400, say(on, language, 'not-a-page'))
    return Math.min(most, Math.max(1, Number(text)))
  }
  const limit = number('page_size', MOST_AT_ONCE, MOST_AT_ONCE)
  return { limit, skip: (number('page', 1, MOST_PAGES) - 1) * limit }
}

function present(on: Intake, asking: Asking, report: ClientReport): { readonly [name: string]: Value } {
  const { ports, translate } = on
  const { code, receivedAt, changedAt, ended, text, address, point, agency, dueAt, lastWord, photoId } = report
  const until = new Date(ports.clock.now().getTime() + LINK_DAYS * DAY_MS)
  return {
    service_request_id: code,
    status: ended ? 'closed' : 'open',
    status_notes: lastWord === null ? null : sentenceOf(translate, asking.language, lastWord),
    ...serviceOf(on, asking, report.category),
    description: text,
    agency_responsible: agency,
    service_notice: null,
    requested_datetime: written(receivedAt),
    updated_datetime: written(changedAt),
    expected_datetime: dueAt === null ? null : written(dueAt),
    address,
    address_id: null,
    zipcode: null,
    lat: point?.lat ?? null,
    long: point?.lng ?? null,
    media_url: photoId === null ? null : fileLink(ports, photoId, until),
  }
}
