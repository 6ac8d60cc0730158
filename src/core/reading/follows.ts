import { and, eq, inArray } from 'drizzle-orm'
import type { Submitted } from '../../channels/channel.ts'
import { parseCode } from '../../normalize/code.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { familyOf, type Report, reportsOf, rootOf } from '../cases/hold.ts'
import { noticeOf } from '../notices/token.ts'
import { contactIndex, reports } from '../tables/index.ts'

export interface Follows {
  /** The report that it goes on from. */
  readonly follows?: string
  /** A case that it only names: for an officer to look at. */
  readonly beside?: string
}

/** Contacts by which a sender is recognized, hashed. */
export type ContactHashes = readonly { readonly kind: 'phone' | 'email' | 'provider'; readonly hash: Buffer }[]

/**
 * What a message goes on from. A mark of ours in it proves that its sender has a letter of ours. A bare code proves nothing, everybody may have
 * seen it: it counts for who has reported that very matter; from anybody else it goes to triage beside the case, and they learn nothing of it.
 */
export async function followsOf(
  tx: Tx,
  { secrets }: Pick<Ports, 'secrets'>,
  { answers }: Pick<Submitted, 'answers'>,
  sender: ContactHashes,
): Promise<Follows> {
  if (answers === undefined) return {}
  const notice = await noticeOf(tx, secrets, answers.tokens)
  if (notice !== undefined) return { follows: await firstOf(tx, notice.reportId) }
  for (const code of answers.codes) {
    const [named] = await tx
      .select()
      .from(reports)
      .where(eq(reports.code, parseCode(code) ?? ''))
    if (named === undefined) continue
    const root = await rootOf(tx, named.caseId)
    const own = await ownAmong(tx, await reportsOf(tx, await familyOf(tx, root)), sender)
    return own === undefined ? { beside: root } : { follows: await firstOf(tx, own.id) }
  }
  return {}
}

/** Of a report that follows another, the one that it follows: there its sender hears. */
async function firstOf(tx: Tx, reportId: string): Promise<string> {
  const [report] = await tx.select({ follows: reports.follows }).from(reports).where(eq(reports.id, reportId))
  return report?.follows ?? reportId
}

async function ownAmong(tx: Tx, family: readonly Report[], sender: ContactHashes): Promise<Report | undefined> {
  if (sender.length === 0) return undefined
  const known = await tx
    .select({ reporterId: contactIndex.reporterId, kind: contactIndex.kind, hash: contactIndex.hash })
    .from(contactIndex)
    .where(
      and(
        inArray(
          contactIndex.reporterId,
          family.map((report) => report.reporterId),
        ),
        inArray(
          contactIndex.hash,
          sender.map(({ hash }) => hash),
        ),
      ),
    )
  const own = new Set(
    known
      .filter((row) => sender.some(({ kind, hash }) => kind === row.kind && hash.equals(row.hash)))
      .map(({ reporterId }) => reporterId),
  )
  return family.find((report) => own.has(report.reporterId))
}
