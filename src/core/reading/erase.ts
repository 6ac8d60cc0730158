import { eq, sql } from 'drizzle-orm'
import { act, type Ports } from '../act.ts'
import { settle } from '../cases/hold.ts'
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
  const [found] = await ports.db
    .select({
      submissionId: submissions.id,
      keyId: submissions.keyId,
      reportId: reports.id,
      reporterId: reports.reporterId,
      caseId: reports.caseId,
    })
    .from(submissions)
    .innerJoin(reports, eq(reports.submissionId, submissions.id))
    .where(eq(submissions.code, code))
  if (found === undefined) return 'missing'
  const stored = await ports.db.select({ id: files.id }).from(files).where(eq(files.submissionId, found.submissionId))
  await act(ports, { actor }, async (a) => {
    await a.tx.delete(dataKeys).where(eq(dataKeys.id, found.keyId))
    await a.tx.delete(contactIndex).where(eq(contactIndex.reporterId, found.reporterId))
    await a.tx
      .update(reporters)
      .set({ contact: Buffer.alloc(0) })
      .where(eq(reporters.id, found.reporterId))
    await a.tx
      .update(submissions)
      .set({ erasedAt: a.at, item: Buffer.alloc(0) })
      .where(eq(submissions.id, found.submissionId))
    await a.tx.execute(sql`delete from trace where key_id = ${found.keyId}`)
    await a.tx.execute(sql`update envelope set body = ''::bytea, head = ''::bytea where key_id = ${found.keyId}`)
    await a.tx.delete(files).where(eq(files.submissionId, found.submissionId))
    a.record({ of: 'case', id: found.caseId }, 'reporter.erased', { report: found.reportId, why })
    await settle(a, found.caseId)
  })
  for (const { id } of stored) await ports.files.remove(id)
  return undefined
}
