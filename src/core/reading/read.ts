import { and, eq, inArray, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Submitted } from '../../channels/channel.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { type Case, settle } from '../cases/hold.ts'
import { sendCode } from '../contacts/ask.ts'
import { dayInVietnam } from '../day.ts'
import { happenedTo } from '../deadlines/happened-to.ts'
import type { Source } from '../intake/channel-context.ts'
import { openItem } from '../intake/open-sealed.ts'
import { tooMuchFrom } from '../intake/sender.ts'
import { tell } from '../notices/tell.ts'
import { type ProfileVersion, versionOn } from '../profile/profile.ts'
import { cases, contactIndex, dataKeys, items, reporters, reports, sources, submissions } from '../tables/index.ts'
import { type CleanedFile, cleanFiles } from './clean-files.ts'
import { columnsOf } from './columns.ts'
import { hashesOf } from './contact-hashes.ts'
import { fetchFirst } from './fetch-files.ts'
import type { ContactHashes } from './follows.ts'
import { withName } from './learn-name.ts'
import { readAsPart } from './part.ts'
import { type ReadReport, readItem } from './read-item.ts'
import { type Standing, standingOf } from './standing.ts'
import { writeCleaned } from './write-files.ts'

/** Reads a submission into a report with a case of its own. Everything is committed before the match step looks. */
export async function read(ports: Ports, task: Claimed): Promise<void> {
  const { db, secrets } = ports
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, task.ref))
  const sealed = await openItem(db, secrets, submission!)
  // Erased before it was read: there is nothing left to read.
  if (sealed === undefined) return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  const named = { ...sealed, item: await withName(ports, { submission: submission!, ...sealed }) }
  const opened = { ...named, item: await fetchFirst(ports, { submission: submission!, ...named }) }
  const [source] = await db.select().from(sources).where(eq(sources.id, submission!.sourceId))
  const { profile } = await ports.profiles.get(source!.profile)
  const version = versionOn(profile, submission!.receivedAt)
  const { names } = await ports.units.get()
  const report = readItem(opened.item, names, {
    province: profile.province,
    receivedAt: submission!.receivedAt,
  })
  const hashes = hashesOf(secrets, report.contact, submission!.sourceId)
  const came = { submission: submission!, item: opened.item, read: report, sender: hashes, channel: source!.kind }
  const standing = await db.transaction((tx) => standingOf(tx, secrets, { ...came, profileId: profile.id, version }))
  const isPart = standing.is === 'part'
  if (isPart && (await readAsPart(ports, task, { ...opened, submission: submission!, first: standing.of, names })))
    return
  const cleaned = await cleanFiles(ports, opened.dataKey, opened.item.files)
  failpoint('read.before-commit')
  const id = uuid()
  const written = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    // An erasure waits for this, or was first: then nothing may be written that the destroyed key was to open.
    const { rowCount } = await a.tx.execute(
      sql`select 1 from ${dataKeys} where id = ${submission!.keyId} for key share`,
    )
    if (rowCount === 0) return finishing(a, task).then(() => false)
    const { goesOn } = await write(a, {
      ...{ id, submission: submission!, item: opened.item, report, hashes, standing, source: source! },
      ...{ profileId: profile.id, version, cleaned },
      contact: secrets.seal(opened.dataKey, JSON.stringify(report.contact), `reporter:${id}`),
    })
    if (goesOn) a.later({ kind: 'match', ref: id })
    await wakeWords(a, submission!.sourceId, opened.item)
    await finishing(a, task)
    return true
  })
  failpoint('read.after-commit')
  if (!written) return
  ports.log.info({ report: id, submission: submission!.id, code: submission!.code }, 'report.read')
}

/** Later words about it that came before it. */
async function wakeWords(a: Act, sourceId: string, { keys }: Submitted): Promise<void> {
  const about = keys.map((key) => a.ports.secrets.index('submission', key))
  const waiting = await a.tx
    .select({ id: items.id })
    .from(items)
    .where(and(eq(items.sourceId, sourceId), eq(items.state, 'waiting'), inArray(items.about, about)))
  for (const { id } of waiting) a.later({ kind: 'revise', ref: id })
}

interface Writing {
  /** Of the report, and of its reporter. */
  readonly id: string
  readonly submission: typeof submissions.$inferSelect
  readonly item: Submitted
  readonly report: ReadReport
  /** Of its sender. */
  readonly hashes: ContactHashes
  readonly standing: Standing
  readonly source: Source
  readonly profileId: string
  readonly version: ProfileVersion
  readonly contact: Buffer
  readonly cleaned: readonly CleanedFile[]
}

/** `goesOn` to be matched. Not where too much came from its sender: then it goes nowhere until an officer has glanced at it; nor do mere thanks. */
async function write(a: Act, w: Writing): Promise<{ readonly goesOn: boolean }> {
  const { id, submission, item, report, hashes, standing, version } = w
  const secret = version.secrecy
  const caseId = uuid()
  await a.tx.insert(reporters).values({ id, submissionId: submission.id, keyId: submission.keyId, contact: w.contact })
  const follows = standing.is === 'later' ? standing.follows : null
  const beside = standing.is === 'beside' ? standing.caseId : null
  const says = standing.is === 'later' || standing.is === 'beside' ? standing.says : null
  if (hashes.length > 0) await a.tx.insert(contactIndex).values(hashes.map((hashed) => ({ ...hashed, reporterId: id })))
  const urgentKind = version.urgent.kinds.find(({ id: kind }) => kind === item.urgent)?.id ?? null
  // Danger does not wait for a glance.
  const heldGroup = urgentKind === null ? await tooMuchFrom(a, { ...w, contact: report.contact }) : null
  const [own] = await a.tx
    .insert(cases)
    .values({
      id: caseId,
      profile: w.profileId,
      profileFrom: version.from,
      status: 'received',
      openedAt: submission.receivedAt,
      ...categoryOf(version, item),
      urgentKind,
      urgent: urgentKind !== null,
      ...(beside !== null && (says === 'unsure' ? { waitingFor: 'same-or-new' } : { waitingFor: 'beside-case' })),
      ...(heldGroup !== null && { waitingFor: 'held', heldGroup }),
    })
    .returning()
  const [row] = await a.tx
    .insert(reports)
    .values({
      id,
      code: submission.code,
      submissionId: submission.id,
      reporterId: id,
      caseId,
      sourceId: submission.sourceId,
      channel: w.source.kind,
      receivedAt: submission.receivedAt,
      follows,
      beside,
      says,
      identitySecret: secret.identity.rule === 'always' || report.identitySecret,
      contentSecret: secret.content.rule === 'always' || (secret.content.rule === 'on-request' && item.contentSecret),
      ...columnsOf(report),
    })
    .returning()
  await writeCleaned(a.tx, submission.id, w.cleaned)
  a.record({ of: 'case', id: caseId }, 'case.opened', {
    report: id,
    code: submission.code,
    source: submission.sourceId,
    profile: `${w.profileId} ${version.from}`,
  })
  if (says === 'thanks') return justThanks(a, own!)
  if (heldGroup !== null) a.record({ of: 'case', id: caseId }, 'case.waiting', { reason: 'held' })
  // Whoever types three hundred times the number of somebody else must not have three hundred messages sent there.
  const quietly = heldGroup !== null
  await tell(a, [row!], { event: 'received', values: { received: dayInVietnam(submission.receivedAt) }, quietly })
  if (version.report.verify.contact === 'code' && follows === null && !quietly) await sendCode(a, row!)
  const of = { case: own!, report: row!, at: submission.receivedAt }
  await happenedTo(a, 'report.received', of)
  await happenedTo(a, 'report.complete', of)
  if (urgentKind !== null) await happenedTo(a, 'case.urgent', of)
  await settle(a, caseId)
  return { goesOn: heldGroup === null }
}

/** Nobody has to do anything about it, no clock runs, and nobody is thanked for thanks. An officer who sees more in it opens it again. */
async function justThanks(a: Act, own: Case): Promise<{ readonly goesOn: false }> {
  await a.tx.update(cases).set({ closedAt: a.at, waitingFor: null, heldGroup: null }).where(eq(cases.id, own.id))
  a.record({ of: 'case', id: own.id }, 'case.closed', { why: 'thanks' })
  await settle(a, own.id)
  return { goesOn: false }
}

/** What the sender picked, where the profile has it. */
function categoryOf(
  { categories }: ProfileVersion,
  item: Submitted,
): { category: string | null; field: string | null } {
  const category =
    categories.find(({ id }) => id === item.category) ??
    categories.find(({ matters }) => matters.some((matter) => matter === item.category))
  return { category: category?.id ?? null, field: category?.fields.find(({ id }) => id === item.field)?.id ?? null }
}
