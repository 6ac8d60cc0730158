import { createDecipheriv, createHash, type DecipherGCM } from 'node:crypto'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { CIPHER, type DataKey, NONCE_BYTES, type Secrets, SecretsError, TAG_BYTES } from '../secrets/secrets.ts'
import { absent, FILE_CONTEXT, filePath } from './layout.ts'
import { settledFolders } from './settled-folders.ts'
import { type Sweep, sweepFiles } from './sweep.ts'
import { type TooLarge, type Written, writeFile } from './write.ts'

/**
 * The store of everything that came as a file, on a disk or a shared volume. A file's id is the lower-case hex SHA-256 of its stored
 * bytes, and these are nonce (12) || AES-256-GCM ciphertext || tag (16) under the data key of its submission: without the key the file
 * is noise, and whether it is still whole can be told without the key.
 *
 * Everything here throws when the disk fails: that is an outage of ours. `SecretsError` means that the bytes or the key are not the right ones.
 */
export interface Files {
  /**
   * Writes the source to the disk, a stream as it comes. When this resolves with `Written`, the file survives a power cut under its final name; only then may
   * a transaction refer to it. What no transaction refers to is an orphan, and `sweep` removes it. `type` is read from the bytes alone.
   * A source that fails, and one that is too large, leave nothing behind; the source is destroyed.
   */
  write(
    source: AsyncIterable<Buffer> | Buffer,
    key: DataKey,
    limits: { readonly maxBytes: number },
  ): Promise<Written | TooLarge>
  /** The clear bytes. The whole file is verified before the first of them is released, so it is read twice. */
  read(id: string, key: DataKey): Promise<Readable>
  /** The clear bytes, verified; throws `RangeError` when there are more than `maxBytes`. */
  readAll(id: string, key: DataKey, maxBytes: number): Promise<Buffer>
  /** Nothing when there is no such file. */
  stat(id: string): Promise<{ readonly storedBytes: number } | undefined>
  /** Where the stored bytes lie, whether or not they are there. */
  path(id: string): string
  /** Removing what is not there is fine. */
  remove(id: string): Promise<void>
  sweep(sweep: Sweep): Promise<{ readonly removed: number }>
}

/** `<dataDir>/files/ab/cd/<id>`; what is being written lies in `<dataDir>/files/incoming`. */
export function makeFiles(at: { readonly dataDir: string }, secrets: Secrets): Files {
  const root = join(at.dataDir, 'files')
  const path = (id: string) => filePath(root, id)
  const settled = settledFolders(at.dataDir)

  return {
    write: (source, key, limits) => writeFile({ root, settled, secrets, key, maxBytes: limits.maxBytes }, source),

    async read(id, key) {
      const file = await open(path(id), 'r')
      try {
        const end = await verify(file, id, key)
        if (end === NONCE_BYTES) {
          await file.close()
          return Readable.from([])
        }
        const decipher = await decipherOf(file, key, end)
        // Errors of either reach whoever reads `decipher`; whoever destroys it closes the file.
        return pipeline(file.createReadStream({ start: NONCE_BYTES, end: end - 1 }), decipher, () => {})
      } catch (error) {
        await file.close()
        throw error
      }
    },

    async readAll(id, key, maxBytes) {
      const file = await open(path(id), 'r')
      try {
        const { size } = await file.stat()
        const clear = size - NONCE_BYTES - TAG_BYTES
        if (clear > maxBytes) throw new RangeError(`File ${id} has ${clear} bytes; at most ${maxBytes} were asked for.`)
        const stored = await file.readFile()
        if (createHash('sha256').update(stored).digest('hex') !== id) throw damaged(id)
        return secrets.open(key, stored, FILE_CONTEXT)
      } finally {
        await file.close()
      }
    },

    async stat(id) {
      const found = await stat(path(id)).catch(absent)
      return found && { storedBytes: found.size }
    },

    path,
    remove: (id) => rm(path(id), { force: true }),
    sweep: (sweep) => sweepFiles(root, sweep),
  }
}

/**
 * Reads the file once: the hash says that these are the bytes of this id (two files of one submission share a key, so swapping them would
 * pass the tag), the tag that they are as we wrote them. Returns where the ciphertext ends.
 */
async function verify(file: FileHandle, id: string, key: DataKey): Promise<number> {
  const end = (await file.stat()).size - TAG_BYTES
  if (end < NONCE_BYTES) throw damaged(id)
  const decipher = await decipherOf(file, key, end)
  const hash = createHash('sha256')
  let position = 0
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    const bytes: Buffer = chunk
    hash.update(bytes)
    decipher.update(bytes.subarray(Math.max(0, NONCE_BYTES - position), Math.max(0, end - position)))
    position += bytes.length
  }
  if (hash.digest('hex') !== id) throw damaged(id)
  try {
    decipher.final()
  } catch (cause) {
    throw new SecretsError(`File ${id} does not open with data key ${key.id}.`, { cause })
  }
  return end
}

async function decipherOf(file: FileHandle, key: DataKey, end: number): Promise<DecipherGCM> {
  const nonce = Buffer.alloc(NONCE_BYTES)
  const tag = Buffer.alloc(TAG_BYTES)
  await file.read(nonce, 0, NONCE_BYTES, 0)
  await file.read(tag, 0, TAG_BYTES, end)
  const decipher = createDecipheriv(CIPHER, key.key, nonce, { authTagLength: TAG_BYTES })
  return decipher.setAAD(Buffer.from(FILE_CONTEXT)).setAuthTag(tag)
}

function damaged(id: string): SecretsError {
  return new SecretsError(`File ${id} is not the one that was written: its bytes have another SHA-256.`)
}
