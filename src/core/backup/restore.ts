import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Db } from '../../platform/database/database.ts'
import { migrateDatabase } from '../../platform/database/migrate.ts'
import { ensureMonth } from '../../platform/database/partitions.ts'
import type { Files } from '../../platform/files/files.ts'
import { absent } from '../../platform/files/layout.ts'
import { syncFolder } from '../../platform/files/sync-folder.ts'
import { type Secrets, SecretsError } from '../../platform/secrets/secrets.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { ANCHORS } from '../history/anchor.ts'
import { type Entry, openArchive } from './archive.ts'
import { appliedMigration, End, Manifest, NAMES, shippedMigration } from './manifest.ts'
import { SETTINGS, TABLES } from './tables.ts'

/** A backup that was read from end to end: every byte is authentic, nothing is missing, and this product can load it. */
export interface Checked {
  readonly manifest: Manifest
  readonly end: End
  readonly entries: () => AsyncGenerator<Entry>
}

/** The first pass; writes nothing. `migrations`: the folder that ships. */
export async function checkBackup(secrets: Secrets, migrations: string, file: string): Promise<Checked | Fault> {
  const entries = await openArchive(secrets, file)
  if (isFault(entries)) return entries
  try {
    let manifest: Manifest | undefined
    let end: End | undefined
    for await (const { name, bytes } of entries()) {
      if (name === NAMES.manifest) {
        manifest = Manifest.parse(JSON.parse(bytes.toString('utf8')))
        const other = otherSchema(manifest, migrations)
        if (other !== undefined) return other
      }
      if (name === NAMES.end) end = End.parse(JSON.parse(bytes.toString('utf8')))
    }
    if (manifest === undefined || end === undefined) throw new Error('a backup without its beginning or its end')
    return { manifest, end, entries }
  } catch (cause) {
    if (!(cause instanceof SecretsError)) throw cause
    return fault(
      'rejected',
      `${file} is damaged or cut off. Nothing was written; take another copy or an older backup.`,
      { cause },
    )
  }
}

function otherSchema({ product, migration }: Manifest, migrations: string): Fault | undefined {
  if (migration === shippedMigration(migrations)) return undefined
  return fault(
    'rejected',
    `The backup was made by PAHT Hub ${product}, whose database has another schema than this one's. Restore it with PAHT Hub ${product}, then update.`,
  )
}

/** What lies in a data folder that is in use. */
const TAKEN = ['postgres', 'files', ANCHORS, 'secret.key']

/** Refuses a folder that holds anything of ours; one that is not there, or a fresh volume, is fine. */
export async function refuseTakenFolder(dataDir: string): Promise<Fault | undefined> {
  const names = (await readdir(dataDir).catch(absent)) ?? []
  const found = names.find((name) => TAKEN.includes(name))
  if (found === undefined) return undefined
  return fault(
    'rejected',
    `${dataDir} is in use (it holds ${found}). Restore into an empty folder: set PAHT_DATA_DIR to another one.`,
  )
}

/** Refuses a database that holds a row, ours or another's. */
async function refuseTakenDatabase(db: Db): Promise<Fault | undefined> {
  const { rows } = await db.$client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by tablename`,
  )
  for (const { name } of rows) {
    const found = await db.$client.query(`select 1 from ${pg.escapeIdentifier(name)} limit 1`)
    if (found.rowCount !== 0)
      return fault('rejected', `The database is not empty (table ${name} has rows). Restore into an empty one.`)
  }
  return undefined
}

export interface Place {
  readonly db: Db
  readonly files: Files
  readonly dataDir: string
  readonly migrations: string
}

/**
 * Loads a checked backup into an empty database and data folder (`refuseTakenFolder` was asked before the database was made in it). The
 * rows commit last, when every file is on the disk: a restore that is cut short leaves a database without a row.
 */
export async function restore(place: Place, { manifest, end, entries }: Checked): Promise<Fault | undefined> {
  const { db } = place
  const taken = await refuseTakenDatabase(db)
  if (taken !== undefined) return taken
  await migrateDatabase(db, place.migrations)
  if ((await appliedMigration(db.$client)) !== manifest.migration)
    throw new Error('the database has another schema than was checked')
  for (const month of manifest.months) await ensureMonth(db, new Date(`${month}-01T00:00:00Z`))
  const client = await db.$client.connect()
  try {
    await client.query('begin')
    await client.query(SETTINGS)
    const folders = new Set<string>()
    let files = 0
    for await (const { name, bytes } of entries()) {
      const [kind, of = ''] = name.split('/')
      if (kind === 'table') await loadRows(client, of, bytes)
      if (kind === 'anchors') folders.add(await appendAnchors(place, of, bytes))
      if (kind === 'file') folders.add(await writeFile(place, of, bytes))
      if (kind === 'file') files++
    }
    if (files !== end.files) throw new Error(`${files} files of ${end.files}`)
    for (const folder of withParents(folders, place.dataDir)) await syncFolder(folder)
    await finishTables(client, manifest)
    await client.query('commit')
    client.release()
    return undefined
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function loadRows(client: pg.ClientBase, name: string, rows: Buffer): Promise<void> {
  const table = TABLES.find((each) => each.name === name)
  if (table === undefined) throw new Error(`no table ${name}`)
  await pipeline(Readable.from([rows]), client.query(copyFrom(`copy ${table.quoted} (${table.columns}) from stdin`)))
}

/** Every row is there, and what a sequence gives next is beyond them. */
async function finishTables(client: pg.ClientBase, manifest: Manifest): Promise<void> {
  for (const { name, quoted, serials } of TABLES) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${quoted}`)
    if (Number(rows[0]!.count) !== manifest.tables[name])
      throw new Error(`table ${name}: ${rows[0]!.count} rows of ${manifest.tables[name]}`)
    for (const column of serials) {
      const last = `select max(${pg.escapeIdentifier(column)}) from ${quoted}`
      await client.query(`select setval(pg_get_serial_sequence($1, $2), coalesce((${last}), 0) + 1, false)`, [
        quoted,
        column,
      ])
    }
  }
}

/** Durable when the folder that it returns is synced. */
async function writeFile({ files }: Place, id: string, bytes: Buffer): Promise<string> {
  if (createHash('sha256').update(bytes).digest('hex') !== id) throw new Error(`file ${id} has another hash`)
  const path = files.path(id)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeSynced(`${path}.new`, bytes, 'w')
  await rename(`${path}.new`, path)
  return dirname(path)
}

async function appendAnchors({ dataDir }: Place, file: string, bytes: Buffer): Promise<string> {
  if (!/^[\d-]+\.jsonl$/.test(file)) throw new Error(`an anchor file named ${file}`)
  const folder = join(dataDir, ANCHORS)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeSynced(join(folder, file), bytes, 'a')
  return folder
}

async function writeSynced(path: string, bytes: Buffer, flag: 'w' | 'a'): Promise<void> {
  const file = await open(path, flag, 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Each folder with those above it up to the data folder, deepest first. */
function withParents(folders: ReadonlySet<string>, dataDir: string): string[] {
  const all = new Set([dataDir])
  for (const leaf of folders) {
    for (let folder = leaf; folder.length > dataDir.length; folder = dirname(folder)) all.add(folder)
  }
  return [...all].sort((a, b) => b.length - a.length)
}
