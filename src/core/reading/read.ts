import { eq, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Submitted } from '../../channels/channel.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { settle } from '../cases/hold.ts'
import { openItem } from '../intake/open-sealed.ts'
import { tell } from '../notices/tell.ts'
import { dayInVietnam, type ProfileVersion, versionOn } from '../profile/profile.ts'
import { cases, contactIndex, dataKeys, files, reporters, reports, sources, submissions } from '../tables/index.ts'
import { type CleanedFile, cleanFiles } from './clean-files.ts'
import { READ_VERSION, type ReadReport, readItem } from './read-item.ts'

/** Reads a submission into a report with a case of its own. Everything is committed before the match step looks. */
export async function read(ports: Ports, task: Claimed): Promise<void> {
  const { db, secrets } = ports
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, task.ref))
  const opened = await openItem(db, secrets, submission!)
  // Erased before it was read: there is nothing left to read.
  if (opened === undefined) return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  const [source] = await db.select().from(sources).where(eq(sources.id, submission!.sourceId))
  const { profile } = await ports.profiles.get(source!.profile)
  const { names } = await ports.units.get()
  const report = readItem(opened.item, names)
  const cleaned = await cleanFiles(ports, opened.dataKey, opened.item.files)
  failpoint('read.before-commit')
  const id = uuid()
  const written = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    // An erasure waits for this, or was first: then nothing may be written that the destroyed key was to open.
    const { rowCount } = await a.tx.execute(
      sql`select 1 from ${dataKeys} where id = ${submission!.keyId} for key share`,
    )
    if (rowCount === 0) return finishing(a, task).then(() => false)
    await write(a, {
      id,
      submission: submission!,
      item: opened.item,
      report,
      channel: source!.kind,
      profileId: profile.id,
      version: versionOn(profile, submission!.receivedAt),
      contact: secrets.seal(opened.dataKey, JSON.stringify(report.contact), `reporter:${id}`),
      cleaned,
    })
    a.later({ kind: 'match', ref: id })
    await finishing(a, task)
    return true
  })
  failpoint('read.after-commit')
  if (!written) return
  ports.log.info({ report: id, submission: submission!.id, code: submission!.code }, 'report.read')
}

interface Writing {
  /** Of the report, and of its reporter. */
  readonly id: string
  readonly submission: typeof submissions.$inferSelect
  readonly item: Submitted
  readonly report: ReadReport
  readonly channel: string
  readonly profileId: string
  readonly version: ProfileVersion
  readonly contact: Buffer
  readonly cleaned: readonly CleanedFile[]
}

async function write(a: Act, w: Writing): Promise<void> {
  const { id, submission, item, report, version } = w
  const caseId = uuid()
  await a.tx.insert(reporters).values({ id, submissionId: submission.id, keyId: submission.keyId, contact: w.contact })
  const index = indexRows(a, id, report)
  if (index.length > 0) await a.tx.insert(contactIndex).values(index)
  await a.tx.insert(cases).values({
    id: caseId,
    profile: w.profileId,
    profileFrom: version.from,
    status: 'received',
    openedAt: submission.receivedAt,
  })
  const [row] = await a.tx
    .insert(reports)
    .values({
      id,
      code: submission.code,
      submissionId: submission.id,
      reporterId: id,
      caseId,
      sourceId: submission.sourceId,
      channel: w.channel,
      receivedAt: submission.receivedAt,
      identitySecret: version.identitySecret === 'always' || item.identitySecret,
      contentSecret:
        version.contentSecret === 'always' || (version.contentSecret === 'on-request' && item.contentSecret),
      title: report.title,
      text: report.text,
      address: report.address ?? null,
      folded: report.folded,
      foldedHash: report.foldedHash,
      lat: report.point?.lat ?? null,
      lng: report.point?.lng ?? null,
      readings: report.readings,
      readVersion: READ_VERSION,
    })
    .returning()
  await writeFiles(a, w)
  a.record({ of: 'case', id: caseId }, 'case.opened', {
    report: id,
    code: submission.code,
    source: submission.sourceId,
    profile: `${w.profileId} ${version.from}`,
  })
  await tell(a, [row!], { event: 'received', values: { received: dayInVietnam(submission.receivedAt) } })
  await settle(a, caseId)
}

function indexRows(a: Act, reporterId: string, { contact }: ReadReport) {
  const { secrets } = a.ports
  return (['phone', 'email'] as const).flatMap((kind) => {
    const value = contact[kind]
    return value === undefined ? [] : [{ kind, hash: secrets.index(kind, value), reporterId }]
  })
}

async function writeFiles(a: Act, { submission, cleaned }: Writing): Promise<void> {
  for (const [seq, { original, clean, notClean, hint }] of cleaned.entries()) {
    await a.tx
      .update(files)
      .set({ notClean: notClean ?? null, hint: hint ?? null })
      .where(eq(files.id, original.id))
    if (clean !== undefined)
      await a.tx.insert(files).values({ ...clean, submissionId: submission.id, seq, variant: 'clean' })
  }
}
