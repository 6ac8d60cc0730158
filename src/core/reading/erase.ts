import { eq, inArray, or, sql } from 'drizzle-orm'
import { mask } from '../../normalize/mask.ts'
import { clean } from '../../normalize/text.ts'
import { type Act, act, type Ports } from '../act.ts'
import { assignmentsOf, familyOf, hold, reportsOf, rootOf, settle } from '../cases/hold.ts'
import { isKnownToAgency } from '../cases/known-to.ts'
import { eraseLargeFiles } from '../intake/large-files.ts'
import { openItem } from '../intake/open-sealed.ts'
import {
  contactIndex,
  dataKeys,
  envelopes,
  files,
  items,
  reporters,
  reports,
  submissions,
  updates,
  verifications,
} from '../tables/index.ts'

/**
 * Erases who sent a report and every raw copy of it: the key is destroyed, so what is left on disks and in backups' future copies is noise. The
 * masked text, the case and its history stay, and the submission's keys, so that the same message does not come in again as new.
 */
export async function eraseReporter(
  ports: Ports,
  actor: string,
  { code, why }: { readonly code: string; readonly why: string },
): Promise<'missing' | undefined> {
  // A submission that is not read yet has no case, and so no history.
  const stored = await act(ports, { actor, unrecorded: true }, async (a) => {
    const [submission] = await a.tx.select().from(submissions).where(eq(submissions.code, code)).for('update')
    if (submission === undefined) return undefined
    const all = [submission, ...(await goingOn(a, code))]
    // Each may say more of them than the others do: the reason is written down without any of it.
    let said = clean(why)
    for (const one of all) said = mask(said, (await openItem(a.tx, ports.secrets, one))?.item.sender)
    const gone: string[] = []
    for (const one of all) gone.push(...(await eraseOne(a, one, said)))
    return gone
  })
  if (stored === undefined) return 'missing'
  for (const id of stored) await ports.files.remove(id)
  ports.log.info({ code }, 'reporter.erased')
  return undefined
}

/** What the same person sent later about it: in answer to our letters, or in the same breath. */
async function goingOn(a: Act, code: string): Promise<(typeof submissions.$inferSelect)[]> {
  const first = a.tx.select({ id: reports.id }).from(reports).where(eq(reports.code, code))
  const later = a.tx.select({ id: reports.submissionId }).from(reports).where(inArray(reports.follows, first))
  const own = a.tx.select({ id: submissions.id }).from(submissions).where(eq(submissions.code, code))
  return a.tx
    .select()
    .from(submissions)
    .where(or(inArray(submissions.id, later), inArray(submissions.partOf, later), inArray(submissions.partOf, own)))
    .orderBy(submissions.id)
    .for('update')
}

/** Gives the files that are to be removed once this is committed. */
async function eraseOne(a: Act, submission: typeof submissions.$inferSelect, why: string): Promise<string[]> {
  if (submission.erasedAt !== null) return []
  // Waits for a reading that is under way: what it writes is found below.
  await a.tx.delete(dataKeys).where(eq(dataKeys.id, submission.keyId))
  await eraseRaw(a, submission)
  await eraseLargeFiles(a.tx, submission.id)
  const [report] = await a.tx.select().from(reports).where(eq(reports.submissionId, submission.id))
  if (report !== undefined) await eraseContact(a, report, why)
  const words = await eraseWords(a, submission.id)
  const owners = [
    submission.id,
    submission.envelopeId,
    ...words,
    ...(report === undefined ? [] : await eraseLetters(a, report)),
  ]
  const gone = await a.tx.delete(files).where(inArray(files.submissionId, owners)).returning({ id: files.id })
  return gone.map(({ id }) => id)
}

/**
 * The sealed copies are noise without their key, and go all the same. Where many came in one envelope its raw copy goes for all of them: what
 * each of the others said stays in its own.
 */
async function eraseRaw(a: Act, { id, keyId, envelopeId }: typeof submissions.$inferSelect): Promise<void> {
  await a.tx
    .update(submissions)
    .set({ erasedAt: a.at, item: Buffer.alloc(0) })
    .where(eq(submissions.id, id))
  await a.tx.execute(sql`delete from trace where key_id = ${keyId}`)
  await eraseEnvelope(a, envelopeId)
}

/** Later words about it, edits say: each in an envelope of its own. Gives who may own files of them. */
async function eraseWords(a: Act, submissionId: string): Promise<string[]> {
  const words = await a.tx.select().from(items).where(eq(items.submissionId, submissionId))
  for (const { id, keyId, envelopeId } of words) {
    await a.tx.delete(dataKeys).where(eq(dataKeys.id, keyId))
    await a.tx
      .update(items)
      .set({ body: Buffer.alloc(0) })
      .where(eq(items.id, id))
    await eraseEnvelope(a, envelopeId)
  }
  return words.flatMap(({ id, envelopeId }) => [id, envelopeId])
}

async function eraseEnvelope(a: Act, id: string): Promise<void> {
  const [envelope] = await a.tx.select({ keyId: envelopes.keyId }).from(envelopes).where(eq(envelopes.id, id))
  if (envelope === undefined) return
  await a.tx.delete(dataKeys).where(eq(dataKeys.id, envelope.keyId))
  await a.tx.execute(sql`update envelope set body = ''::bytea, head = ''::bytea where id = ${id}`)
}

/** Letters of offices that may name the reporter: those of a matter of their own, and of offices that were told who they are. The updates. */
async function eraseLetters(a: Act, report: typeof reports.$inferSelect): Promise<string[]> {
  const family = await familyOf(a.tx, await rootOf(a.tx, report.caseId))
  const alone = (await reportsOf(a.tx, family)).length === 1
  const shares = await assignmentsOf(a.tx, family)
  if (shares.length === 0 || (!alone && !(await isKnownToAgency(a.tx, [report])))) return []
  const letters = await a.tx
    .select({ id: updates.id, keyId: updates.keyId })
    .from(updates)
    .where(
      inArray(
        updates.assignmentId,
        shares.map(({ id }) => id),
      ),
    )
  const keys = letters.flatMap(({ keyId }) => keyId ?? [])
  if (keys.length > 0) await a.tx.delete(dataKeys).where(inArray(dataKeys.id, keys))
  return letters.map(({ id }) => id)
}

async function eraseContact(
  a: Act,
  { id, reporterId, caseId }: typeof reports.$inferSelect,
  why: string,
): Promise<void> {
  await a.tx.delete(contactIndex).where(eq(contactIndex.reporterId, reporterId))
  await a.tx.delete(verifications).where(eq(verifications.reporterId, reporterId))
  await a.tx
    .update(reporters)
    .set({ contact: Buffer.alloc(0) })
    .where(eq(reporters.id, reporterId))
  await hold(a.tx, [caseId])
  a.record({ of: 'case', id: caseId }, 'reporter.erased', { report: id, why })
  await settle(a, caseId)
}
