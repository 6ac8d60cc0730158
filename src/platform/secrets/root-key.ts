import { randomBytes } from 'node:crypto'
import { type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../files/sync-folder.ts'
import { KEY_BYTES } from './secrets.ts'

const MAKE_ONE = 'Make one with: openssl rand -base64 32'

/** Why there is no root key: a sentence for the person who starts the program; never holds a part of the key. */
export interface NoRootKey {
  readonly noRootKey: string
}

/**
 * The 32 bytes of `PAHT_SECRET_KEY` (`configured`: base64 or hex). When not configured: `<dataDir>/secret.key`, made at first use, and
 * an error in production, where a key that lies beside the data it protects would be lost and stolen together with it.
 */
export async function loadRootKey(from: {
  readonly dataDir: string
  readonly configured?: string
  readonly production: boolean
}): Promise<Buffer | NoRootKey> {
  const text = from.configured?.trim()
  if (text)
    return parseKey(text) ?? { noRootKey: `PAHT_SECRET_KEY is not ${KEY_BYTES} bytes in base64 or hex. ${MAKE_ONE}` }
  if (from.production) return { noRootKey: `PAHT_SECRET_KEY is not set; production needs it. ${MAKE_ONE}` }
  const path = join(from.dataDir, 'secret.key')
  return (await readKey(path)) ?? (await makeKey(from.dataDir, path))
}

function parseKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  // 32 bytes are 43 digits; both alphabets of RFC 4648, padding optional. The 43rd carries 4 bits, so its last two must be zero.
  if (/^[A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048]=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}

async function readKey(path: string): Promise<Buffer | NoRootKey | undefined> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const mode = (await file.stat()).mode & 0o777
    // Windows has no such bits: there the folder's own rights protect the file.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return { noRootKey: `${path} can be read by others (mode ${mode.toString(8)}). Run: chmod 600 ${path}` }
    }
    const key = parseKey((await file.readFile('utf8')).trim())
    return (
      key ?? { noRootKey: `${path} is not ${KEY_BYTES} bytes in base64 or hex; restore it from where it was kept.` }
    )
  } finally {
    await file.close()
  }
}

/** Two processes may start at once on an empty folder: the file appears whole or not at all, and both take the one that came first. */
async function makeKey(dataDir: string, path: string): Promise<Buffer | NoRootKey> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(temporary, path).catch(ignoreExisting)
  } finally {
    await unlink(temporary)
  }
  await syncFolder(dataDir)
  const key = await readKey(path)
  if (!key) throw new Error(`${path} vanished while it was being made`)
  return key
}

/** `link` refuses to replace, where `rename` would put a second key over the first one after data had been encrypted with it. */
function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
