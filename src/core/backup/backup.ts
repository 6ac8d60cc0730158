import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { PARTITIONED } from '../../platform/database/partitions.ts'
import { absent } from '../../platform/files/layout.ts'
import type { Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { ANCHORS, anchorFiles } from '../history/anchor.ts'
import { type Put, writeArchive } from './archive.ts'
import { appliedMigration, type End, type Manifest, NAMES } from './manifest.ts'
import { cut } from './segments.ts'
import { SETTINGS, TABLES } from './tables.ts'

/** Rows are put together up to this size; a larger row stands alone. */
const PART_BYTES = 8 * 1024 * 1024
const IDS_AT_ONCE = 10_000
const ID_BYTES = 32

export interface Backup {
  readonly manifest: Manifest
  readonly end: End
}

type Needed = Pick<Ports, 'db' | 'clock' | 'secrets' | 'files'>

/**
 * Database, files and anchors as of one moment, sealed into `file`, which must not be there yet. Nothing stops meanwhile: what commits
 * later is not in it. It never holds PAHT_SECRET_KEY, and nobody can read it without.
 */
export async function backup(
  ports: Needed,
  from: { readonly dataDir: string; readonly product: string },
  file: string,
): Promise<Backup | Fault> {
  for (const taken of [file, `${file}.part`]) {
    if ((await stat(taken).catch(absent)) !== undefined)
      return fault('rejected', `${taken} is there already: give another name, or remove it.`)
  }
  return writeArchive(ports.secrets, file, async (put) => {
    // Before the moment of the database: what an anchor names is then in the backup too, or the copy would look wound back.
    const anchors = await anchorsOf(from.dataDir)
    const { manifest, ids } = await putDatabase(ports, from.product, put)
    for (const anchor of anchors) await putAnchors(anchor, put)
    const end = await putFiles(ports, ids, put)
    await put(NAMES.end, Buffer.from(JSON.stringify(end)))
    return { manifest, end }
  })
}

/** One transaction that sees one moment; it ends before the files are copied, so that it holds back no cleaning of the database for hours. */
async function putDatabase(ports: Needed, product: string, put: Put): Promise<{ manifest: Manifest; ids: Buffer[] }> {
  const client = await ports.db.$client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(SETTINGS)
    const manifest = await manifestOf(client, product, ports.clock.now())
    await put(NAMES.manifest, Buffer.from(JSON.stringify(manifest)))
    for (const table of TABLES) {
      const rows = client.query(copyTo(`copy (select ${table.columns} from ${table.quoted}) to stdout`))
      for await (const part of wholeRows(rows)) await put(NAMES.table(table.name), part)
    }
    const ids = await fileIds(client)
    await client.query('commit')
    client.release()
    return { manifest, ids }
  } catch (error) {
    // In the middle of a COPY nothing else can be said on it.
    client.release(true)
    throw error
  }
}

async function manifestOf(client: pg.ClientBase, product: string, at: Date): Promise<Manifest> {
  const tables: Record<string, number> = {}
  for (const { name, quoted } of TABLES) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${quoted}`)
    tables[name] = Number(rows[0]!.count)
  }
  const months = new Set<string>()
  for (const [table, column] of Object.entries(PARTITIONED)) {
    const { rows } = await client.query<{ month: string }>(
      `select distinct to_char(${column}, 'YYYY-MM') as month from ${table}`,
    )
    for (const { month } of rows) months.add(month)
  }
  const migration = await appliedMigration(client)
  if (migration === undefined) throw new Error('a database without migrations')
  return { product, at: at.toISOString(), migration, tables, months: [...months].sort() }
}

/** COPY ends a row with a line end and writes one inside a value as two letters, so a part of whole lines can be loaded by itself. */
async function* wholeRows(rows: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of rows) {
    const end = length + chunk.length < PART_BYTES ? 0 : chunk.lastIndexOf('\n') + 1
    if (end > 0) {
      yield Buffer.concat([...parts, chunk.subarray(0, end)])
      parts = []
      length = 0
    }
    parts.push(chunk.subarray(end))
    length += chunk.length - end
  }
  if (length > 0) yield Buffer.concat(parts)
}

/** Ids as bytes, 32 each, many in one buffer: a million of them take 32 MB. */
async function fileIds(client: pg.ClientBase): Promise<Buffer[]> {
  const pages: Buffer[] = []
  for (let after = ''; ; ) {
    const { rows } = await client.query<{ id: string }>('select id from file where id > $1 order by id limit $2', [
      after,
      IDS_AT_ONCE,
    ])
    if (rows.length === 0) return pages
    pages.push(Buffer.from(rows.map((row) => row.id).join(''), 'hex'))
    after = rows.at(-1)!.id
  }
}

async function putFiles({ db, files }: Needed, pages: readonly Buffer[], put: Put): Promise<End> {
  const missing: string[] = []
  let copied = 0
  for (const page of pages) {
    for (let at = 0; at < page.length; at += ID_BYTES) {
      const id = page.toString('hex', at, at + ID_BYTES)
      const bytes = await readFile(files.path(id)).catch(absent)
      const whole = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === id
      if (whole) await put(NAMES.file(id), bytes)
      if (whole) copied++
      else missing.push(id)
    }
  }
  const { rows } = await db.$client.query<{ id: string }>('select id from file where id = any($1)', [missing])
  const referenced = new Set(rows.map((row) => row.id))
  const [lost, gone] = [true, false].map((is) => missing.filter((id) => referenced.has(id) === is))
  return { files: copied, gone: gone!, lost: lost! }
}

interface AnchorFile {
  readonly name: string
  readonly path: string
  /** Bytes that were there before the moment of the database. */
  readonly size: number
}

async function anchorsOf(dataDir: string): Promise<AnchorFile[]> {
  const folder = join(dataDir, ANCHORS)
  const names = await anchorFiles(folder)
  return Promise.all(
    names.map(async (name) => ({ name, path: join(folder, name), size: (await stat(join(folder, name))).size })),
  )
}

async function putAnchors({ name, path, size }: AnchorFile, put: Put): Promise<void> {
  if (size === 0) return
  for await (const part of cut(createReadStream(path, { end: size - 1 }), PART_BYTES))
    await put(NAMES.anchors(name), part)
}
