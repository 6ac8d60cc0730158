import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { asc, gt, inArray } from 'drizzle-orm'
import type { Db } from '../../platform/database/database.ts'
import { absent } from '../../platform/files/layout.ts'
import { files as fileTable } from '../tables/index.ts'
import { error, type Finding, firstOf, ok, type Patient, warning } from './finding.ts'

const SAMPLE = 200
const PAGE = 1000
const DAY = 24 * 3600_000
const MB = 1024 * 1024
const LOST = 'Bring the file back from a backup: its name in PAHT_DATA_DIR/files/ is its id. The disk may be failing.'

/** Is each file there, and are its bytes the ones that were written? */
export async function brokenFiles({ ports: { db, files }, allFiles }: Patient): Promise<Finding[]> {
  const broken: { id: string; found: 'missing' | 'damaged' }[] = []
  let looked = 0
  for await (const id of allFiles ? everyId(db) : sampleOfIds(db)) {
    looked++
    const hash = await hashOf(files.path(id))
    if (hash !== id) broken.push({ id, found: hash === undefined ? 'missing' : 'damaged' })
  }
  // One that was erased while we looked is no loss.
  const still = await referenced(
    db,
    broken.map(({ id }) => id),
  )
  const lost = broken.filter(({ id }) => still.has(id))
  if (lost.length > 0) return firstOf(lost, ({ id, found }) => error(`File ${id} is ${found}.`, LOST))
  if (allFiles || looked < SAMPLE) return [ok(`All ${looked} files are whole.`)]
  return [ok(`${looked} files, chosen by chance, are whole; --files looks at all.`)]
}

/** What lies in the store and belongs to no row; the hourly sweep removes it a day after it was written. */
export async function orphans({ ports: { db, clock, files }, allFiles }: Patient): Promise<Finding[]> {
  if (!allFiles) return []
  let count = 0
  await files.sweep({
    olderThan: new Date(clock.now().getTime() - 2 * DAY),
    // Every one is said to be in use, so that none is removed: to look is not to sweep.
    isReferenced: async (ids) => {
      count += ids.length - (await referenced(db, ids)).size
      return new Set(ids)
    },
  })
  if (count === 0) return [ok('No file is without its row.')]
  return [
    warning(
      `${count} files older than two days belong to nothing.`,
      'See that a worker runs, and why its task "sweep" fails.',
    ),
  ]
}

export async function diskSpace({ dataDir }: Patient): Promise<Finding[]> {
  const { bavail, blocks, bsize } = await statfs(dataDir)
  return [spaceLeft(bavail * bsize, blocks * bsize)]
}

/** Bytes. An upload may take 100 MB, and PostgreSQL stops when it cannot write. */
export function spaceLeft(free: number, total: number): Finding {
  const what = `${Math.floor(free / MB)} MB of the disk under PAHT_DATA_DIR are free.`
  const mend = 'Give the data folder more room: with a full disk nothing can be taken in.'
  if (free < 500 * MB) return error(what, mend)
  return free < Math.min(total / 20, 20_000 * MB) ? warning(what, mend) : ok(what)
}

async function* everyId(db: Db): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const ids = await idsAfter(db, after, PAGE)
    yield* ids
    if (ids.length < PAGE) return
    after = ids.at(-1)!
  }
}

/** Ids are hashes: those that come after a number drawn by lot are a fair sample. */
async function* sampleOfIds(db: Db): AsyncGenerator<string> {
  const ids = await idsAfter(db, randomBytes(32).toString('hex'), SAMPLE)
  yield* ids
  if (ids.length < SAMPLE) yield* (await idsAfter(db, '', SAMPLE - ids.length)).filter((id) => !ids.includes(id))
}

async function idsAfter(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: fileTable.id })
    .from(fileTable)
    .where(gt(fileTable.id, after))
    .orderBy(asc(fileTable.id))
    .limit(limit)
  return rows.map(({ id }) => id)
}

async function referenced(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: fileTable.id })
    .from(fileTable)
    .where(inArray(fileTable.id, [...ids]))
  return new Set(rows.map(({ id }) => id))
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch (cause) {
    return absent(cause as NodeJS.ErrnoException)
  }
  return hash.digest('hex')
}
