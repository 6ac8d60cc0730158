import { and, eq, inArray } from 'drizzle-orm'
import type { Deleted, Revised, Submitted } from '../../channels/channel.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { holdWithRoot } from '../cases/hold.ts'
import { tellOfficers } from '../duty/tell-officers.ts'
import { fault } from '../fault.ts'
import { dataKeyOf, openIncoming, openItem, rewriteItem, sealedKeyOf } from '../intake/open-sealed.ts'
import { intakeSourceOf } from '../intake/rows.ts'
import { sealItem } from '../intake/seal-envelope.ts'
import { putItem } from '../intake/store-envelopes.ts'
import { items, reports, sources, submissionKeys, submissions } from '../tables/index.ts'
import { cleanFiles } from './clean-files.ts'
import { fetchAll, MOST_TRIES, retryAfterMs } from './fetch-files.ts'
import { type Rereading, reread } from './reread.ts'
import { sealAnew } from './write-files.ts'

/** Why a later word is set aside: a key of `locales/*\/aside.json`. */
type Aside = 'about-no-report' | 'about-nothing'
type Word = typeof items.$inferSelect
type Submission = typeof submissions.$inferSelect

/** So long a later word waits for the message that it is about; then it stands alone. */
const WAIT_MS = 3600_000
/** It comes with the message that waits to be read: `read` asks for it again, and this is for what `read` did not see. */
const LOOK_AGAIN_MS = 5000

/** A later word about a message, whichever of the two came first, however often it was said. */
export async function revise(ports: Ports, task: Claimed): Promise<void> {
  const { db, secrets } = ports
  const [word] = await db.select().from(items).where(eq(items.id, task.ref))
  const said = word && (await openIncoming(db, secrets, word))
  if (word === undefined || word.state === 'done' || (said?.item !== 'revised' && said?.item !== 'deleted'))
    return act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  const about = await aboutOf(ports, word, said)
  if (about === 'none') return waitOrStandAlone(ports, task, word, said)
  if (about === 'no-submission') return setAside(ports, task, word, 'about-no-report')
  if (said.item === 'deleted') return takeBack(ports, task, word, about)
  await edit(ports, task, { word, said, about })
}

/** The submission that it is about, by any of its keys. */
async function aboutOf(
  { db, secrets }: Ports,
  { sourceId }: Word,
  { keys }: Revised | Deleted,
): Promise<Submission | 'none' | 'no-submission'> {
  const hashes = keys.map((key) => secrets.index('submission', key))
  const [known] = await db
    .select({ id: submissionKeys.submissionId, submission: submissions })
    .from(submissionKeys)
    .leftJoin(submissions, eq(submissions.id, submissionKeys.submissionId))
    .where(and(eq(submissionKeys.sourceId, sourceId), inArray(submissionKeys.keyHash, hashes)))
    .limit(1)
  if (known === undefined) return 'none'
  return known.submission ?? 'no-submission'
}

async function waitOrStandAlone(ports: Ports, task: Claimed, word: Word, said: Revised | Deleted): Promise<void> {
  const until = new Date(word.receivedAt.getTime() + WAIT_MS)
  if (ports.clock.now() < until) return wait(ports, task, word, until)
  if (said.item === 'deleted') return setAside(ports, task, word, 'about-nothing')
  await standAlone(ports, task, word, said.now)
}

async function wait(ports: Ports, task: Claimed, word: Word, until: Date): Promise<void> {
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    await a.tx.update(items).set({ state: 'waiting' }).where(eq(items.id, word.id))
    await finishing(a, task, until)
  })
}

async function setAside(ports: Ports, task: Claimed, word: Word, reason: Aside): Promise<void> {
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    await a.tx.update(items).set({ state: 'set-aside', reason }).where(eq(items.id, word.id))
    await finishing(a, task)
  })
}

/** The message itself never came: its latest edit is the report, and the message is known by that if it comes yet. */
async function standAlone(ports: Ports, task: Claimed, word: Word, now: Submitted): Promise<void> {
  const key = await sealedKeyOf(ports.db, ports.secrets, word.keyId)
  if (key === undefined) return setAside(ports, task, word, 'about-nothing')
  const { receivedAt, sourceId, envelopeId, seq } = word
  const [source] = await ports.db.select().from(sources).where(eq(sources.id, sourceId))
  const sealed = await sealItem(ports, {
    ...{ source: await intakeSourceOf(ports, source!), receivedAt, quiet: false, seq, key },
    item: { ...now, unoriginal: true },
  })
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const taken = await a.tx
      .insert(submissionKeys)
      .values(sealed.keyHashes.map((keyHash) => ({ sourceId, keyHash, submissionId: sealed.id })))
      .onConflictDoNothing()
      .returning({ hash: submissionKeys.keyHash })
    // It came in this very moment: nothing of this is written, and the next attempt is about that.
    if (taken.length < sealed.keyHashes.length) return fault('ours', 'the message came meanwhile')
    await putItem(a, sealed, { sourceId, envelopeId, receivedAt })
    await a.tx.update(items).set({ state: 'done', submissionId: sealed.id }).where(eq(items.id, word.id))
    await finishing(a, task)
    return undefined
  })
}

interface Editing {
  readonly word: Word
  readonly said: Revised
  readonly about: Submission
}

async function edit(ports: Ports, task: Claimed, { word, said, about }: Editing): Promise<void> {
  const prepared = await prepare(ports, { word, said, about })
  if (prepared?.still === true && task.attempts < MOST_TRIES)
    return act(ports, { actor: 'system', unrecorded: true }, (a) =>
      finishing(a, task, new Date(a.at.getTime() + retryAfterMs(task.attempts))),
    )
  failpoint('revise.before-commit')
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const [still] = await a.tx.select().from(items).where(eq(items.id, word.id)).for('update')
    const [current] = await a.tx.select().from(submissions).where(eq(submissions.id, about.id)).for('update')
    if (still!.state === 'done') return finishing(a, task)
    // Of the same time: this very edit, which found no report to change when it was written.
    const isCurrent = said.how === 'more' || current!.editedAt === null || current!.editedAt <= new Date(said.at)
    if (said.how === 'edited' && isCurrent) await replace(a, current!, said)
    await a.tx.update(items).set({ state: 'done', submissionId: about.id }).where(eq(items.id, word.id))
    // An edit that a later one has overtaken is kept, and changes nothing; nor does one of what was erased.
    const gone = prepared === undefined || current!.erasedAt !== null
    const done = !isCurrent || gone || (await reread(a, { ...prepared.rereading, by: word.id, how: said.how }))
    if (done) return finishing(a, task)
    await a.tx.update(items).set({ state: 'waiting', submissionId: null }).where(eq(items.id, word.id))
    await finishing(a, task, new Date(a.at.getTime() + LOOK_AGAIN_MS))
  })
  failpoint('revise.after-commit')
}

interface Prepared {
  readonly rereading: Omit<Rereading, 'by' | 'how'>
  /** Its provider could not be reached for some of its files. */
  readonly still: boolean
}

/** Files first, outside of any transaction; undefined once the message was erased. */
async function prepare(ports: Ports, { word, said, about }: Editing): Promise<Prepared | undefined> {
  const { db, secrets } = ports
  const [first] = await db
    .select()
    .from(submissions)
    .where(eq(submissions.id, about.partOf ?? about.id))
  const [dataKey, from] = await Promise.all([first!.keyId, word.keyId].map((keyId) => dataKeyOf(db, secrets, keyId)))
  if (dataKey === undefined || from === undefined) return undefined
  const fetched = await fetchAll(ports, word, said.now.remote ?? [], from)
  const came = await sealAnew(ports, [...said.now.files, ...fetched.files], { from, to: dataKey })
  const { names } = await ports.units.get()
  const added = await cleanFiles(ports, dataKey, came)
  return { still: fetched.still.length > 0, rereading: { submission: first!, dataKey, names, added } }
}

/** Fetched already, into the report. */
function withoutRemote({ remote: _remote, ...now }: Submitted): Submitted {
  return now
}

async function replace(a: Act, submission: Submission, said: Revised): Promise<void> {
  const { secrets } = a.ports
  const opened = await openItem(a.tx, secrets, submission)
  if (opened === undefined) return
  const { item: before, dataKey } = opened
  const item: Submitted = {
    ...{ ...before, ...withoutRemote(said.now), files: before.files },
    ...{ event: before.event, keys: before.keys, sender: { ...said.now.sender, ...before.sender } },
  }
  await rewriteItem(a.tx, secrets, { id: submission.id, dataKey, item, editedAt: new Date(said.at) })
}

/** Its sender deleted it. It leaves public view at once and is shown to triage; nothing is erased by that. */
async function takeBack(ports: Ports, task: Claimed, word: Word, about: Submission): Promise<void> {
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const [report] = await a.tx
      .select()
      .from(reports)
      .where(eq(reports.submissionId, about.partOf ?? about.id))
    if (report === undefined && about.erasedAt === null)
      return finishing(a, task, new Date(a.at.getTime() + LOOK_AGAIN_MS))
    await a.tx.update(items).set({ state: 'done', submissionId: about.id }).where(eq(items.id, word.id))
    if (report !== undefined && report.takenBackAt === null) {
      const { root } = await holdWithRoot(a.tx, report.caseId)
      await a.tx.update(reports).set({ takenBackAt: a.at }).where(eq(reports.id, report.id))
      a.record({ of: 'case', id: report.caseId }, 'report.taken-back', { report: report.id, by: word.id })
      const values = { code: report.code }
      await tellOfficers(a, { toRole: 'triage', agencyId: null }, { event: 'taken-back', caseId: root.id, values })
    }
    await finishing(a, task)
  })
}
