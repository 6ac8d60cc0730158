import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { v7 as uuid } from 'uuid'
import { byteaArray } from '../src/platform/database/arrays.ts'

/**
 * The limit of the webhook bench: the same rows as a body of so many updates leaves behind, one multi-row INSERT a table, one transaction a
 * body, through one pool, with as many bodies in flight. No HTTP, nothing read, sealed or signed. Gives updates per second.
 */
export async function hooksLimit(
  connection: pg.PoolConfig,
  { updates, inFlight, seconds }: { readonly updates: number; readonly inFlight: number; readonly seconds: number },
): Promise<number> {
  const pool = new pg.Pool({ ...connection, max: 20 })
  let stored = 0
  const started = performance.now()
  const until = started + seconds * 1000
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < until) {
        await oneBody(pool, updates)
        stored += updates
      }
    }),
  )
  const took = (performance.now() - started) / 1000
  await pool.end()
  return stored / took
}

/** Sizes are those of the bench's messages as they rest. */
const [BODY, HEAD, ITEM, WRAPPED, PRINT] = [16_000, 120, 480, 60, 32]

async function oneBody(pool: pg.Pool, updates: number): Promise<void> {
  const ids = (count = updates) => Array.from({ length: count }, () => uuid())
  const bytes = (size: number) => byteaArray(Array.from({ length: updates }, () => randomBytes(size)))
  const [envelope, submissions, keys] = [uuid(), ids(), ids()]
  const at = new Date()
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query({
      name: 'keys',
      text: `insert into submission_key (source_id, key_hash, submission_id) select 'page', * from unnest($1::bytea[], $2::uuid[])`,
      values: [bytes(32), submissions],
    })
    await client.query({
      name: 'data-keys',
      text: 'insert into data_key (id, wrapped) select * from unnest($1::uuid[], $2::bytea[])',
      values: [keys, bytes(WRAPPED)],
    })
    await client.query({
      name: 'submissions',
      text: `insert into submission (source_id, envelope_id, received_at, id, code, key_id, item, print)
             select 'page', $1::uuid, $2::timestamptz, * from unnest($3::uuid[], $4::text[], $5::uuid[], $6::bytea[], $7::bytea[])`,
      values: [
        ...[envelope, at, submissions, submissions.map(() => randomBytes(10).toString('hex')), keys],
        ...[bytes(ITEM), bytes(PRINT)],
      ],
    })
    await client.query({
      name: 'envelope',
      text: `insert into envelope (id, received_at, source_id, content_type, key_id, body, head, state)
             values ($1, $2, 'page', 'application/json', $3, $4, $5, 'read')`,
      values: [envelope, at, keys[0], randomBytes(Math.min(BODY, 300 * updates)), randomBytes(HEAD)],
    })
    await client.query({
      name: 'tasks',
      text: `insert into task (id, kind, ref, lane, due) select id, 'read', ref, 'read', $1::timestamptz from unnest($2::uuid[], $3::text[]) as t(id, ref)`,
      values: [at, ids(), submissions],
    })
    await client.query('commit')
  } finally {
    client.release()
  }
}
