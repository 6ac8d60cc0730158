import { and, eq, inArray, sql } from 'drizzle-orm'
import { isOutage, isUniqueViolation } from '../../platform/database/database.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { intakeSeconds, submissionsStored } from '../../platform/metrics/metrics.ts'
import type { Ports } from '../act.ts'
import { submissionKeys, submissions } from '../tables/index.ts'
import { groupCommit } from './group-commit.ts'
import { type Arrival, type ArrivalRows, newCode, rowsOf } from './rows.ts'
import { PartlyKnown, type Written, writeArrivals } from './write.ts'

export type Accepted =
  | { readonly accepted: 'fresh' | 'again'; readonly submissionId: string; readonly code: string }
  /** The same key came before with another content; the code is that of the first. */
  | { readonly accepted: 'other-content'; readonly code: string }

/** Takes an arrival durably: resolves only after envelope, submission and the task to read it are committed together. */
export type Accept = (arrival: Arrival) => Promise<Accepted>

export function makeAccept(ports: Ports): Accept {
  const { db, secrets, wakeups, log } = ports
  const write = groupCommit<ArrivalRows, Written>({
    write: (batch) => writeArrivals(db.$client, batch),
    isOutage,
    maxBatch: 64,
    maxInFlight: 2,
    deadlineMs: 1800,
  })

  return async (arrival) => {
    const rows = rowsOf(secrets, arrival)
    failpoint('intake.before-commit')
    const stored = intakeSeconds.startTimer()
    const written = await write(rows).catch((error: unknown) => {
      if (error instanceof PartlyKnown) return learnKeys(rows)
      if (isUniqueViolation(error, 'submission_code_unique')) return write(withNewCode(rows))
      throw error
    })
    stored()
    failpoint('intake.after-commit')
    submissionsStored.inc({ channel: arrival.source.channel, result: written })
    if (written === 'known') return known(rows)
    wakeups.kick(1)
    log.info(
      {
        submission: rows.submissionId,
        source: rows.sourceId,
        code: rows.code,
        bytes: rows.body.length,
        files: rows.files.length,
      },
      'submission.stored',
    )
    return { accepted: 'fresh', submissionId: rows.submissionId, code: rows.code }
  }

  /** The message came before under one of its ids: the others are ids of it too from now on. */
  async function learnKeys(rows: ArrivalRows): Promise<Written> {
    const hashes = [...rows.keyHashes]
    await db.execute(sql`
      insert into submission_key (source_id, key_hash, submission_id)
      select ${rows.sourceId}, hash, (
        select submission_id from submission_key where source_id = ${rows.sourceId} and key_hash = any(${sql.param(hashes)}::bytea[]) limit 1
      ) from unnest(${sql.param(hashes)}::bytea[]) as hash order by hash
      on conflict do nothing`)
    return 'known'
  }

  async function known(rows: ArrivalRows): Promise<Accepted> {
    const [first] = await db
      .select({ id: submissions.id, code: submissions.code, print: submissions.print })
      .from(submissionKeys)
      .innerJoin(submissions, eq(submissions.id, submissionKeys.submissionId))
      .where(and(eq(submissionKeys.sourceId, rows.sourceId), inArray(submissionKeys.keyHash, [...rows.keyHashes])))
      .limit(1)
    if (first === undefined) throw new Error('a known key without its submission')
    if (!first.print.equals(rows.print)) return { accepted: 'other-content', code: first.code }
    return { accepted: 'again', submissionId: first.id, code: first.code }
  }
}

/** Two codes alike, of 21.9 thousand million in a year: draw another. */
function withNewCode(rows: ArrivalRows): ArrivalRows {
  return { ...rows, code: newCode(rows.code.slice(0, 2), rows.receivedAt) }
}
