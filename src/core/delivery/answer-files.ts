import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { OfficeUpdate } from '../../connectors/connector.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Act, Ports } from '../act.ts'
import { assignmentsOf, familyOf, reportsOf } from '../cases/hold.ts'
import { isKnownToAgency } from '../cases/known-to.ts'
import { MAX_ENVELOPE_BYTES } from '../intake/limits.ts'
import { assignmentWords, dataKeys, files, updates } from '../tables/index.ts'
import { fileLink } from './compose.ts'

export interface StoredAnswer {
  readonly dataKey: DataKey
  readonly wrapped: Buffer
  readonly files: readonly {
    readonly id: string
    readonly print: string
    readonly type: string
    readonly size: number
    readonly sha256: string
  }[]
}

/** What came with an answer, into the store byte for byte: a signature over it holds for ever. Under a key of its own, since no submission owns it. */
export async function storeFiles(
  { secrets, files: store }: Pick<Ports, 'secrets' | 'files'>,
  { files: given = [] }: OfficeUpdate,
): Promise<StoredAnswer | undefined> {
  if (given.length === 0) return undefined
  const { dataKey, wrapped } = secrets.newDataKey()
  const stored: StoredAnswer['files'][number][] = []
  for (const { bytes } of given) {
    const written = await store.write(Readable.from([bytes]), dataKey, { maxBytes: MAX_ENVELOPE_BYTES })
    if (!('tooLarge' in written)) stored.push({ ...written, sha256: createHash('sha256').update(bytes).digest('hex') })
  }
  return { dataKey, wrapped, files: stored }
}

export async function insertFiles(
  a: Act,
  updateId: string,
  { dataKey, wrapped, files: stored }: StoredAnswer,
): Promise<void> {
  await a.tx.insert(dataKeys).values({ id: dataKey.id, wrapped })
  if (stored.length > 0)
    await a.tx
      .insert(files)
      .values(stored.map((file, seq) => ({ ...file, submissionId: updateId, seq, variant: 'office' as const })))
}

export interface AnswerFile {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly url: string
}

const LINK_DAYS = 7

/**
 * The files of a case's answers and interim answers, by what their notice is about, for a reporter's view. An office that knows who reported may name them in its letter, so a
 * letter about several reports is shown only where every reporter was kept secret from it.
 */
export async function answerFiles(ports: Ports, rootId: string): Promise<ReadonlyMap<string, readonly AnswerFile[]>> {
  const byNotice = new Map<string, AnswerFile[]>()
  const { family, about, known } = await ports.db.transaction(async (tx) => {
    const ids = await familyOf(tx, rootId)
    const all = await reportsOf(tx, ids)
    return { family: await assignmentsOf(tx, ids), about: all, known: await isKnownToAgency(tx, all) }
  })
  if (family.length === 0 || (about.length > 1 && known)) return byNotice
  const rows = await ports.db
    .select({ file: files, assignmentId: updates.assignmentId })
    .from(updates)
    .innerJoin(files, and(eq(files.submissionId, updates.id), eq(files.variant, 'office')))
    .where(
      and(
        inArray(
          updates.assignmentId,
          family.map(({ id }) => id),
        ),
        eq(updates.kind, 'answer'),
        eq(updates.outcome, 'applied'),
      ),
    )
    .orderBy(files.seq)
  const said = await ports.db
    .select({ file: files, word: assignmentWords })
    .from(assignmentWords)
    .innerJoin(files, and(eq(files.submissionId, assignmentWords.id), eq(files.variant, 'clean')))
    .where(
      and(
        inArray(
          assignmentWords.assignmentId,
          family.map(({ id }) => id),
        ),
        or(eq(assignmentWords.kind, 'interim'), and(eq(assignmentWords.kind, 'result'), notSaidAnew())),
      ),
    )
    .orderBy(assignmentWords.at, files.seq)
  const until = new Date(ports.clock.now().getTime() + LINK_DAYS * 24 * 3600_000)
  const told = said.map(({ file, word }) => ({ file, about: word.kind === 'interim' ? word.id : word.assignmentId }))
  for (const { file, about: id } of [...rows.map((row) => ({ ...row, about: row.assignmentId! })), ...told]) {
    const list = byNotice.get(id) ?? []
    list.push({
      name: answerName(file.seq, file.type),
      type: file.type,
      size: file.size,
      url: fileLink(ports, file.id, until),
    })
    byNotice.set(id, list)
  }
  return byNotice
}

/** A draft that its leader sent back is told to nobody: of an assignment's results only the last counts. */
const notSaidAnew = () => sql`not exists (
  select 1 from ${assignmentWords} later where later.assignment_id = ${assignmentWords.assignmentId}
    and later.kind = 'result' and later.at > ${assignmentWords.at})`

/** A name of ours: the office's own may say about whom it is. */
export const answerName = (seq: number, type: string): string => `tra-loi-${seq + 1}.${type.split('/')[1] ?? 'bin'}`
