import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { v7 as uuid } from 'uuid'
import { median } from './result.ts'

/**
 * The limit of the intake bench: the same rows, one report a transaction, as one prepared statement through one pool, no HTTP, nothing
 * computed. One statement is the fastest way to do that: a BEGIN, six INSERTs and a COMMIT take eight round trips for the same commit.
 */
const ONE_REPORT = `
with k as (insert into submission_key (source_id, key_hash, submission_id) values ($1, $2, $3)),
d as (insert into data_key (id, wrapped) values ($4, $5)),
e as (insert into envelope (id, received_at, source_id, content_type, key_id, body, head, state) values ($6, $7, $1, $8, $4, $9, $10, 'read')),
s as (insert into submission (id, source_id, envelope_id, received_at, code, key_id, item, print) values ($3, $1, $6, $7, $11, $4, $12, $13))
insert into task (id, kind, ref, lane, due) values ($14, 'read', $15, 'read', $7)`

export interface Limit {
  readonly perSecond: number
  readonly p50: number
}

export async function limit(
  connection: pg.PoolConfig,
  { concurrency, seconds }: { readonly concurrency: number; readonly seconds: number },
): Promise<Limit> {
  const pool = new pg.Pool({ ...connection, max: 20 })
  // Made beforehand, so that only writing is measured; sizes are those of the bench's reports as they rest, sealed.
  const [body, head, item] = [randomBytes(368), randomBytes(92), randomBytes(520)]
  const latencies: number[] = []
  const until = performance.now() + seconds * 1000
  const started = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < until) {
        const from = performance.now()
        const submission = uuid()
        await pool.query({
          name: 'one-report',
          text: ONE_REPORT,
          values: [
            ...[
              'portal',
              randomBytes(32),
              submission,
              uuid(),
              randomBytes(60),
              uuid(),
              new Date(),
              'application/json',
              body,
              head,
            ],
            ...[randomBytes(10).toString('hex'), item, randomBytes(32), uuid(), submission],
          ],
        })
        latencies.push(performance.now() - from)
      }
    }),
  )
  const took = (performance.now() - started) / 1000
  await pool.end()
  return { perSecond: latencies.length / took, p50: median(latencies) }
}
