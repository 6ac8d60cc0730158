import { eq, sql } from 'drizzle-orm'
import type { Contact } from '../../channels/channel.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Act } from '../act.ts'
import { assignmentsOf, type Case, familyOf, holdWithRoot, ofThisRound, type Report, settle } from '../cases/hold.ts'
import { caseCan, isEnd } from '../cases/machine.ts'
import { completed } from '../cases/moves/ask.ts'
import { openDelivery } from '../delivery/open.ts'
import { tellOfficers } from '../duty/tell-officers.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { contactIndex, dataKeys, reporters, reports, type submissions } from '../tables/index.ts'
import type { CleanedFile } from './clean-files.ts'
import { columnsOf } from './columns.ts'
import { hashesOf } from './contact-hashes.ts'
import { readItem } from './read-item.ts'
import type { Reader } from './reader.ts'
import { wholeOf } from './whole.ts'
import { addFiles } from './write-files.ts'

export interface Rereading {
  /** The first message of the report. */
  readonly submission: typeof submissions.$inferSelect
  readonly dataKey: DataKey
  readonly names: Reader
  /** What changed it: the id of an item or of a submission. */
  readonly by: string
  readonly how: 'edited' | 'more' | 'files'
  /** Files that came with it, under the key of the first message. */
  readonly added: readonly CleanedFile[]
}

/**
 * A message was edited, or more of it came: its report says from now on what all of it says. Not yet with an office, the case is matched and
 * routed by that; with one, the office gets an addition; after the answer, triage hears. What an officer corrected stands in the case and stays.
 * False where there is no report: it is not read yet, or was erased. Call it after the change itself is written.
 */
export async function reread(a: Act, change: Rereading): Promise<boolean> {
  const { submission, by, how } = change
  const { rowCount } = await a.tx.execute(sql`select 1 from ${dataKeys} where id = ${submission.keyId} for key share`)
  const [report] = await a.tx.select().from(reports).where(eq(reports.submissionId, submission.id))
  if (rowCount === 0 || report === undefined) return false
  const { root } = await holdWithRoot(a.tx, report.caseId)
  const whole = await wholeOf(a.tx, a.ports.secrets, submission.id)
  if (whole === undefined) return false
  const read = readItem(whole, change.names, {
    province: (await a.ports.profiles.get(root.profile)).profile.province,
    receivedAt: submission.receivedAt,
  })
  await addFiles(a.tx, submission.id, change.added)
  await a.tx
    .update(reports)
    .set({
      ...columnsOf(read),
      identitySecret: report.identitySecret || read.identitySecret,
      ...(how === 'more' && report.askedAt !== null && { answeredAt: report.answeredAt ?? a.at }),
    })
    .where(eq(reports.id, report.id))
  await learnContact(a, report, { ...change, contact: read.contact })
  a.record({ of: 'case', id: report.caseId }, 'report.revised', { report: report.id, by, how })
  if (how === 'more' && root.askedAt !== null) await completed(a, root.id)
  await passOn(a, report, root, by)
  await settle(a, root.id)
  return true
}

/** A call's transcript may say who called. */
async function learnContact(
  a: Act,
  { reporterId, sourceId }: Report,
  { dataKey, contact }: { readonly dataKey: DataKey; readonly contact: Contact },
): Promise<void> {
  const { secrets } = a.ports
  const known = await contactOf(a.tx, secrets, reporterId)
  const all = { ...contact, ...known }
  if (Object.keys(all).length === Object.keys(known).length) return
  await a.tx
    .update(reporters)
    .set({ contact: secrets.seal(dataKey, JSON.stringify(all), `reporter:${reporterId}`) })
    .where(eq(reporters.id, reporterId))
  const hashes = hashesOf(secrets, all, sourceId)
  if (hashes.length > 0)
    await a.tx
      .insert(contactIndex)
      .values(hashes.map((hashed) => ({ ...hashed, reporterId })))
      .onConflictDoNothing()
}

async function passOn(a: Act, report: Report, root: Case, by: string): Promise<void> {
  const shares = ofThisRound(root, await assignmentsOf(a.tx, await familyOf(a.tx, root.id)))
  const having = shares.filter(({ state }) => !isEnd(state))
  for (const assignment of having)
    await openDelivery(a, {
      ...{ assignment, kind: 'addition', reportId: report.id, urgent: root.urgent },
      purpose: `revision:${by}`,
    })
  if (having.length > 0) return
  if (caseCan(root.status, 'assign') && root.waitingFor !== 'held' && shares.length === 0)
    a.later({ kind: 'match', ref: report.id })
  else
    await tellOfficers(
      a,
      { toRole: 'triage', agencyId: null },
      { event: 'revised', caseId: root.id, values: { code: report.code } },
    )
}
