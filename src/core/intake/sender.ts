import { and, eq, isNotNull, lt, sql } from 'drizzle-orm'
import ipaddr from 'ipaddr.js'
import { v4 as uuid } from 'uuid'
import type { Contact } from '../../channels/channel.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import type { Act, Ports } from '../act.ts'
import { senders, submissions } from '../tables/index.ts'
import { openSource, type Source } from './channel-context.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** So long an officer finds what is held of one sender under one group; then a new one begins. */
const FORGOTTEN_AFTER = 24 * HOUR

/** Not the address itself: who has the database alone cannot find it by trying all there are. */
export function addressHash(secrets: Secrets, address: string): Buffer {
  return secrets.index('sender-address', networkOf(address))
}

/** Of IPv6 the /64: whoever has one address of it has them all (RFC 4291 §2.5.4). */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.')
}

interface Sent {
  readonly source: Source
  readonly submission: typeof submissions.$inferSelect
  /** Of whom: a number in E.164; else, of a program's user, the program's id of them. */
  readonly contact: Pick<Contact, 'phone' | 'provider'>
}

/**
 * Null where it may go on; else the group that it is held with. Counted is what went on, by the time at which it came, in a row that is locked
 * until the report is committed: of any number of workers that read at once none lets one too many through.
 */
export async function tooMuchFrom(a: Act, { source, submission, contact }: Sent): Promise<string | null> {
  const limits = a.ports.channels.get(source.kind)!.limits?.(openSource(a.ports, source).settings)
  if (limits === undefined) return null
  const { phone, provider } = contact
  const by = phone === undefined ? 'sender-user' : 'sender-phone'
  const who = phone ?? provider
  if (who !== undefined) {
    const hash = a.ports.secrets.index(by, `${source.id}:${who}`)
    return countedIn(a, { hash, at: submission.receivedAt, most: limits.phoneHourly, withinMs: HOUR })
  }
  const { id, addressHash: hash } = submission
  if (hash === null) return null
  await a.tx.update(submissions).set({ addressHash: null }).where(eq(submissions.id, id))
  return countedIn(a, { hash, at: submission.receivedAt, most: limits.addressMinutely, withinMs: MINUTE })
}

interface Counting {
  readonly hash: Buffer
  readonly at: Date
  readonly most: number
  readonly withinMs: number
}

async function countedIn(a: Act, { hash, at, most, withinMs }: Counting): Promise<string | null> {
  const since = new Date(at.getTime() - withinMs)
  const { rows } = await a.tx.execute<{ group_id: string; held: boolean }>(sql`
    insert into sender as s (hash, group_id, passed, held, last_at)
    values (${hash}, ${uuid()}, array[${at}::timestamptz], false, ${at})
    on conflict (hash) do update set (passed, held, last_at) = (
      select coalesce(array_agg(p), '{}') || case when count(*) < ${most} then array[${at}::timestamptz] else '{}' end,
        count(*) >= ${most}, greatest(s.last_at, ${at})
      from unnest(s.passed) as p where p > ${since}
    ) returning group_id, held`)
  return rows[0]!.held ? rows[0]!.group_id : null
}

/** Hourly. Addresses of what was never read go as well. */
export async function forgetSenders({ db, clock }: Pick<Ports, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - FORGOTTEN_AFTER)
  await db.delete(senders).where(lt(senders.lastAt, before))
  await db
    .update(submissions)
    .set({ addressHash: null })
    .where(and(isNotNull(submissions.addressHash), lt(submissions.receivedAt, before)))
}
