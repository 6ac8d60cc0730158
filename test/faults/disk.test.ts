import { createHash, randomFillSync } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Broken, compare, summary } from '../support/ledger.ts'
import type { Photo, Sent } from '../support/load.ts'
import { comeToRest, observe } from '../support/observe.ts'
import { type OnDisk, type OwnPostgres, ownPostgres } from '../support/postgres.ts'
import { openSite, type Site } from '../support/site.ts'
import { smallDisk } from '../support/small-disk.ts'
import { grown } from '../support/until.ts'
import { makeVariant } from '../support/variant.ts'

const DIST = join(import.meta.dirname, '../../dist')
const STALL_MS = 45_000

describe('the disk of the files is full', () => {
  let postgres: OwnPostgres
  let photo: Photo
  beforeAll(async () => {
    ;[postgres, photo] = await Promise.all([ownPostgres(), noise()])
  })
  afterAll(() => postgres.remove())

  it('a photo is turned away whole, text is taken, and afterwards everything goes on', async () => {
    const { refused, text, leftHalf, broken } = await fillTheDisk(DIST, 'disk')
    expect(refused.length).toBeGreaterThan(3)
    expect(text.answers.map((a) => a.status)).toEqual([201])
    expect(leftHalf).toEqual([])
    expect(summary(broken)).toEqual([])
  })

  it('a build that leaves behind what did not fit is caught', async () => {
    const variant = await makeVariant([
      { file: 'platform/files/write.js', from: 'await rm(temporary, { force: true })', to: 'void rm' },
    ])
    try {
      const { leftHalf } = await fillTheDisk(variant.dist, 'leaves')
      expect(leftHalf.length).toBeGreaterThan(0)
    } finally {
      await variant.remove()
    }
  })

  async function fillTheDisk(dist: string, name: string) {
    const disk = await smallDisk(24)
    const dataDir = join(disk.path, 'data')
    const env = { DATABASE_URL: await postgres.database(name) }
    const site = await openSite({
      machines: ['web', 'worker'],
      env,
      dist,
      dataDir,
      office: { answers: true },
      seed: 9,
      atOnce: 4,
    })
    try {
      const before = await site.crowd.once(photo)
      await comeToRest(site, STALL_MS)
      // One more fits, and the beginning of another.
      await disk.fill(Math.round(photo.length * 1.5))
      const sent: Sent[] = []
      while (sent.filter(isRefused).length < 4) sent.push(await site.crowd.once(photo))
      const text = await site.crowd.once()
      const leftHalf = await notWhole(dataDir)
      await disk.enlarge()
      const refused = sent.filter(isRefused)
      for (const again of refused) await site.crowd.insist(again)
      await comeToRest(site, STALL_MS)
      await eachPhotoReachedTheOffice(site, [before, ...sent])
      return { refused, text, leftHalf, broken: compare(site.crowd.ledger, await observe(site)) }
    } finally {
      await site.close()
      disk.remove()
    }
  }
})

describe('the disk of PostgreSQL is full', () => {
  it.each(['everything', 'tables'] as const)(
    'with %s on it, citizens are told to come again, nothing that was promised is lost, and with room again everything goes on',
    async (on) => {
      expect(summary(await fillTheDatabase(DIST, on))).toEqual([])
    },
  )

  it('a build that takes it for a fault of its own is caught', async () => {
    const variant = await makeVariant([
      { file: 'platform/database/database.js', from: "'53100', // disk_full", to: '' },
    ])
    try {
      expect(summary(await fillTheDatabase(variant.dist, 'tables')).join()).toContain(
        'neither taken nor told to come again',
      )
    } finally {
      await variant.remove()
    }
  })

  async function fillTheDatabase(dist: string, on: OnDisk): Promise<Broken[]> {
    const disk = await smallDisk(160)
    const postgres = await ownPostgres({ disk, on })
    const env = { DATABASE_URL: await postgres.database('filled') }
    const site = await openSite({
      machines: ['web', 'worker'],
      env,
      dist,
      office: { answers: true },
      seed: 8,
      atOnce: 8,
    })
    try {
      await site.crowd.send(20)
      await comeToRest(site, STALL_MS)
      await disk.fill(512 * 1024)
      const flow = site.crowd.flow(() => true)
      const refused = () => site.crowd.ledger.filter((sent) => sent.answers.some((a) => a.status !== 201)).length
      await grown('citizens are turned away', refused, 8)
      await disk.enlarge()
      // PostgreSQL ends where it cannot write its log; whoever looks after it starts it again.
      await postgres.start()
      const before = site.crowd.acknowledged()
      await grown('reports are taken again', () => site.crowd.acknowledged(), before + 8)
      await flow.stop()
      await comeToRest(site, STALL_MS)
      return compare(site.crowd.ledger, await observe(site))
    } finally {
      await site.close()
      await postgres.remove()
      disk.remove()
    }
  }
})

const isRefused = (sent: Sent): boolean => sent.answers[0]?.status === 503

/** Files in their place whose bytes are not those that they are named for, and what was being written and is no more. */
async function notWhole(dataDir: string): Promise<string[]> {
  const folder = join(dataDir, 'files')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((e) => e.isFile()).map((e) => ({ name: e.name, path: join(e.parentPath, e.name) }))
  const hashOf = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
  const whole = await Promise.all(files.map(async ({ name, path }) => (await hashOf(path)) === name))
  return files.filter((_, i) => !whole[i]).map(({ name }) => name)
}

async function eachPhotoReachedTheOffice(site: Site, sent: readonly Sent[]): Promise<void> {
  const held = new Map((await site.office.ledger()).map((h) => [h.code, h]))
  for (const { key, answers } of sent) {
    const code = answers.find((a) => a.code !== undefined)?.code
    const files = held.get(code ?? '')?.files ?? []
    expect(files.length, key).toBe(1)
    const served = await fetch(files[0]!.url)
    expect((await served.arrayBuffer()).byteLength, key).toBe(files[0]!.size)
  }
}

/** Some 400 kB that no camera took. */
async function noise(): Promise<Photo> {
  const [width, height] = [640, 480]
  const pixels = randomFillSync(Buffer.alloc(width * height * 3))
  return new Uint8Array(
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 80 })
      .toBuffer(),
  )
}
