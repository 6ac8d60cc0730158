import { type CipherGCM, createCipheriv, createHash, type Hash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileTypeFromBuffer } from 'file-type'
import { CIPHER, type DataKey, NONCE_BYTES, type Secrets, TAG_BYTES } from '../secrets/secrets.ts'
import { absent, FILE_CONTEXT, filePath, INCOMING } from './layout.ts'
import type { SettledFolders } from './settled-folders.ts'

/** What `file-type` looks at most at. */
const HEAD_BYTES = 4100
const UNKNOWN_TYPE = 'application/octet-stream'

/** A file that is in its place, synced. */
export interface Written {
  /** Lower-case hex SHA-256 of the stored bytes; never the same twice, since the nonce is random. */
  readonly id: string
  /** Lower-case hex HMAC of the SHA-256 of the clear bytes: the same file sent twice has the same print. */
  readonly print: string
  /** Bytes before encryption. */
  readonly size: number
  /** By the bytes, whatever the sender says; `application/octet-stream` when they tell nothing. */
  readonly type: string
}

export interface TooLarge {
  /** The limit in bytes that the source went beyond. */
  readonly tooLarge: number
}

interface Into {
  readonly root: string
  readonly settled: SettledFolders
  readonly secrets: Secrets
  readonly key: DataKey
  readonly maxBytes: number
}

export async function writeFile(into: Into, source: AsyncIterable<Buffer> | Buffer): Promise<Written | TooLarge> {
  if (Buffer.isBuffer(source)) return store(into, (file) => encryptWhole(into, source, file))
  const stream = (from: AsyncIterable<Buffer>) => store(into, (file) => encrypt(into, from, file))
  if (!(source instanceof Readable)) return stream(source)
  // `for await` listens for errors only once it runs; an upload that is aborted while the file is being opened must not end the process.
  source.on('error', () => {})
  try {
    return await stream(source)
  } finally {
    source.destroy()
  }
}

async function store(
  { root, settled }: Into,
  encrypted: (file: FileHandle) => Promise<Written | TooLarge>,
): Promise<Written | TooLarge> {
  const temporary = join(root, INCOMING, randomBytes(16).toString('hex'))
  const file = await inFolder(dirname(temporary), () => open(temporary, 'wx', 0o600))
  let moved = false
  try {
    let written: Written | TooLarge
    try {
      written = await encrypted(file)
      if ('tooLarge' in written) return written
      await file.sync()
    } finally {
      await file.close()
    }
    const path = filePath(root, written.id)
    await inFolder(dirname(path), () => rename(temporary, path))
    moved = true
    await settled.add(dirname(path))
    return written
  } finally {
    // What a refused or failed source leaves.
    if (!moved) await rm(temporary, { force: true })
  }
}

/** Does it, and only where the folder is missing makes that first. */
async function inFolder<T>(folder: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    absent(error as NodeJS.ErrnoException)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return use()
  }
}

/** What is in memory as a whole anyway: in one piece, and without a copy of it. */
async function encryptWhole(into: Into, clear: Buffer, file: FileHandle): Promise<Written | TooLarge> {
  if (clear.length > into.maxBytes) return { tooLarge: into.maxBytes }
  const { nonce, cipher } = newCipher(into)
  const parts = [nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()].filter(({ length }) => length > 0)
  const stored = createHash('sha256')
  for (const part of parts) stored.update(part)
  const { bytesWritten } = await file.writev(parts)
  // A disk that is full takes a part, and says why at the next.
  if (bytesWritten < parts.reduce((sum, { length }) => sum + length, 0))
    await file.writeFile(Buffer.concat(parts).subarray(bytesWritten))
  return {
    id: stored.digest('hex'),
    print: printOf(into, createHash('sha256').update(clear)),
    size: clear.length,
    type: await typeOf(clear.subarray(0, HEAD_BYTES)),
  }
}

function newCipher({ key }: Into): { readonly nonce: Buffer; readonly cipher: CipherGCM } {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key.key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(FILE_CONTEXT))
  return { nonce, cipher }
}

function printOf({ secrets }: Into, clear: Hash): string {
  return secrets.index('file', clear.digest('hex')).toString('hex')
}

async function encrypt(into: Into, source: AsyncIterable<Buffer>, file: FileHandle): Promise<Written | TooLarge> {
  const { nonce, cipher } = newCipher(into)
  const clear = createHash('sha256')
  const stored = createHash('sha256')
  const append = async (bytes: Buffer) => {
    stored.update(bytes)
    await file.writeFile(bytes)
  }

  await append(nonce)
  let head = Buffer.alloc(0)
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > into.maxBytes) return { tooLarge: into.maxBytes }
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)])
    clear.update(chunk)
    await append(cipher.update(chunk))
  }
  await append(Buffer.concat([cipher.final(), cipher.getAuthTag()]))

  return {
    id: stored.digest('hex'),
    print: printOf(into, clear),
    size,
    type: await typeOf(head),
  }
}

/** A head that makes the parser fail is of no known type; it says nothing about our health. */
async function typeOf(head: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  return found?.mime ?? UNKNOWN_TYPE
}
