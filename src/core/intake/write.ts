import type pg from 'pg'
import { byteaArray, plainArray } from '../../platform/database/arrays.ts'
import type { ArrivalRows } from './rows.ts'

/**
 * Envelope, submission, key, files and the task to read it: one statement for a whole batch, so one commit and one round trip serve
 * many reports. The unique key decides: rows are written only for arrivals all of whose keys were new, in the same statement.
 */
const WRITE = `
with keyed as (
  insert into submission_key (submission_id, source_id, key_hash)
  select * from unnest($16::uuid[], $17::text[], $18::bytea[]) as k(submission_id, source_id, key_hash) order by source_id, key_hash
  on conflict do nothing returning submission_id
),
counted as materialized (select submission_id as id, count(*)::int as inserted from keyed group by submission_id),
fresh as materialized (
  select a.* from unnest(
    $1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::uuid[], $7::bytea[], $8::bytea[], $9::bytea[], $10::text[], $11::bytea[],
    $12::bytea[], $13::uuid[], $14::int[], $15::bytea[], $25::text[]
  ) as a(id, source_id, envelope_id, received_at, code, key_id, wrapped, item, print, content_type, body, head, task_id, key_count, address_hash, lane)
  join counted on counted.id = a.id and counted.inserted = a.key_count
),
k as (insert into data_key (id, wrapped) select key_id, wrapped from fresh),
e as (
  insert into envelope (id, received_at, source_id, content_type, key_id, body, head, state)
  select envelope_id, received_at, source_id, content_type, key_id, body, head, 'read' from fresh
),
s as (
  insert into submission (id, source_id, envelope_id, received_at, code, key_id, item, print, address_hash)
  select id, source_id, envelope_id, received_at, code, key_id, item, print, nullif(address_hash, '') from fresh
),
f as (
  insert into file (id, submission_id, seq, variant, print, type, size)
  select u.id, u.submission_id, u.seq, 'original', u.print, u.type, u.size
  from unnest($19::text[], $20::uuid[], $21::int[], $22::text[], $23::text[], $24::bigint[]) as u(id, submission_id, seq, print, type, size)
  join fresh on fresh.id = u.submission_id
),
l as (insert into lane (name) select distinct lane from fresh where lane <> 'read' order by lane on conflict do nothing),
t as (
  insert into task (id, kind, ref, lane, due) select task_id, 'read', id::text, lane, received_at from fresh
)
select id, inserted from counted`

export type Written = 'fresh' | 'known'

/** Some but not all keys of an arrival were known. */
export class PartlyKnown extends Error {}

/** One result for each arrival, in order. Throws when the batch as a whole could not be written; then nothing of it was. */
export async function writeArrivals(pool: pg.Pool, batch: readonly ArrivalRows[]): Promise<Written[]> {
  const keys = batch.flatMap((a) => a.keyHashes.map((hash) => ({ id: a.submissionId, source: a.sourceId, hash })))
  const files = batch.flatMap((a) => a.files.map((f) => ({ ...f, submissionId: a.submissionId })))
  const column = <K extends keyof ArrivalRows>(name: K) => batch.map((a) => a[name])
  const bytes = (name: 'wrapped' | 'item' | 'print' | 'body' | 'head' | 'addressHash') => byteaArray(column(name))
  const values = [
    ...[plainArray(column('submissionId')), column('sourceId'), plainArray(column('envelopeId'))],
    ...[plainArray(batch.map((a) => a.receivedAt.toISOString())), column('code'), plainArray(column('keyId'))],
    ...[bytes('wrapped'), bytes('item'), bytes('print'), column('contentType'), bytes('body'), bytes('head')],
    ...[plainArray(column('taskId')), plainArray(batch.map((a) => a.keyHashes.length)), bytes('addressHash')],
    ...[plainArray(keys.map((k) => k.id)), keys.map((k) => k.source), byteaArray(keys.map((k) => k.hash))],
    ...[files.map((f) => f.id), files.map((f) => f.submissionId), files.map((f) => f.seq), files.map((f) => f.print)],
    ...[files.map((f) => f.type), files.map((f) => f.size), column('lane')],
  ]
  // One key each (forms): the statement alone is the transaction. Otherwise a partly known arrival must be taken back whole.
  if (keys.length === batch.length)
    return outcome(batch, await pool.query<Row>({ name: 'write-arrivals', text: WRITE, values }))
  const client = await pool.connect()
  try {
    await client.query('begin')
    const written = outcome(batch, await client.query<Row>({ name: 'write-arrivals', text: WRITE, values }))
    await client.query('commit')
    return written
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

interface Row {
  id: string
  inserted: number
}

function outcome(batch: readonly ArrivalRows[], { rows }: { rows: Row[] }): Written[] {
  const insertedOf = new Map(rows.map((r) => [r.id, r.inserted]))
  return batch.map((a) => {
    const inserted = insertedOf.get(a.submissionId) ?? 0
    if (inserted > 0 && inserted < a.keyHashes.length) throw new PartlyKnown(a.submissionId)
    return inserted === 0 ? 'known' : 'fresh'
  })
}
