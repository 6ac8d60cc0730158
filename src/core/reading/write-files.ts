import { and, eq } from 'drizzle-orm'
import type { StoredFile } from '../../channels/channel.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Ports } from '../act.ts'
import { MAX_FILE_BYTES, MAX_FILES } from '../intake/limits.ts'
import { files } from '../tables/index.ts'
import type { CleanedFile } from './clean-files.ts'

/** What was found in files whose rows are there, and the copies that may leave. */
export async function writeCleaned(
  tx: Tx,
  submissionId: string,
  cleaned: readonly CleanedFile[],
  from = 0,
): Promise<void> {
  for (const [i, { original, clean, notClean, hint }] of cleaned.entries()) {
    await tx
      .update(files)
      .set({ notClean: notClean ?? null, hint: hint ?? null })
      .where(eq(files.id, original.id))
    if (clean !== undefined) await tx.insert(files).values({ ...clean, submissionId, seq: from + i, variant: 'clean' })
  }
}

/** Files that came later, behind those that are there; one that is there already, by what is in it, is not added. */
export async function addFiles(tx: Tx, submissionId: string, came: readonly CleanedFile[]): Promise<void> {
  const have = await tx
    .select({ print: files.print })
    .from(files)
    .where(and(eq(files.submissionId, submissionId), eq(files.variant, 'original')))
  const cleaned = came.filter(
    ({ original: { print } }, i) =>
      have.every((other) => other.print !== print) && came.findIndex(({ original }) => original.print === print) === i,
  )
  if (cleaned.length === 0) return
  const from = have.length
  await tx.insert(files).values(
    cleaned.map(({ original: { id, print, type, size } }, i) => ({
      ...{ id, print, type, size, submissionId },
      seq: from + i,
      variant: 'original' as const,
    })),
  )
  await writeCleaned(tx, submissionId, cleaned, from)
}

/** The same files under another key: those of a report lie under that of its first message, so that one erasure reaches all. */
export async function sealAnew(
  { files: store }: Pick<Ports, 'files'>,
  came: readonly StoredFile[],
  { from, to }: { readonly from: DataKey; readonly to: DataKey },
): Promise<StoredFile[]> {
  const sealed: StoredFile[] = []
  for (const file of came.slice(0, MAX_FILES)) {
    const written = await store.write(await store.readAll(file.id, from, MAX_FILE_BYTES), to, {
      maxBytes: MAX_FILE_BYTES,
    })
    if (!('tooLarge' in written)) sealed.push({ ...written, name: file.name })
  }
  return sealed
}
