import { eq } from 'drizzle-orm'
import type { Handed, Item, Preview, Unreadable } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { readItem } from '../reading/read-item.ts'
import { sources } from '../tables/index.ts'
import { openSource } from './channel-context.ts'
import { listenerOf } from './listen.ts'

/** What one message would become. Masked: whoever tries a mailbox need not read its people's numbers. */
export interface WouldBe {
  readonly place: string
  readonly receivedAt: Date
  readonly becomes: 'report' | 'addition' | 'revision' | 'receipt' | 'set-aside' | 'quarantined'
  /** Why it would be no report: a key of `locales/*\/aside.json`, or what cannot be read. */
  readonly reason: string | null
  readonly title: string | null
  readonly files: number
}

export interface Previewed extends Omit<Preview, 'newest'> {
  readonly since: string
  readonly newest: readonly WouldBe[]
}

/** A source's first morning, looked at beforehand: how much waits in each place, and what the newest of it would become. Changes nothing. */
export async function previewSource(
  ports: Ports,
  officer: Officer,
  id: string,
  newest: number,
): Promise<Previewed | Fault | 'missing'> {
  demand(officer, 'source.read')
  const [source] = await ports.db.select().from(sources).where(eq(sources.id, id))
  if (source === undefined) return 'missing'
  const listener = listenerOf(ports, source)
  if (listener === undefined)
    return fault('rejected', 'this channel keeps no connection open: there is nothing to look at')
  const context = openSource(ports, source)
  const { settings } = context
  const found = await listener.preview(context, newest)
  if (isFault(found)) return found
  const { names } = await ports.units.get()
  const { province } = (await ports.profiles.get(source.profile)).profile
  const wouldBe = async (handed: Handed): Promise<WouldBe> => {
    const base = { place: handed.place, receivedAt: handed.receivedAt, reason: null, title: null, files: 0 }
    const read =
      handed.unreadable === undefined
        ? await ports.readEnvelope(source.kind, handed.envelope, settings)
        : { unreadable: handed.unreadable }
    const item = one(read)
    if ('unreadable' in item) return { ...base, becomes: 'quarantined', reason: item.unreadable }
    if (item.item === 'ignored') return { ...base, becomes: 'set-aside', reason: item.reason }
    if (item.item === 'receipt') return { ...base, becomes: 'receipt' }
    if (item.item === 'revised' || item.item === 'deleted') return { ...base, becomes: 'revision' }
    return {
      ...base,
      becomes: item.answers === undefined ? 'report' : 'addition',
      title: readItem(item, names, { province, receivedAt: handed.receivedAt }).title,
      files: item.files.length + (item.attachments?.length ?? 0),
    }
  }
  return {
    since: String((settings as { since?: unknown }).since ?? ''),
    waiting: found.waiting,
    places: found.places,
    newest: await Promise.all(found.newest.map(wouldBe)),
  }
}

function one(read: readonly Item[] | Unreadable): Item | Unreadable {
  return 'unreadable' in read ? read : (read[0] ?? { unreadable: 'holds nothing' })
}
