import type { Readable } from 'node:stream'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { answerName } from '../delivery/answer-files.ts'
import { fileName } from '../delivery/compose.ts'
import { files, submissions, updates, uploads } from '../tables/index.ts'
import { dataKeyOf } from './open-sealed.ts'

export interface ServedFile {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly bytes: Readable
}

/** A file behind a signed, expiring link: only the copy without metadata, or what an office answered with; under a name of ours. */
export async function openServedFile(
  ports: Ports,
  asked: { readonly id: string; readonly expires: string; readonly signature: string },
): Promise<ServedFile | undefined> {
  const { db, secrets } = ports
  const good = secrets.sameToken(asked.signature, secrets.token('file', `${asked.id}.${asked.expires}`))
  if (!good || Number(asked.expires) * 1000 < ports.clock.now().getTime()) return undefined
  const [found] = await db
    .select({
      file: files,
      code: submissions.code,
      keyId: sql<string>`coalesce(${submissions.keyId}, ${updates.keyId}, ${uploads.keyId})`,
    })
    .from(files)
    .leftJoin(submissions, and(eq(submissions.id, files.submissionId), eq(files.variant, 'clean')))
    .leftJoin(updates, and(eq(updates.id, files.submissionId), eq(files.variant, 'office')))
    .leftJoin(uploads, and(eq(uploads.id, files.submissionId), eq(files.variant, 'clean')))
    .where(and(eq(files.id, asked.id), inArray(files.variant, ['clean', 'office'])))
  const key = found && (await dataKeyOf(db, secrets, found.keyId))
  if (found === undefined || key === undefined) return undefined
  const { id, seq, type, size } = found.file
  const name = found.code === null ? answerName(seq, type) : fileName(found.code, seq, type)
  return { name, type, size, bytes: await ports.files.read(id, key) }
}
