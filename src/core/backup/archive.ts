import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'
import tar from 'tar-stream'
import { syncFolder } from '../../platform/files/sync-folder.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import { type Fault, fault } from '../fault.ts'
import { openSegments, sealSegments } from './segments.ts'

/**
 * A backup as bytes: magic (8, the last one is the version) || salt (16) || fit (32) || sealed segments of a gzipped tar. The salt makes the
 * key; `fit`, a keyed hash of the salt, tells another key from damaged bytes.
 */
const MAGIC = Buffer.from('PAHTBAK1')
const SALT_BYTES = 16
const FIT_BYTES = 32
const HEAD_BYTES = MAGIC.length + SALT_BYTES + FIT_BYTES

/** A table or an anchor file comes as several entries of one name, which together are the whole. */
export interface Entry {
  readonly name: string
  readonly bytes: Buffer
}

/** Resolves when there is room for the next one. */
export type Put = (name: string, bytes: Buffer) => Promise<void>

/** Writes what `fill` puts. The file has its name only when it is whole and on the disk. */
export async function writeArchive<T>(secrets: Secrets, file: string, fill: (put: Put) => Promise<T>): Promise<T> {
  const part = `${file}.part`
  const out = await open(part, 'wx', 0o600)
  try {
    let made: T
    try {
      const salt = randomBytes(SALT_BYTES)
      await out.writeFile(Buffer.concat([MAGIC, salt, fitOf(secrets, salt)]))
      const pack = tar.pack()
      const put: Put = (name, bytes) =>
        new Promise((done, failed) => {
          const entry = pack.entry({ name }, bytes, (error) => (error ? failed(error) : done()))
          // It says so here as well; without a listener a full disk would end the process.
          entry.on('error', failed)
        })
      const filling = fill(put)
      // Whichever of the two fails ends the other; neither is left running.
      const filled = filling.then(
        () => pack.finalize(),
        (error: Error) => void pack.destroy(error),
      )
      let cause: unknown
      try {
        // Nearly all of it is sealed bytes or their hex digits, in which nothing repeats: 166 MB/s and 51 % of hex, where looking
        // for repetitions takes 28 MB/s and leaves 54 %.
        const compress = createGzip({ strategy: constants.Z_HUFFMAN_ONLY })
        const key = secrets.backupKey(salt)
        await pipeline(pack, compress, async (clear) => {
          try {
            for await (const segment of sealSegments(key, clear)) await out.writeFile(segment)
          } catch (error) {
            cause = error
            throw error
          }
        })
      } catch (error) {
        // Of a full disk the pipeline itself only tells that it was aborted.
        throw cause ?? error
      } finally {
        await filled
      }
      await out.sync()
      made = await filling
    } finally {
      await out.close()
    }
    await rename(part, file)
    await syncFolder(dirname(resolve(file)))
    return made
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/**
 * What reads the entries of a backup, any number of times. Each read throws `SecretsError` where the bytes are not those that were
 * written; what it gives before that is authentic.
 */
export async function openArchive(secrets: Secrets, file: string): Promise<(() => AsyncGenerator<Entry>) | Fault> {
  const head = await readHead(file)
  if (head === undefined) return fault('rejected', `There is no file ${file}.`)
  if (head.length < HEAD_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) {
    return fault('rejected', `${file} is not a backup that this PAHT Hub can read.`)
  }
  const salt = head.subarray(MAGIC.length, MAGIC.length + SALT_BYTES)
  if (!fitOf(secrets, salt).equals(head.subarray(-FIT_BYTES))) {
    return fault(
      'rejected',
      `${file} was made with another PAHT_SECRET_KEY. Give that one: without it nobody can read the backup.`,
    )
  }
  return () => readEntries(secrets.backupKey(salt), file)
}

async function* readEntries(key: Buffer, file: string): AsyncGenerator<Entry> {
  const extract = tar.extract()
  let cause: unknown
  pipeline(
    createReadStream(file, { start: HEAD_BYTES }),
    (sealed: AsyncIterable<Buffer>) => openSegments(key, sealed),
    createGunzip(),
    extract,
  ).catch((error: unknown) => {
    cause = error
  })
  try {
    for await (const entry of extract) yield { name: entry.header.name, bytes: await buffer(entry) }
  } catch (error) {
    throw cause ?? error
  }
}

async function readHead(file: string): Promise<Buffer | undefined> {
  const opened = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (opened === undefined) return undefined
  try {
    const { buffer: head, bytesRead } = await opened.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await opened.close()
  }
}

const fitOf = (secrets: Secrets, salt: Buffer): Buffer => secrets.index('backup', salt.toString('hex'))
