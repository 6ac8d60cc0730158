import { and, eq, sql } from 'drizzle-orm'
import type { Envelope, Item, Submitted } from '../../channels/channel.ts'
import type { Db } from '../../platform/database/database.ts'
import { act, type Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { type PageAsked, type PageOf, pageOf } from '../page.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { openSettings } from '../settings/sealed.ts'
import { dataKeys, envelopes, files, items, sources, submissionKeys } from '../tables/index.ts'
import { MAX_ENVELOPE_BYTES } from './limits.ts'
import { dataKeyOf, sealedKeyOf } from './open-sealed.ts'
import { intakeSourceOf } from './rows.ts'
import { type EnvelopeHead, sealEnvelope, sealItem } from './seal-envelope.ts'
import { putEnvelopes, putItem } from './store-envelopes.ts'

/** An envelope that could not be read (`quarantined`), or a thing in one that is no report (`set-aside`): for a person to look at and undo. */
export interface NotTaken {
  readonly id: string
  readonly sourceId: string
  readonly receivedAt: Date
  readonly contentType: string
  readonly state: 'quarantined' | 'set-aside'
  readonly reason: string
}

export async function listNotTaken(
  { db }: { readonly db: Db },
  officer: Officer,
  asked: PageAsked & { readonly state?: 'quarantined' | 'set-aside' | undefined },
): Promise<PageOf<NotTaken>> {
  demand(officer, 'quarantine.read')
  const { rows } = await db.execute<Omit<NotTaken, 'receivedAt'> & { receivedAt: string }>(sql`
    select id, source_id as "sourceId", received_at as "receivedAt", content_type as "contentType", state, reason from (
      select id, source_id, received_at, content_type, 'quarantined' as state, reason from envelope where state = 'quarantined'
      union all
      select i.id, i.source_id, i.received_at, e.content_type, 'set-aside', i.reason from item i
      join envelope e on e.id = i.envelope_id and e.received_at = i.received_at where i.state = 'set-aside'
    ) as not_taken
    where (${asked.state ?? null}::text is null or state = ${asked.state ?? null}) and (${asked.after ?? null}::uuid is null or id < ${asked.after ?? null}::uuid)
    order by id desc limit ${asked.limit}`)
  return pageOf(
    rows.map((row) => ({ ...row, receivedAt: new Date(row.receivedAt) })),
    asked.limit,
  )
}

/**
 * Reads a quarantined envelope again, by today's reader; or takes in what was set aside, because an officer says that it is a report. Its keys
 * go over to the submission, so the same message does not come in a second time.
 */
export async function takeInAgain(ports: Ports, officer: Officer, id: string): Promise<Fault | 'missing' | undefined> {
  demand(officer, 'quarantine.take-in')
  const [aside] = await ports.db
    .select()
    .from(items)
    .where(and(eq(items.id, id), eq(items.state, 'set-aside')))
  const opened = await openEnvelope(ports, aside?.envelopeId ?? id)
  if (opened === undefined || (aside === undefined && opened.row.state !== 'quarantined')) return 'missing'
  return aside === undefined ? readAgain(ports, officer, opened) : takeAside(ports, officer, opened, aside)
}

/** All that is in it, as if it came now; what came meanwhile by itself is known. */
async function readAgain(ports: Ports, officer: Officer, opened: Opened): Promise<Fault | undefined> {
  const { row, source, envelope, settings } = opened
  const read = await ports.readEnvelope(source.channel, envelope, settings)
  if ('unreadable' in read) return fault('rejected', `it still cannot be read: ${read.unreadable}`)
  const { id: envelopeId, receivedAt } = row
  const sealed = await sealEnvelope(ports, { source, envelope, receivedAt, read, quiet: false, envelopeId })
  if (!sealed.items.some(({ as }) => 'submission' in as)) return fault('rejected', 'it holds no report')
  return act(ports, { ...officer, unrecorded: true }, async (a) => {
    const gone = await a.tx
      .delete(envelopes)
      .where(and(eq(envelopes.id, envelopeId), eq(envelopes.state, 'quarantined')))
      .returning({ id: envelopes.id })
    if (gone.length === 0) return fault('rejected', 'somebody else has taken it in')
    // Under the new key from now on, so that erasing the reporter reaches it; the old key goes.
    await a.tx.delete(dataKeys).where(eq(dataKeys.id, row.keyId))
    await a.tx.delete(files).where(eq(files.submissionId, envelopeId))
    const [kept] = await putEnvelopes(a, [{ source, sealed }])
    if (kept === undefined) return fault('rejected', 'it came again by itself meanwhile')
    await a.tx
      .update(submissionKeys)
      .set({ submissionId: kept.sealed.items[0]!.id })
      .where(eq(submissionKeys.submissionId, envelopeId))
    return undefined
  })
}

async function takeAside(
  ports: Ports,
  officer: Officer,
  { row, source, envelope, settings }: Opened,
  aside: typeof items.$inferSelect,
): Promise<Fault | 'missing' | undefined> {
  const read = await ports.readEnvelope(source.channel, envelope, settings)
  if ('unreadable' in read) return fault('rejected', `it still cannot be read: ${read.unreadable}`)
  const item = asReport(read[aside.seq])
  if (item === undefined) return fault('rejected', 'it holds no report')
  const key = await sealedKeyOf(ports.db, ports.secrets, aside.keyId)
  if (key === undefined) return 'missing'
  const { receivedAt } = row
  const sealed = await sealItem(ports, { source, receivedAt, quiet: false, item, seq: aside.seq, key })
  return act(ports, { ...officer, unrecorded: true }, async (a) => {
    const taken = await a.tx
      .update(items)
      .set({ state: 'done', submissionId: sealed.id })
      .where(and(eq(items.id, aside.id), eq(items.state, 'set-aside')))
      .returning({ id: items.id })
    if (taken.length === 0) return fault('rejected', 'somebody else has taken it in')
    await putItem(a, sealed, { sourceId: source.id, envelopeId: row.id, receivedAt })
    await a.tx.update(submissionKeys).set({ submissionId: sealed.id }).where(eq(submissionKeys.submissionId, aside.id))
    // By what it says, too, now that it is read as a report.
    await a.tx
      .insert(submissionKeys)
      .values(sealed.keyHashes.map((keyHash) => ({ sourceId: source.id, keyHash, submissionId: sealed.id })))
      .onConflictDoNothing()
    return undefined
  })
}

/** What a channel sets aside it still reads: as a report, where an officer says so. */
function asReport(item: Item | undefined): Submitted | undefined {
  if (item?.item === 'submitted') return item
  return item?.item === 'ignored' ? item.as : undefined
}

type Opened = NonNullable<Awaited<ReturnType<typeof openEnvelope>>>

async function openEnvelope(ports: Ports, id: string) {
  const { db, secrets } = ports
  const [row] = await db.select().from(envelopes).where(eq(envelopes.id, id))
  const dataKey = row && (await dataKeyOf(db, secrets, row.keyId))
  if (row === undefined || dataKey === undefined) return undefined
  const [stored] = await db.select().from(sources).where(eq(sources.id, row.sourceId))
  const head = JSON.parse(secrets.open(dataKey, row.head, `envelope-head:${id}`).toString('utf8')) as EnvelopeHead
  const [large] = await db
    .select({ id: files.id })
    .from(files)
    .where(and(eq(files.submissionId, id), eq(files.variant, 'envelope')))
  const body =
    large === undefined
      ? secrets.open(dataKey, row.body, `envelope:${id}`)
      : await ports.files.readAll(large.id, dataKey, MAX_ENVELOPE_BYTES)
  const { settings } = openSettings(secrets, ports.channels.get(stored!.kind)!, { of: 'source', ...stored! })
  const envelope: Envelope = { event: head.event, contentType: row.contentType, body, files: head.files }
  return { row, source: await intakeSourceOf(ports, stored!), envelope, settings }
}
