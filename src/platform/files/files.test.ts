import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSecrets, SecretsError } from '../secrets/secrets.ts'
import { type Files, makeFiles } from './files.ts'
import type { Written } from './write.ts'

const secrets = makeSecrets(Buffer.alloc(32, 7))
const { dataKey } = secrets.newDataKey()
const limits = { maxBytes: 10_000_000 }
let dataDir: string
let files: Files

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'paht-files-'))
  files = makeFiles({ dataDir }, secrets)
})
afterEach(() => rm(dataDir, { recursive: true }))

describe('what was written', () => {
  it.each([0, 1, 4099, 4100, 4101, 65_536, 65_537, 1_000_000])('comes back: %i bytes', async (bytes) => {
    const clear = randomBytes(bytes)
    const written = await write(clear)
    expect(written.size).toBe(bytes)
    expect((await files.readAll(written.id, dataKey, bytes)).equals(clear)).toBe(true)
    expect((await buffer(await files.read(written.id, dataKey))).equals(clear)).toBe(true)
    expect(await files.stat(written.id)).toEqual({ storedBytes: bytes + 28 })
  })

  it('lies under its own SHA-256, readable by nobody else, and the clear bytes are not in it', async () => {
    const { id } = await write(Buffer.from(`${'x'.repeat(100)}Nguyễn Văn Thử`))
    expect(files.path(id)).toBe(join(dataDir, 'files', id.slice(0, 2), id.slice(2, 4), id))
    const stored = await readFile(files.path(id))
    expect(stored.includes('Thử')).toBe(false)
    expect((await stat(files.path(id))).mode & 0o077).toBe(0)
    expect(await everything()).toEqual([id])
  })

  it('has the same print when it is sent twice, but two ids', async () => {
    const [one, two, other] = [
      await write(Buffer.from('a')),
      await write(Buffer.from('a')),
      await write(Buffer.from('b')),
    ]
    expect(one.print).toBe(two.print)
    expect(one.print).toMatch(/^[0-9a-f]{64}$/)
    expect(one.id).not.toBe(two.id)
    expect(other.print).not.toBe(one.print)
  })

  it.each([
    ['image/png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['application/pdf', Buffer.from('%PDF-1.7\n')],
    ['application/octet-stream', Buffer.from('just text')],
    ['application/octet-stream', Buffer.alloc(0)],
  ])('is %s by its bytes, however they were cut into chunks', async (type, bytes) => {
    const padded = bytes.length > 10 ? Buffer.concat([bytes, Buffer.alloc(100)]) : bytes
    expect((await write(padded)).type).toBe(type)
    const chunks = Array.from(padded, (byte) => Buffer.from([byte]))
    expect(await files.write(Readable.from(chunks), dataKey, limits)).toMatchObject({ type })
  })

  it('is fifty different files when fifty are written at once', async () => {
    const bodies = Array.from({ length: 50 }, (_, i) => randomBytes(i * 1000))
    const written = await Promise.all(bodies.map(write))
    const read = await Promise.all(written.map(({ id }) => files.readAll(id, dataKey, 50_000)))
    expect(read.every((bytes, i) => bytes.equals(bodies[i]!))).toBe(true)
    expect(await everything()).toHaveLength(50)
  })

  it('can be removed, twice', async () => {
    const { id } = await write(Buffer.from('a'))
    await files.remove(id)
    await files.remove(id)
    expect(await files.stat(id)).toBeUndefined()
    await expect(files.read(id, dataKey)).rejects.toThrow('ENOENT')
  })
})

describe('what cannot be written leaves nothing behind', () => {
  it('too large: one byte over the limit is refused, the limit itself is not, and the source is not read on', async () => {
    const source = Readable.from([Buffer.alloc(600), Buffer.alloc(401), Buffer.alloc(1)])
    expect(await files.write(source, dataKey, { maxBytes: 1000 })).toEqual({ tooLarge: 1000 })
    expect(source.destroyed).toBe(true)
    expect(await everything()).toEqual([])
    expect(await files.write(Readable.from([Buffer.alloc(1000)]), dataKey, { maxBytes: 1000 })).toMatchObject({
      size: 1000,
    })
  })

  it('an upload that is aborted before we read', async () => {
    const source = new Readable({ read() {} })
    const writing = files.write(source, dataKey, limits)
    source.destroy(new Error('aborted'))
    await expect(writing).rejects.toThrow('aborted')
    expect(await everything()).toEqual([])
  })

  it('an upload that is aborted midway', async () => {
    let reads = 0
    const source = new Readable({
      read() {
        if (++reads < 10) this.push(Buffer.alloc(65_536))
        else this.destroy(new Error('aborted'))
      },
    })
    await expect(files.write(source, dataKey, limits)).rejects.toThrow('aborted')
    expect(await everything()).toEqual([])
  })

  it('a source that is no stream and fails', async () => {
    const failing = async function* () {
      yield Buffer.alloc(10)
      throw new Error('reset')
    }
    await expect(files.write(failing(), dataKey, limits)).rejects.toThrow('reset')
    expect(await everything()).toEqual([])
  })

  it('a store that cannot be opened: the source is not left hanging', async () => {
    await writeFile(join(dataDir, 'files'), '')
    const source = new Readable({ read() {} })
    await expect(files.write(source, dataKey, limits)).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(source.destroyed).toBe(true)
  })

  it('a final folder that cannot be made', async () => {
    await mkdir(join(dataDir, 'files'))
    const names = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))
    for (const name of names) await writeFile(join(dataDir, 'files', name), '')
    await expect(write(Buffer.from('a'))).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(await readdir(join(dataDir, 'files', 'incoming'))).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('a disk that takes no more: it throws, as an outage of ours', async () => {
    const program = `
      import { makeFiles } from './src/platform/files/files.ts'
      import { makeSecrets } from './src/platform/secrets/secrets.ts'
      const secrets = makeSecrets(Buffer.alloc(32))
      const files = makeFiles({ dataDir: process.argv[1] }, secrets)
      const source = (async function* () { for (;;) yield Buffer.alloc(65536) })()
      const limits = { maxBytes: 1e9 }
      await files.write(source, secrets.newDataKey().dataKey, limits).catch((error) => console.log(error.code))`
    const limited = 'ulimit -f 1000 && exec node --import tsx --input-type=module -e "$0" "$1"'
    const { stdout } = spawnSync('bash', ['-c', limited, program, dataDir], { encoding: 'utf8' })
    expect(stdout).toBe('EFBIG\n')
    expect(await everything()).toEqual([])
  })
})

describe('bytes that were changed', () => {
  it.each([
    ['the nonce', 0],
    ['the first byte', 12],
    ['the last chunk', 200_000],
    ['the tag', -1],
  ])('%s: nothing is released', async (_, at) => {
    const { id } = await write(randomBytes(200_000))
    const stored = await readFile(files.path(id))
    stored[at < 0 ? stored.length + at : at]! ^= 1
    await writeFile(files.path(id), stored)
    await expect(files.read(id, dataKey)).rejects.toThrow(SecretsError)
    await expect(files.readAll(id, dataKey, 1e6)).rejects.toThrow(SecretsError)
  })

  it.each([0, 27, 28, 100_000])('cut off after %i bytes: nothing is released', async (length) => {
    const { id } = await write(randomBytes(200_000))
    await writeFile(files.path(id), (await readFile(files.path(id))).subarray(0, length))
    await expect(files.read(id, dataKey)).rejects.toThrow(SecretsError)
    await expect(files.readAll(id, dataKey, 1e6)).rejects.toThrow(SecretsError)
  })

  it('another file of the same submission in its place: nothing is released', async () => {
    const [one, two] = [await write(Buffer.from('mine')), await write(Buffer.from('yours'))]
    await writeFile(files.path(one.id), await readFile(files.path(two.id)))
    await expect(files.read(one.id, dataKey)).rejects.toThrow(SecretsError)
    await expect(files.readAll(one.id, dataKey, 100)).rejects.toThrow(SecretsError)
  })

  it('another data key: nothing is released', async () => {
    const { id } = await write(Buffer.from('a'))
    const other = secrets.newDataKey().dataKey
    await expect(files.read(id, other)).rejects.toThrow(SecretsError)
    await expect(files.readAll(id, other, 100)).rejects.toThrow(SecretsError)
  })

  it('cannot come from a column of the database: its seal has another context', async () => {
    const { id } = await write(Buffer.from('a'))
    const stored = await readFile(files.path(id))
    expect(() => secrets.open(dataKey, stored, 'reporter')).toThrow(SecretsError)
  })
})

describe('bytes that are in memory as a whole', () => {
  it.each([0, 1, 4100, 200_000])('are stored as a stream of them would be: %i', async (size) => {
    const bytes = randomBytes(size)
    const whole = (await files.write(bytes, dataKey, limits)) as Written
    const streamed = await write(bytes)
    expect({ ...whole, id: streamed.id }).toEqual(streamed)
    expect((await files.readAll(whole.id, dataKey, size)).equals(bytes)).toBe(true)
    expect((await stat(files.path(whole.id))).mode & 0o077).toBe(0)
  })

  it('are refused above the limit, and leave nothing behind', async () => {
    expect(await files.write(Buffer.alloc(1001), dataKey, { maxBytes: 1000 })).toEqual({ tooLarge: 1000 })
    expect(await everything()).toEqual([])
  })
})

it('readAll gives no more than was asked for', async () => {
  const { id } = await write(Buffer.alloc(1001))
  await expect(files.readAll(id, dataKey, 1000)).rejects.toThrow(RangeError)
})

it.each(['', '..', `../${'a'.repeat(61)}`, 'A'.repeat(64), `${'a'.repeat(64)}/..`])('%j is no id', async (id) => {
  expect(() => files.path(id)).toThrow(TypeError)
  await expect(files.read(id, dataKey)).rejects.toThrow(TypeError)
})

describe('sweep', () => {
  const longAgo = new Date('2026-01-01T00:00:00Z')
  const olderThan = new Date('2026-01-02T00:00:00Z')
  const nothing = async () => new Set<string>()

  it('removes old orphans and stale temporaries; what is referenced, young or not ours stays', async () => {
    const [orphan, referenced, young] = [
      await write(Buffer.from('1')),
      await write(Buffer.from('2')),
      await write(Buffer.from('3')),
    ]
    const stale = join(dataDir, 'files', 'incoming', 'a'.repeat(32))
    const foreign = join(dataDir, 'files', 'incoming', 'lost+found')
    await writeFile(stale, '')
    await writeFile(foreign, '')
    for (const path of [files.path(orphan.id), files.path(referenced.id), stale, foreign])
      await utimes(path, longAgo, longAgo)
    const asked: string[] = []
    const isReferenced = async (ids: readonly string[]) => {
      asked.push(...ids)
      return new Set([referenced.id])
    }
    expect(await files.sweep({ isReferenced, olderThan })).toEqual({ removed: 2 })
    expect(asked.sort()).toEqual([orphan.id, referenced.id].sort())
    expect(await everything()).toEqual([referenced.id, young.id, 'lost+found'].sort())
    expect(await files.sweep({ isReferenced, olderThan })).toEqual({ removed: 0 })
  })

  it('asks in batches, so that no query gets a million ids', async () => {
    const old = await Promise.all(Array.from({ length: 1100 }, () => orphanFile()))
    await Promise.all(old.map((path) => utimes(path, longAgo, longAgo)))
    const batches: number[] = []
    const isReferenced = async (ids: readonly string[]) => {
      batches.push(ids.length)
      return new Set<string>()
    }
    expect(await files.sweep({ isReferenced, olderThan })).toEqual({ removed: 1100 })
    expect(batches).toEqual([1000, 100])
  })

  it('finds nothing in a store that was never used', async () => {
    expect(await files.sweep({ isReferenced: nothing, olderThan })).toEqual({ removed: 0 })
  })

  it('removes nothing when the database is away', async () => {
    const { id } = await write(Buffer.from('1'))
    await utimes(files.path(id), longAgo, longAgo)
    const away = () => Promise.reject(new Error('database away'))
    await expect(files.sweep({ isReferenced: away, olderThan })).rejects.toThrow('database away')
    expect(await everything()).toEqual([id])
  })
})

async function write(bytes: Buffer): Promise<Written> {
  const written = await files.write(Readable.from([bytes]), dataKey, limits)
  if ('tooLarge' in written) throw new Error('too large')
  return written
}

async function orphanFile(): Promise<string> {
  const path = files.path(randomBytes(32).toString('hex'))
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, '')
  return path
}

/** Names of all files in the store, finished or not. */
async function everything(): Promise<string[]> {
  const entries = await readdir(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
}
