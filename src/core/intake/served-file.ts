import type { Readable } from 'node:stream'
import { and, eq } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { fileName } from '../delivery/compose.ts'
import { files, submissions } from '../tables/index.ts'
import { dataKeyOf } from './open-sealed.ts'

export interface ServedFile {
  readonly name: string
  readonly type: string
  readonly size: number
  readonly bytes: Readable
}

/** A file behind a signed, expiring link: only the copy without metadata, under a name of ours. */
export async function openServedFile(
  ports: Ports,
  asked: { readonly id: string; readonly expires: string; readonly signature: string },
): Promise<ServedFile | undefined> {
  const { db, secrets } = ports
  const good = secrets.sameToken(asked.signature, secrets.token('file', `${asked.id}.${asked.expires}`))
  if (!good || Number(asked.expires) * 1000 < ports.clock.now().getTime()) return undefined
  const [found] = await db
    .select({ file: files, code: submissions.code, keyId: submissions.keyId })
    .from(files)
    .innerJoin(submissions, eq(submissions.id, files.submissionId))
    .where(and(eq(files.id, asked.id), eq(files.variant, 'clean')))
  const key = found && (await dataKeyOf(db, secrets, found.keyId))
  if (found === undefined || key === undefined) return undefined
  const { id, seq, type, size } = found.file
  return { name: fileName(found.code, seq, type), type, size, bytes: await ports.files.read(id, key) }
}
