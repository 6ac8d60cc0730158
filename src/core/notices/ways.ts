import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Act } from '../act.ts'
import type { Report } from '../cases/hold.ts'
import { contactIndex, messageWishes, sources } from '../tables/index.ts'
import { tells } from './tells.ts'

/** A way to tell a reporter something. Without a source it is the reporter's own view, where everything stands as soon as it is committed. */
export interface Way {
  readonly channel: string
  readonly sourceId: string | null
  /** No source of the channel is on. */
  readonly waits?: true
}

/** The reporter's view: the portal's way back, and what is left where nothing else reaches. */
const VIEW: Way = { channel: 'portal', sourceId: null }

/**
 * How a reporter is told: on the channel of origin, through the source that they wrote to; who filled in the province's own form also by whatever
 * else they left. `spare` ways are tried, in order, when one of the first is closed.
 */
export async function waysTo(
  a: Act,
  report: Report,
): Promise<{ readonly first: readonly Way[]; readonly spare: readonly Way[] }> {
  const reachable = await openContacts(a, report.reporterId)
  const [origin] = await a.tx.select().from(sources).where(eq(sources.id, report.sourceId))
  const sending = await sendingSources(a, origin!, reachable)
  const own = sending.find(({ channel }) => channel === report.channel)
  if (!tells(a.ports, origin!)) return { first: [VIEW, ...sending.slice(0, 1)], spare: sending.slice(1) }
  const others = sending.filter((way) => way !== own)
  return own === undefined
    ? { first: others.slice(0, 1).concat(others.length === 0 ? [VIEW] : []), spare: others.slice(1) }
    : { first: [own], spare: [...others, VIEW] }
}

/**
 * The ways that the decision names for an event beside those above (a text message, whatever channel the report came by). Where the reporter
 * can be reached so, and no source of that channel is on yet, it waits for one (`waiting.ts`).
 */
export async function waysNamed(a: Act, report: Report, kinds: readonly string[]): Promise<readonly Way[]> {
  if (kinds.length === 0) return []
  const reachable = await openContacts(a, report.reporterId)
  const [origin] = await a.tx.select().from(sources).where(eq(sources.id, report.sourceId))
  const sending = await sendingSources(a, origin!, reachable)
  return kinds.flatMap((kind): Way[] => {
    const known = a.ports.channels.get(kind)
    const way = sending.find(({ channel }) => channel === kind)
    if (way !== undefined) return [way]
    if (kind === VIEW.channel || (known !== undefined && known.send === undefined)) return [VIEW]
    // An id at a provider is of one source: where that is off, no other can take its place.
    const to = known?.send?.to
    const waits = to === undefined || (to !== 'provider' && reachable.has(to))
    return waits ? [{ channel: kind, sourceId: null, waits: true }] : []
  })
}

/** Kinds of contact that the reporter left, that still work and want to hear of us. */
async function openContacts(a: Act, reporterId: string): Promise<Set<string>> {
  const rows = await a.tx
    .select({ kind: contactIndex.kind })
    .from(contactIndex)
    .leftJoin(messageWishes, and(eq(messageWishes.kind, contactIndex.kind), eq(messageWishes.hash, contactIndex.hash)))
    .where(
      and(
        eq(contactIndex.reporterId, reporterId),
        isNull(contactIndex.closedAt),
        sql`${messageWishes.silent} is not true`,
      ),
    )
  return new Set(rows.map(({ kind }) => kind))
}

type Source = typeof sources.$inferSelect

/** One for each channel that can reach them: the source that they wrote to, else the first of their province. */
async function sendingSources(a: Act, origin: Source, reachable: ReadonlySet<string>): Promise<Way[]> {
  const kinds = [...a.ports.channels.values()].flatMap(({ kind, send }) =>
    send !== undefined && reachable.has(send.to) ? [kind] : [],
  )
  if (kinds.length === 0) return []
  const on = await a.tx
    .select()
    .from(sources)
    .where(and(eq(sources.profile, origin.profile), eq(sources.state, 'on'), inArray(sources.kind, kinds)))
    .orderBy(sources.id)
  return kinds.flatMap((channel) => {
    // An id at the provider means something to the source that it came by alone.
    const own = senderOf(a, channel)!.to === 'provider'
    const able = on.filter((one) => one.kind === channel && (!own || one.id === origin.id) && tells(a.ports, one))
    const source = able.find(({ id }) => id === origin.id) ?? able[0]
    return source === undefined ? [] : [{ channel, sourceId: source.id }]
  })
}

export const senderOf = (a: Pick<Act, 'ports'>, channel: string) => a.ports.channels.get(channel)?.send
