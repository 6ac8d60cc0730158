import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadRootKey } from './root-key.ts'

const key = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i))
const posix = it.skipIf(process.platform === 'win32')
let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'paht-key-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

describe('a configured key', () => {
  it.each([
    ['base64', key.toString('base64')],
    ['base64 without padding', key.toString('base64').replace('=', '')],
    ['base64url', key.toString('base64url')],
    ['hex', key.toString('hex')],
    ['upper-case hex', key.toString('hex').toUpperCase()],
    ['with a line end', `${key.toString('base64')}\n`],
  ])('is read as %s', async (_, configured) => {
    expect(await loadRootKey({ dataDir, configured, production: true })).toEqual(key)
    expect(await readdir(dataDir)).toEqual([])
  })

  it.each([
    ['too short', key.subarray(1).toString('base64')],
    ['too long', Buffer.concat([key, key]).toString('base64')],
    ['hex, one digit short', key.toString('hex').slice(1)],
    ['a word', 'correct horse battery staple'],
    ['with a foreign character', `${key.toString('base64').slice(0, 20)}!${key.toString('base64').slice(21)}`],
  ])('is refused when %s, without being shown', async (_, configured) => {
    const refused = await loadRootKey({ dataDir, configured, production: false })
    expect(refused).toEqual({ noRootKey: expect.stringContaining('openssl rand -base64 32') })
    expect(JSON.stringify(refused)).not.toContain(configured.slice(0, 8))
    expect(await readdir(dataDir)).toEqual([])
  })
})

describe('no key configured', () => {
  it.each([undefined, '', '  '])('is refused in production (%j), and no file is made', async (configured) => {
    const refused = await loadRootKey({
      dataDir,
      production: true,
      ...(configured === undefined ? {} : { configured }),
    })
    expect(refused).toEqual({ noRootKey: expect.stringContaining('openssl rand -base64 32') })
    expect(await readdir(dataDir)).toEqual([])
  })

  it('makes secret.key at first use and takes the same one ever after', async () => {
    const folder = join(dataDir, 'not', 'there', 'yet')
    const made = await loadRootKey({ dataDir: folder, production: false })
    expect(made).toHaveLength(32)
    expect(await loadRootKey({ dataDir: folder, production: false })).toEqual(made)
    expect(await readdir(folder)).toEqual(['secret.key'])
  })

  posix('lets nobody else read it', async () => {
    await loadRootKey({ dataDir, production: false })
    expect((await stat(join(dataDir, 'secret.key'))).mode & 0o777).toBe(0o600)
  })

  it('gives twenty that start at once one and the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => loadRootKey({ dataDir, production: false })))
    for (const one of keys) expect(one).toEqual(keys[0])
    expect(keys[0]).toHaveLength(32)
    expect(await readdir(dataDir)).toEqual(['secret.key'])
  })

  posix.each([0o640, 0o604, 0o644, 0o666])('refuses a file of mode %o that others may have read', async (mode) => {
    await loadRootKey({ dataDir, production: false })
    await chmod(join(dataDir, 'secret.key'), mode)
    const refused = await loadRootKey({ dataDir, production: false })
    expect(refused).toEqual({ noRootKey: expect.stringContaining('chmod 600') })
  })

  it.each([
    ['empty', ''],
    ['cut off', key.toString('base64').slice(0, 30)],
  ])('refuses a file that is %s and leaves it as it is', async (_, content) => {
    await writeFile(join(dataDir, 'secret.key'), content, { mode: 0o600 })
    const refused = await loadRootKey({ dataDir, production: false })
    expect(refused).toEqual({ noRootKey: expect.stringContaining('secret.key') })
    expect(await readFile(join(dataDir, 'secret.key'), 'utf8')).toBe(content)
  })
})
