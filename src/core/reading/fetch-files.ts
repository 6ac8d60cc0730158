import { eq } from 'drizzle-orm'
import type { RemoteFile, StoredFile, Submitted } from '../../channels/channel.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { openSource } from '../intake/channel-context.ts'
import { MAX_FILE_BYTES, MAX_FILES } from '../intake/limits.ts'
import { openItem, rewriteItem } from '../intake/open-sealed.ts'
import { sources, submissions } from '../tables/index.ts'
import { cleanFiles } from './clean-files.ts'
import { reread } from './reread.ts'
import { addFiles, sealAnew } from './write-files.ts'

type Submission = typeof submissions.$inferSelect

/** Providers' links expire within hours or days; a provider that is away is asked again in 30 s, 1, 2, 4, … minutes, for some nine hours in all. */
const FIRST_RETRY_MS = 30_000
export const MOST_TRIES = 10

/** Before the next attempt at what could not be had. */
export const retryAfterMs = (tries: number): number => FIRST_RETRY_MS * 2 ** tries

/** What came of one attempt at all of them. */
interface Fetched {
  readonly files: readonly StoredFile[]
  /** To be asked for again. */
  readonly still: readonly RemoteFile[]
  /** Gone, too large, or of no kind that we take. */
  readonly lost: number
}

/**
 * Fetches what the provider keeps beside a message, before the message is read; each once. What cannot be had now is fetched later, and the
 * message does not wait for it.
 */
export async function fetchFirst(
  ports: Ports,
  {
    submission,
    item,
    dataKey,
  }: { readonly submission: Submission; readonly item: Submitted; readonly dataKey: DataKey },
): Promise<Submitted> {
  if (item.remote === undefined || item.remote.length === 0) return item
  const fetched = await fetchAll(ports, submission, item.remote, dataKey)
  return act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    await addFiles(
      a.tx,
      submission.id,
      fetched.files.map((original) => ({ original })),
    )
    if (fetched.still.length > 0)
      a.later({ kind: 'fetch', ref: submission.id, due: new Date(a.at.getTime() + FIRST_RETRY_MS) })
    return (await putFetched(a, submission.id, fetched)) ?? item
  })
}

/** Into what the message says by now: it may have been edited while its files were fetched. Undefined where it was erased. */
async function putFetched(a: Act, id: string, fetched: Fetched): Promise<Submitted | undefined> {
  const { secrets } = a.ports
  const [current] = await a.tx.select().from(submissions).where(eq(submissions.id, id)).for('update')
  const opened = await openItem(a.tx, secrets, current!)
  if (opened === undefined) return undefined
  const item = withFiles(opened.item, fetched)
  await rewriteItem(a.tx, secrets, { id, dataKey: opened.dataKey, item })
  return item
}

/** The rest of a message's files, when its provider can be reached again: they are added to its report. */
export async function fetchLater(ports: Ports, task: Claimed): Promise<void> {
  const { db, secrets } = ports
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, task.ref))
  const opened = submission && (await openItem(db, secrets, submission))
  const done = () => act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task))
  if (opened?.item.remote === undefined || submission === undefined) return done()
  const { item, dataKey: own } = opened
  const tried = await fetchAll(ports, submission, item.remote!, own)
  const over = task.attempts >= MOST_TRIES
  const fetched = over ? { ...tried, still: [], lost: tried.lost + tried.still.length } : tried
  const [first] = await db
    .select()
    .from(submissions)
    .where(eq(submissions.id, submission.partOf ?? submission.id))
  const root = first!.id === submission.id ? opened : await openItem(db, secrets, first!)
  if (root === undefined) return done()
  const under = { from: own, to: root.dataKey }
  const moved = first!.id === submission.id ? fetched.files : await sealAnew(ports, fetched.files, under)
  const added = await cleanFiles(ports, root.dataKey, moved)
  const { names } = await ports.units.get()
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    await putFetched(a, submission.id, fetched)
    const change = { submission: first!, dataKey: root.dataKey, names, added }
    const came = fetched.files.length > 0 || fetched.lost > 0
    const by = `${submission.id}-${task.attempts}`
    // Not read yet: whoever reads it cleans them with the others.
    if (came && !(await reread(a, { ...change, how: 'files', by })))
      await addFiles(
        a.tx,
        first!.id,
        added.map(({ original }) => ({ original })),
      )
    const again = new Date(a.at.getTime() + retryAfterMs(task.attempts))
    await finishing(a, task, fetched.still.length > 0 ? again : undefined)
  })
}

/** One attempt at each. */
export async function fetchAll(
  ports: Ports,
  of: Pick<Submission, 'id' | 'sourceId'>,
  remote: readonly RemoteFile[],
  key: DataKey,
): Promise<Fetched> {
  const [source] = await ports.db.select().from(sources).where(eq(sources.id, of.sourceId))
  const context = openSource(ports, source!)
  const channel = ports.channels.get(source!.kind)!
  const files: StoredFile[] = []
  const still: RemoteFile[] = []
  let lost = Math.max(0, remote.length - MAX_FILES)
  for (const file of remote.slice(0, MAX_FILES)) {
    const got = await channel.fetchFile!(file, context).catch((error: unknown): Fault => {
      ports.log.error({ source: source!.id, err: error }, 'fetch.failed')
      return fault('rejected', 'the channel failed')
    })
    if (isFault(got)) {
      if (got.fault === 'rejected' || got.fault === 'closed') lost++
      else still.push(file)
      continue
    }
    const written = await ports.files.write(Buffer.from(got.bytes), key, { maxBytes: MAX_FILE_BYTES })
    if ('tooLarge' in written) lost++
    else files.push({ ...written, name: file.name.slice(0, 200) })
  }
  ports.log.info({ of: of.id, files: files.length, still: still.length, lost }, 'files.fetched')
  return { files, still, lost }
}

function withFiles({ remote: _remote, ...item }: Submitted, { files, still, lost }: Fetched): Submitted {
  const leftOut = (item.leftOut ?? 0) + lost
  return {
    ...item,
    files: [...item.files, ...files],
    ...(still.length > 0 && { remote: still }),
    ...(leftOut > 0 && { leftOut }),
  }
}
