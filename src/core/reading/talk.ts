import { and, desc, eq, inArray, lte, ne } from 'drizzle-orm'
import type { Submitted } from '../../channels/channel.ts'
import { endsMidSentence } from '../../normalize/mid-sentence.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { rootOf } from '../cases/hold.ts'
import { caseCan } from '../cases/machine.ts'
import { DAY_MS, MINUTE_MS } from '../day.ts'
import type { ProfileVersion } from '../profile/profile.ts'
import { silenceOf } from '../profile/silence.ts'
import { cases, contactIndex, reports, submissions } from '../tables/index.ts'
import { hashesOf } from './contact-hashes.ts'
import type { ContactHashes } from './follows.ts'
import { readContact } from './read-item.ts'
import { lastHeardOf, wholeOf } from './whole.ts'

type Submission = typeof submissions.$inferSelect

/** Somebody who was cut short goes on within this time. */
const CUT_MS = 5 * MINUTE_MS
/** An answer to a question of ours may take so long. */
const ANSWER_MS = 3 * DAY_MS

/**
 * In a talk people write as they speak: is this message the rest of what its sender said last, or the answer to what we asked? Then the first
 * message of that. They have not fallen silent, or were cut in the middle of a sentence, or we asked.
 */
export async function goesOnFrom(
  ports: Ports,
  {
    submission,
    item,
    channel,
    version,
  }: {
    readonly submission: Submission
    readonly item: Submitted
    readonly channel: string
    readonly version: ProfileVersion
  },
): Promise<Submission | undefined> {
  if (item.talk === undefined || (item.answers?.codes.length ?? 0) > 0) return undefined
  const last = await lastOf(
    ports.db,
    hashesOf(ports.secrets, readContact(item.sender), submission.sourceId),
    submission,
  )
  if (last === undefined) return undefined
  const at = submission.receivedAt.getTime()
  const gap = at - (await lastHeardOf(ports.db, last.submission.id)).getTime()
  if (last.asked) return gap <= ANSWER_MS ? last.submission : undefined
  if (!last.open) return undefined
  if (gap <= silenceOf(version, channel)) return last.submission
  if (gap > CUT_MS) return undefined
  const said = await wholeOf(ports.db, ports.secrets, last.submission.id)
  return said !== undefined && endsMidSentence(said.content) ? last.submission : undefined
}

interface Last {
  readonly submission: Submission
  /** Its case can still be added to. */
  readonly open: boolean
  /** Its reporter was asked for what is missing, and has not answered. */
  readonly asked: boolean
}

/** The report that its sender made last by this source. */
async function lastOf(
  db: Db,
  sender: ContactHashes,
  { id, sourceId, receivedAt }: Submission,
): Promise<Last | undefined> {
  if (sender.length === 0) return undefined
  const hashes = sender.map(({ hash }) => hash)
  const [last] = await db
    .select({ submission: submissions, caseId: reports.caseId })
    .from(contactIndex)
    .innerJoin(reports, eq(reports.reporterId, contactIndex.reporterId))
    .innerJoin(submissions, eq(submissions.id, reports.submissionId))
    .where(
      and(
        inArray(contactIndex.hash, hashes),
        eq(reports.sourceId, sourceId),
        lte(reports.receivedAt, receivedAt),
        ne(submissions.id, id),
      ),
    )
    .orderBy(desc(reports.receivedAt), desc(reports.id))
    .limit(1)
  if (last === undefined) return undefined
  const root = await rootOf(db, last.caseId)
  const [held] = await db.select().from(cases).where(eq(cases.id, root))
  return {
    submission: last.submission,
    open: caseCan(held!.status, 'ask'),
    asked: held!.askedAt !== null,
  }
}
