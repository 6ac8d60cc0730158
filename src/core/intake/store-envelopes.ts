import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import { byteaArray, plainArray } from '../../platform/database/arrays.ts'
import type { Tx } from '../../platform/database/database.ts'
import { submissionsStored } from '../../platform/metrics/metrics.ts'
import { type Act, act, type Ports } from '../act.ts'
import { submissionKeys } from '../tables/index.ts'
import type { IntakeSource } from './rows.ts'
import type { SealedEnvelope, SealedFile, SealedItem, SealedKey } from './seal-envelope.ts'

export interface Arriving {
  readonly source: IntakeSource
  readonly sealed: SealedEnvelope
}

/** What was new of each envelope, in order: how many of its items, or 1 where it was quarantined. */
export type Stored = readonly number[]

/**
 * Envelopes with all that is in them, in one transaction, together with what `also` writes. The unique keys decide what is new: an envelope of
 * which nothing is new leaves nothing behind.
 */
export async function storeEnvelopes(
  ports: Ports,
  arriving: readonly Arriving[],
  also: (a: Act) => Promise<void> = async () => undefined,
): Promise<Stored> {
  const fresh = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    await also(a)
    return putEnvelopes(a, arriving)
  })
  count(ports, arriving, fresh)
  const kept = new Map(fresh.map(({ sealed }) => [sealed.envelopeId, Math.max(1, sealed.items.length)]))
  return arriving.map(({ sealed }) => kept.get(sealed.envelopeId) ?? 0)
}

/** The same within a change; gives what was new. */
export async function putEnvelopes(a: Act, arriving: readonly Arriving[]): Promise<readonly Arriving[]> {
  const isNew = await takeKeys(a.tx, arriving)
  const kept = arriving.flatMap(({ source, sealed }): Arriving[] => {
    const items = sealed.items.filter(({ id }) => isNew.has(id))
    const any = items.length > 0 || isNew.has(sealed.envelopeId)
    return any ? [{ source, sealed: { ...sealed, items } }] : []
  })
  if (kept.length === 0) return kept
  const envelopes = kept.map(({ source, sealed }) => ({ ...sealed, sourceId: source.id }))
  const items = envelopes.flatMap((envelope) => envelope.items.map((item) => ({ ...item, ...placeOf(envelope) })))
  await insert(a.tx, { envelopes, items, keys: [...envelopes, ...items].map(({ key }) => key) })
  for (const item of items) takeOn(a, item)
  return kept
}

/** A thing of an envelope that lies here already: its keys and its data key are known. */
export async function putItem(a: Act, item: SealedItem, place: Place): Promise<void> {
  await insert(a.tx, { envelopes: [], items: [{ ...item, ...place }], keys: [] })
  takeOn(a, { ...item, ...place })
}

/** Where a thing came from. */
export interface Place {
  readonly sourceId: string
  readonly envelopeId: string
  readonly receivedAt: Date
}

const placeOf = ({ sourceId, envelopeId, receivedAt }: Place): Place => ({ sourceId, envelopeId, receivedAt })

/** Who goes on with it. What is set aside waits for an officer. */
function takeOn(a: Act, { id, as, sourceId }: SealedItem & Place): void {
  if ('submission' in as) {
    const { fetch, talk } = as.submission
    // One that has to be fetched for waits for its provider, and nobody else for it.
    const lane = fetch ? { lane: `fetch:${sourceId}` } : {}
    a.later({ kind: 'read', ref: id, ...lane, ...(talk !== undefined && { orderedBy: talk }) })
  } else if (as.kind === 'receipt') a.later({ kind: 'receipt', ref: id })
  else if (as.kind !== 'ignored') a.later({ kind: 'revise', ref: id })
  else if (as.wish) a.later({ kind: 'wish', ref: id })
}

function count(ports: Ports, arriving: readonly Arriving[], fresh: readonly Arriving[]): void {
  const things = (of: readonly Arriving[]) => of.reduce((sum, { sealed }) => sum + Math.max(1, sealed.items.length), 0)
  for (const channel of new Set(arriving.map(({ source }) => source.channel))) {
    const [came, kept] = [arriving, fresh].map((of) => things(of.filter(({ source }) => source.channel === channel)))
    submissionsStored.inc({ channel, result: 'fresh' }, kept)
    submissionsStored.inc({ channel, result: 'known' }, came! - kept!)
  }
  for (const { source, sealed } of fresh)
    ports.log.info(
      {
        source: source.id,
        envelope: sealed.envelopeId,
        items: sealed.items.length,
        codes: sealed.items.slice(0, 20).flatMap(({ as }) => ('submission' in as ? [as.submission.code] : [])),
        quarantined: sealed.quarantined?.reason,
      },
      'envelope.stored',
    )
}

interface Keyed {
  readonly sourceId: string
  readonly ownerId: string
  readonly keyHashes: readonly Buffer[]
}

/**
 * Writes the keys; gives the owners all of whose keys are new. Where some are known, the message came before under those, and the others are
 * keys of it too from now on (a mailbox that counts anew knows it by its content alone).
 */
async function takeKeys(tx: Tx, arriving: readonly Arriving[]): Promise<Set<string>> {
  const owners = arriving.flatMap(({ source, sealed }): Keyed[] => [
    ...(sealed.quarantined === undefined
      ? []
      : [{ sourceId: source.id, ownerId: sealed.envelopeId, keyHashes: sealed.quarantined.keyHashes }]),
    ...sealed.items.map(({ id, keyHashes }) => ({ sourceId: source.id, ownerId: id, keyHashes })),
  ])
  const keys = owners.flatMap(({ keyHashes, ...owner }) => keyHashes.map((hash) => ({ ...owner, hash })))
  const { rows } = await tx.execute<{ submission_id: string }>(sql`
    insert into submission_key (source_id, key_hash, submission_id)
    select k.source, k.hash, k.owner
    from unnest(${sql.param(keys.map((k) => k.sourceId))}::text[], ${byteaArray(keys.map((k) => k.hash))}::bytea[],
      ${plainArray(keys.map((k) => k.ownerId))}::uuid[]) as k(source, hash, owner)
    on conflict do nothing returning submission_id`)
  const written = new Map<string, number>()
  for (const row of rows) written.set(row.submission_id, (written.get(row.submission_id) ?? 0) + 1)
  const fresh = new Set<string>()
  for (const owner of owners) {
    const inserted = written.get(owner.ownerId) ?? 0
    if (inserted === owner.keyHashes.length) fresh.add(owner.ownerId)
    else if (inserted > 0) await learnKeys(tx, owner)
  }
  return fresh
}

async function learnKeys(tx: Tx, { sourceId, ownerId, keyHashes }: Keyed): Promise<void> {
  const [first] = await tx
    .select({ id: submissionKeys.submissionId })
    .from(submissionKeys)
    .where(
      and(
        eq(submissionKeys.sourceId, sourceId),
        inArray(submissionKeys.keyHash, [...keyHashes]),
        ne(submissionKeys.submissionId, ownerId),
      ),
    )
    .limit(1)
  await tx
    .update(submissionKeys)
    .set({ submissionId: first!.id })
    .where(and(eq(submissionKeys.sourceId, sourceId), eq(submissionKeys.submissionId, ownerId)))
}

interface Rows {
  readonly envelopes: readonly (SealedEnvelope & Place)[]
  readonly items: readonly (SealedItem & Place)[]
  readonly keys: readonly SealedKey[]
}

/** All rows of a batch in one statement, their columns as arrays. */
async function insert(tx: Tx, { envelopes, items: all, keys: dataKeys }: Rows): Promise<void> {
  const sent = all.flatMap(({ as, ...row }) => ('submission' in as ? [{ ...row, ...as.submission }] : []))
  const others = all.flatMap(({ as, ...row }) => ('submission' in as ? [] : [{ ...row, reason: null, ...as }]))
  const keys = new Map(dataKeys.map(({ dataKey, wrapped }) => [dataKey.id, wrapped]))
  const stored = [
    ...envelopes.flatMap(({ envelopeId, files }) => files.map((file) => ({ ...file, ownerId: envelopeId }))),
    ...all.flatMap(({ id, files }) => files.map((file) => ({ ...file, ownerId: id }))),
  ] satisfies readonly (SealedFile & { ownerId: string })[]
  const texts = (values: readonly (string | null)[]) => sql.param(values)
  const times = (of: readonly { readonly receivedAt: Date }[]) =>
    plainArray(of.map(({ receivedAt }) => receivedAt.toISOString()))
  const ids = plainArray
  const bytes = byteaArray
  await tx.execute(sql`
    with k as (
      insert into data_key (id, wrapped) select * from unnest(${ids([...keys.keys()])}::uuid[], ${bytes([...keys.values()])}::bytea[])
    ), s as (
      insert into submission (source_id, id, envelope_id, received_at, code, key_id, item, quiet, print)
      select *, ''::bytea from unnest(
        ${texts(sent.map((r) => r.sourceId))}::text[], ${ids(sent.map((r) => r.id))}::uuid[], ${ids(sent.map((r) => r.envelopeId))}::uuid[],
        ${times(sent)}::timestamptz[], ${texts(sent.map((r) => r.code))}::text[], ${ids(sent.map((r) => r.key.dataKey.id))}::uuid[],
        ${bytes(sent.map((r) => r.item))}::bytea[], ${plainArray(sent.map((r) => r.quiet))}::boolean[])
    ), i as (
      insert into item (source_id, id, envelope_id, received_at, seq, kind, key_id, body, about, state, reason)
      select * from unnest(
        ${texts(others.map((r) => r.sourceId))}::text[], ${ids(others.map((r) => r.id))}::uuid[], ${ids(others.map((r) => r.envelopeId))}::uuid[],
        ${times(others)}::timestamptz[], ${plainArray(others.map((r) => r.seq))}::int[], ${texts(others.map((r) => r.kind))}::text[],
        ${ids(others.map((r) => r.key.dataKey.id))}::uuid[], ${bytes(others.map((r) => r.item))}::bytea[], ${bytes(others.map((r) => r.about))}::bytea[],
        ${texts(others.map((r) => (r.kind === 'ignored' ? 'set-aside' : 'open')))}::text[], ${texts(others.map((r) => r.reason))}::text[])
    ), f as (
      insert into file (id, submission_id, seq, variant, print, type, size)
      select * from unnest(
        ${ids(stored.map((f) => f.id))}::text[], ${ids(stored.map((f) => f.ownerId))}::uuid[], ${plainArray(stored.map((f) => f.seq))}::int[],
        ${texts(stored.map((f) => f.variant))}::text[], ${texts(stored.map((f) => f.print))}::text[],
        ${texts(stored.map((f) => f.type))}::text[], ${plainArray(stored.map((f) => f.size))}::bigint[])
    )
    insert into envelope (source_id, id, received_at, content_type, key_id, body, head, state, reason)
    select * from unnest(
      ${texts(envelopes.map((r) => r.sourceId))}::text[], ${ids(envelopes.map((r) => r.envelopeId))}::uuid[], ${times(envelopes)}::timestamptz[],
      ${texts(envelopes.map((r) => r.contentType))}::text[], ${ids(envelopes.map((r) => r.key.dataKey.id))}::uuid[],
      ${bytes(envelopes.map((r) => r.body))}::bytea[], ${bytes(envelopes.map((r) => r.head))}::bytea[],
      ${texts(envelopes.map((r) => (r.quarantined === undefined ? 'read' : 'quarantined')))}::text[],
      ${texts(envelopes.map((r) => r.quarantined?.reason ?? null))}::text[])`)
}
