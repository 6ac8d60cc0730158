import { and, asc, eq, gte, inArray, isNull, lt, sum } from 'drizzle-orm'
import type { StoredFile } from '../../channels/channel.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Ports } from '../act.ts'
import { dataKeys, files, largeFiles, submissionKeys } from '../tables/index.ts'
import { MAX_LARGE_BYTES, MAX_WAITING_BYTES } from './limits.ts'
import { dataKeyOf } from './open-sealed.ts'

type Held = Pick<Ports, 'db' | 'secrets' | 'clock' | 'files'>

export type LargeFile = typeof largeFiles.$inferSelect

const DAY = 24 * 3600_000
/** Held in memory before it is written: what is lost of an upload whose process is killed. */
const PIECE_BYTES = 4 * 1024 * 1024

const dayAgo = ({ clock }: Held) => new Date(clock.now().getTime() - DAY)

/** False where no more can wait here. */
export async function beginLargeFile(
  ports: Held,
  { id, size, name }: { readonly id: string; readonly size: number; readonly name: string },
): Promise<boolean> {
  const { dataKey, wrapped } = ports.secrets.newDataKey()
  const [waiting] = await ports.db
    .select({ bytes: sum(largeFiles.received) })
    .from(largeFiles)
    .where(isNull(largeFiles.submissionId))
  if (Number(waiting!.bytes ?? 0) > MAX_WAITING_BYTES) return false
  await ports.db.transaction(async (tx) => {
    await tx.insert(dataKeys).values({ id: dataKey.id, wrapped })
    await tx.insert(largeFiles).values({
      ...{ id, size, keyId: dataKey.id, startedAt: ports.clock.now() },
      name: ports.secrets.seal(dataKey, name, `large-file:${id}`),
    })
  })
  return true
}

/** Undefined where there never was one of this id, and once its day is over. */
export async function findLargeFile(ports: Held, id: string): Promise<LargeFile | undefined> {
  const [file] = await ports.db
    .select()
    .from(largeFiles)
    .where(and(eq(largeFiles.id, id), gte(largeFiles.startedAt, dayAgo(ports))))
  return file
}

/** Somebody else has written there. */
export class OffsetTaken extends Error {
  override readonly name = 'OffsetTaken'
}

/** Adds what comes, in pieces. What came before a line broke is kept, and need not be sent again. */
export async function addToLargeFile(ports: Held, file: LargeFile, source: AsyncIterable<Buffer>): Promise<number> {
  const key = (await dataKeyOf(ports.db, ports.secrets, file.keyId))!
  let { received } = file
  let chunks: Buffer[] = []
  let bytes = 0
  const keep = async () => {
    const piece = Buffer.concat(chunks)
    chunks = []
    bytes = 0
    await addPiece(ports, { file, key, piece, at: received })
    received += piece.length
  }
  try {
    for await (const chunk of source) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= PIECE_BYTES) await keep()
    }
  } finally {
    if (bytes > 0) await keep()
  }
  return received
}

interface Piece {
  readonly file: LargeFile
  readonly key: DataKey
  readonly piece: Buffer
  readonly at: number
}

async function addPiece(ports: Held, { file, key, piece, at }: Piece): Promise<void> {
  const written = await ports.files.write(piece, key, { maxBytes: MAX_LARGE_BYTES })
  if ('tooLarge' in written) throw new RangeError('a piece larger than a file may be')
  await ports.db.transaction(async (tx) => {
    const { rowCount } = await tx
      .update(largeFiles)
      .set({ received: at + piece.length })
      .where(and(eq(largeFiles.id, file.id), eq(largeFiles.received, at), isNull(largeFiles.submissionId)))
    if (rowCount === 0) throw new OffsetTaken()
    await tx.insert(files).values({ ...written, submissionId: file.id, seq: at, variant: 'piece' })
  })
}

/** The whole of it under the key of the submission that it becomes part of; as it was then, where it has become part of one. */
export async function copyLargeFile(ports: Held, file: LargeFile, to: DataKey): Promise<StoredFile> {
  const key = (await dataKeyOf(ports.db, ports.secrets, file.keyId))!
  const name = ports.secrets.open(key, file.name, `large-file:${file.id}`).toString()
  if (file.submissionId !== null) return { id: '', print: file.print!, type: file.type!, size: file.size, name }
  const written = await ports.files.write(bytesOf(ports, file, key), to, { maxBytes: MAX_LARGE_BYTES })
  if (!('tooLarge' in written) && written.size === file.size) return { ...written, name }
  const now = await findLargeFile(ports, file.id)
  // The same report, sent twice at once: the other has just taken it.
  if (now !== undefined && now.submissionId !== null) return copyLargeFile(ports, now, to)
  throw new Error('pieces that are not the whole')
}

async function* bytesOf(ports: Held, { id }: LargeFile, key: DataKey): AsyncGenerator<Buffer> {
  const pieces = await ports.db
    .select({ id: files.id, size: files.size })
    .from(files)
    .where(and(eq(files.submissionId, id), eq(files.variant, 'piece')))
    .orderBy(asc(files.seq))
  for (const piece of pieces) yield await ports.files.readAll(piece.id, key, piece.size)
}

export interface Taken {
  readonly file: LargeFile
  readonly stored: StoredFile
}

/** It is of the very report that is sent once more under this event. */
export async function isSentAgain(
  { db, secrets }: Held,
  submissionId: string,
  { sourceId, event }: { readonly sourceId: string; readonly event: string },
): Promise<boolean> {
  const [known] = await db
    .select({ submissionId: submissionKeys.submissionId })
    .from(submissionKeys)
    .where(and(eq(submissionKeys.sourceId, sourceId), eq(submissionKeys.keyHash, secrets.index('submission', event))))
  return known?.submissionId === submissionId
}

/** They are this submission's for good. Their pieces are nobody's then, and the sweep removes them. */
export async function markUsed({ db }: Held, submissionId: string, taken: readonly Taken[]): Promise<void> {
  for (const { file, stored } of taken) {
    if (file.submissionId !== null) continue
    await db.transaction(async (tx) => {
      const { print, type } = stored
      await tx.update(largeFiles).set({ submissionId, print, type }).where(eq(largeFiles.id, file.id))
      await tx.delete(files).where(eq(files.submissionId, file.id))
    })
  }
}

/** With the key of what they came in as: the pieces that still lie there are noise without it. */
export async function eraseLargeFiles(tx: Tx, submissionId: string): Promise<void> {
  const gone = await tx
    .delete(largeFiles)
    .where(eq(largeFiles.submissionId, submissionId))
    .returning({ keyId: largeFiles.keyId })
  for (const { keyId } of gone) await tx.delete(dataKeys).where(eq(dataKeys.id, keyId))
}

/** Hourly. Their pieces are orphans then, which the sweep of files removes. */
export async function forgetLargeFiles(ports: Held): Promise<void> {
  await ports.db.transaction(async (tx) => {
    const over = await tx
      .delete(largeFiles)
      .where(lt(largeFiles.startedAt, dayAgo(ports)))
      .returning({ id: largeFiles.id, keyId: largeFiles.keyId })
    if (over.length === 0) return
    await tx.delete(files).where(
      inArray(
        files.submissionId,
        over.map(({ id }) => id),
      ),
    )
    await tx.delete(dataKeys).where(
      inArray(
        dataKeys.id,
        over.map(({ keyId }) => keyId),
      ),
    )
  })
}
