import { v7 as uuid } from 'uuid'
import type { StoredFile } from '../../channels/channel.ts'
import type { DataKey } from '../../platform/secrets/secrets.ts'
import type { Ports } from '../act.ts'
import type { Officer } from '../people/officer.ts'
import { cleanFiles } from '../reading/clean-files.ts'
import { dataKeys, files, uploads } from '../tables/index.ts'

export interface Uploading {
  readonly key: { readonly dataKey: DataKey; readonly wrapped: Buffer }
  readonly files: readonly StoredFile[]
}

/** Keeps what an officer sent, and the copies without metadata that alone may leave. They show nowhere until a word of theirs takes them. */
export async function storeUpload(ports: Ports, officer: Officer, { key, files: sent }: Uploading): Promise<string> {
  const id = uuid()
  const cleaned = await cleanFiles(ports, key.dataKey, sent)
  await ports.db.transaction(async (tx) => {
    await tx.insert(dataKeys).values({ id: key.dataKey.id, wrapped: key.wrapped })
    await tx.insert(uploads).values({ id, keyId: key.dataKey.id, by: officer.actor, at: ports.clock.now() })
    for (const [seq, { original, clean, notClean }] of cleaned.entries()) {
      const { id: fileId, print, type, size } = original
      const of = { submissionId: id, seq }
      await tx
        .insert(files)
        .values({ id: fileId, print, type, size, ...of, variant: 'original', notClean: notClean ?? null })
      if (clean !== undefined) await tx.insert(files).values({ ...clean, ...of, variant: 'clean' })
    }
  })
  return id
}
