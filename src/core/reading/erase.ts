import { eq, sql } from 'drizzle-orm'
import { mask } from '../../normalize/mask.ts'
import { clean } from '../../normalize/text.ts'
import { type Act, act, type Ports } from '../act.ts'
import { hold, settle } from '../cases/hold.ts'
import { openItem } from '../intake/open-sealed.ts'
import { contactIndex, dataKeys, files, reporters, reports, submissions } from '../tables/index.ts'

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
    if (submission.erasedAt !== null) return []
    const known = (await openItem(a.tx, ports.secrets, submission))?.item.sender
    // Waits for a reading that is under way: what it writes is found below.
    await a.tx.delete(dataKeys).where(eq(dataKeys.id, submission.keyId))
    await eraseRaw(a, submission)
    const [report] = await a.tx.select().from(reports).where(eq(reports.submissionId, submission.id))
    if (report !== undefined) await eraseContact(a, report, mask(clean(why), known))
    return a.tx.delete(files).where(eq(files.submissionId, submission.id)).returning({ id: files.id })
  })
  if (stored === undefined) return 'missing'
  for (const { id } of stored) await ports.files.remove(id)
  ports.log.info({ code }, 'reporter.erased')
  return undefined
}

/** The sealed copies are noise without their key, and go all the same. */
async function eraseRaw(a: Act, { id, keyId }: typeof submissions.$inferSelect): Promise<void> {
  await a.tx
    .update(submissions)
    .set({ erasedAt: a.at, item: Buffer.alloc(0) })
    .where(eq(submissions.id, id))
  await a.tx.execute(sql`delete from trace where key_id = ${keyId}`)
  await a.tx.execute(sql`update envelope set body = ''::bytea, head = ''::bytea where key_id = ${keyId}`)
}

async function eraseContact(
  a: Act,
  { id, reporterId, caseId }: typeof reports.$inferSelect,
  why: string,
): Promise<void> {
  await a.tx.delete(contactIndex).where(eq(contactIndex.reporterId, reporterId))
  await a.tx
    .update(reporters)
    .set({ contact: Buffer.alloc(0) })
    .where(eq(reporters.id, reporterId))
  await hold(a.tx, [caseId])
  a.record({ of: 'case', id: caseId }, 'reporter.erased', { report: id, why })
  await settle(a, caseId)
}
