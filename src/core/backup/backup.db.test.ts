import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { v7 as uuid } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { addFile, BYTES, fillEveryTable, rowsOf } from '../../../test/support/every-table.ts'
import { TEST_KEY, type TestPorts, testPorts } from '../../../test/support/ports.ts'
import type { Db } from '../../platform/database/database.ts'
import { makeFiles } from '../../platform/files/files.ts'
import { makeSecrets } from '../../platform/secrets/secrets.ts'
import { act, type Ports } from '../act.ts'
import { isFault } from '../fault.ts'
import { verifyAnchors, writeAnchor } from '../history/anchor.ts'
import { verifyHistory } from '../history/verify.ts'
import * as schema from '../tables/index.ts'
import { openArchive } from './archive.ts'
import { type Backup, backup } from './backup.ts'
import { checkBackup, refuseTakenFolder, restore } from './restore.ts'
import { TABLES } from './tables.ts'

const MIGRATIONS = join(import.meta.dirname, '../../../drizzle')
const secrets = makeSecrets(TEST_KEY)
let t: TestPorts
let folder: string
let file: string

beforeAll(async () => {
  t = await testPorts()
  await fillEveryTable(t)
  await openCase()
  await writeAnchor(t.ports, t.dataDir)
})
afterAll(() => t.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paht-backup-'))
  file = join(folder, 'b.backup')
  return () => rm(folder, { recursive: true })
})

async function made(ports = t.ports): Promise<Backup> {
  const done = await backup(ports, { dataDir: t.dataDir, product: '0.1.0' }, file)
  if (isFault(done)) throw new Error(done.message)
  return done
}

/** Ports whose database lets something happen after each statement that `says` fits, on other connections. */
function onQuery(says: RegExp, happens: () => Promise<void>): Ports {
  const pool = t.ports.db.$client
  const listen = (client: pg.PoolClient): pg.PoolClient => {
    const query = async (text: string, values?: unknown[]) => {
      const result = await client.query(text, values)
      if (says.test(text)) await happens()
      return result
    }
    const heard = (given: string | pg.Submittable, values?: unknown[]) =>
      typeof given === 'string' ? query(given, values) : client.query(given)
    return { query: heard, release: (broken?: boolean) => client.release(broken) } as unknown as pg.PoolClient
  }
  const $client = { connect: async () => listen(await pool.connect()), query: pool.query.bind(pool) }
  return { ...t.ports, db: { $client } as unknown as Db }
}

async function checked(key = secrets) {
  const done = await checkBackup(key, MIGRATIONS, file)
  if (isFault(done)) throw new Error(done.message)
  return done
}

/** A new place with the backup in it; gone after `work`. */
async function restored(work: (place: { db: Db; dataDir: string }) => Promise<void>): Promise<void> {
  const database = await emptyDatabase()
  const dataDir = join(folder, 'restored')
  const place = { db: database.db, dataDir, migrations: MIGRATIONS, files: makeFiles({ dataDir }, secrets) }
  try {
    expect(await restore(place, await checked())).toBeUndefined()
    await work(place)
  } finally {
    await database.drop()
    await rm(dataDir, { recursive: true })
  }
}

describe('a backup', () => {
  it('names every table and every column of the database', async () => {
    const { rows } = await t.ports.db.execute<{ name: string; columns: string[] }>(sql`
      select c.relname as name, array_agg(a.attname::text order by a.attname::text collate "C") as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      group by c.relname order by c.relname collate "C"`)
    const named = TABLES.map(({ name, columns }) => ({ name, columns: columns.replaceAll('"', '').split(', ').sort() }))
    expect(named.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(rows)
  })

  it('comes back in an empty place, row by row and byte by byte', async () => {
    const { manifest, end } = await made()
    expect(Object.entries(manifest.tables).filter(([, rows]) => rows === 0)).toEqual([])
    expect(end).toEqual({ files: 2, gone: [], lost: [] })
    await restored(async ({ db, dataDir }) => {
      for (const { name } of TABLES) expect(await rowsOf(db, name), name).toEqual(await rowsOf(t.ports.db, name))
      expect(await bytesIn(dataDir)).toEqual(await bytesIn(t.dataDir))
    })
  })

  it('goes on where it stopped: sequences, months, history and anchors', async () => {
    await made()
    await restored(async ({ db, dataDir }) => {
      const before = await db.execute<{ last: string }>(sql`select max(seq) as last from task`)
      await db.execute(
        sql`insert into task (id, kind, ref, lane, due) values (${uuid()}, 'k', 'r', 'l', ${t.clock.now()})`,
      )
      const after = await db.execute<{ seq: string }>(sql`select seq from task where kind = 'k'`)
      expect(BigInt(after.rows[0]!.seq)).toBe(BigInt(before.rows[0]!.last) + 1n)
      const fallen = await db.execute(sql`select from envelope_default union all select from trace_default`)
      expect(fallen.rowCount).toBe(0)
      expect(await verifyAnchors(db, secrets, dataDir)).toEqual([])
      await writeAnchor({ ...t.ports, db }, dataDir)
      expect(await verifyAnchors(db, secrets, dataDir)).toEqual([])
    })
  })

  it('has what commits meanwhile wholly or not at all', async () => {
    let committed = 0
    await made(
      onQuery(/^select count/, async () => {
        await openCase()
        committed++
      }),
    )
    expect(committed).toBe(TABLES.length)
    const { db: source } = t.ports
    await restored(async ({ db }) => {
      const [cases, entries] = await countCases(db)
      expect(cases).toBe(entries)
      expect((await countCases(source))[0]).toBe(cases! + committed)
      expect(await verifyHistory(db, secrets)).toEqual(await verifyHistory(source, secrets))
    })
  })

  it('holds no anchor of what it does not hold', async () => {
    const anchorOnce = onQuery(/^select count.*"history"/, async () => {
      await openCase()
      await writeAnchor(t.ports, t.dataDir)
    })
    await made(anchorOnce)
    await restored(async ({ db, dataDir }) => expect(await verifyAnchors(db, secrets, dataDir)).toEqual([]))
  })

  it('carries rows of any size, in as many parts as they need', async () => {
    const { db } = t.ports
    const row = { sourceId: 'large', contentType: 'x', keyId: uuid(), head: BYTES, state: 'read' as const }
    for (const bytes of [1, 3_000_000, 3_000_000, 12_000_000, 2]) {
      const body = randomBytes(bytes)
      await db.insert(schema.envelopes).values({ ...row, id: uuid(), receivedAt: t.clock.now(), body })
    }
    await made()
    let parts = 0
    for await (const { name } of (await checked()).entries()) if (name === 'table/envelope') parts++
    expect(parts).toBeGreaterThan(1)
    const printOf = async (of: Db) =>
      (await of.execute(sql`select id, md5(body) from envelope where source_id = 'large' order by id`)).rows
    await restored(async ({ db: other }) => expect(await printOf(other)).toEqual(await printOf(db)))
    await db.execute(sql`delete from envelope where source_id = 'large'`)
  })

  it('never holds PAHT_SECRET_KEY, in any writing', async () => {
    await made()
    const entries = await openArchive(secrets, file)
    if (isFault(entries)) throw new Error(entries.message)
    const parts: Buffer[] = [await readFile(file)]
    for await (const { name, bytes } of entries()) parts.push(Buffer.from(name), bytes)
    const all = Buffer.concat(parts)
    const writings = (['hex', 'base64', 'base64url', 'latin1', 'utf8'] as const).map((each) => TEST_KEY.toString(each))
    const needles = [TEST_KEY, ...writings.flatMap((each) => [each, each.toUpperCase(), each.replace(/=+$/, '')])]
    expect(needles.filter((needle) => all.includes(needle))).toEqual([])
    // The search works: what must be there is found.
    expect(all.includes('portal')).toBe(true)
    expect(all.includes(secrets.backupKey(Buffer.alloc(16)))).toBe(false)
  })

  it('names what was erased meanwhile as gone, and what an accident took as lost', async () => {
    const { db, files } = t.ports
    const [erased, missing, damaged] = [await addFile(t), await addFile(t), await addFile(t)]
    await rm(files.path(missing))
    await writeFile(files.path(damaged), 'other bytes')
    const erase = onQuery(/^commit/, async () => {
      await db.execute(sql`delete from file where id = ${erased}`)
      await files.remove(erased)
    })
    expect((await made(erase)).end).toEqual({ files: 2, gone: [erased], lost: [missing, damaged].sort() })
    await restored(async ({ db: other }) => expect(await rowsOf(other, 'file')).toHaveLength(5))
    await db.execute(sql`delete from file where id in (${missing}, ${damaged})`)
    await files.remove(damaged)
  })

  it('does not replace a file', async () => {
    await writeFile(file, '')
    const refused = await backup(t.ports, { dataDir: t.dataDir, product: '0.1.0' }, file)
    expect(refused).toMatchObject({ fault: 'rejected', message: expect.stringContaining('is there already') })
    expect(await readFile(file, 'utf8')).toBe('')
  })

  it('leaves nothing behind when it fails half-way', async () => {
    const files = {
      ...t.ports.files,
      path: (): string => {
        throw new Error('the disk is on fire')
      },
    }
    const failed = backup({ ...t.ports, files }, { dataDir: t.dataDir, product: '0.1.0' }, file)
    await expect(failed).rejects.toThrow('the disk is on fire')
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves nothing behind and says why when it cannot write on', async () => {
    const broken = { ...secrets, backupKey: () => Buffer.alloc(5) }
    const failed = backup({ ...t.ports, secrets: broken }, { dataDir: t.dataDir, product: '0.1.0' }, file)
    await expect(failed).rejects.toThrow('Invalid key length')
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a restore is refused before anything is written', () => {
  it.each<readonly [string, (bytes: Buffer) => Buffer, RegExp]>([
    ['of a backup that was cut off', (b) => b.subarray(0, -5000), /damaged or cut off/],
    ['of a backup without its last byte', (b) => b.subarray(0, -1), /damaged or cut off/],
    ['of a backup with a bit changed', (b) => changed(b, b.length >> 1), /damaged or cut off/],
    ['of a backup whose salt was changed', (b) => changed(b, 10), /another PAHT_SECRET_KEY/],
    [
      'of a file that is something else',
      () => Buffer.from('PK not a backup at all, but long enough to be looked at twice'),
      /not a backup/,
    ],
    ['of an empty file', () => Buffer.alloc(0), /not a backup/],
    ['of a later version of the format', (b) => changed(b, 7), /not a backup/],
  ])('%s', async (_, tamper, sentence) => {
    await made()
    await writeFile(file, tamper(await readFile(file)))
    const refused = await checkBackup(secrets, MIGRATIONS, file)
    expect(refused).toMatchObject({ fault: 'rejected', message: expect.stringMatching(sentence) })
  })

  it('with another key', async () => {
    await made()
    const refused = await checkBackup(makeSecrets(randomBytes(32)), MIGRATIONS, file)
    expect(refused).toMatchObject({ message: expect.stringContaining('another PAHT_SECRET_KEY') })
  })

  it('of a file that is not there', async () => {
    expect(await checkBackup(secrets, MIGRATIONS, file)).toMatchObject({ message: `There is no file ${file}.` })
  })

  it('by a product with another schema', async () => {
    await made()
    const other = join(folder, 'drizzle')
    const journal = {
      version: '7',
      dialect: 'postgresql',
      entries: [{ idx: 0, version: '7', when: 1, tag: 'x', breakpoints: true }],
    }
    await writeFolder(join(other, 'meta'), '_journal.json', JSON.stringify(journal))
    await writeFolder(other, 'x.sql', 'select 1')
    const refused = await checkBackup(secrets, other, file)
    expect(refused).toMatchObject({ message: expect.stringContaining('PAHT Hub 0.1.0') })
  })

  it.each(['postgres', 'files', 'anchors', 'secret.key'])('into a folder that holds %s', async (name) => {
    await writeFolder(folder, name, '')
    expect(await refuseTakenFolder(folder)).toMatchObject({ message: expect.stringContaining(name) })
  })

  it.each(['.', 'not/there'])('but not into %s, which is empty', async (name) => {
    await writeFolder(folder, 'lost+found', '')
    expect(await refuseTakenFolder(join(folder, name))).toBeUndefined()
  })

  it('into a database with a row', async () => {
    await made()
    const place = { db: t.ports.db, dataDir: folder, migrations: MIGRATIONS, files: t.ports.files }
    const before = await rowsOf(t.ports.db, 'case')
    expect(await restore(place, await checked())).toMatchObject({ message: expect.stringContaining('not empty') })
    expect(await rowsOf(t.ports.db, 'case')).toEqual(before)
  })
})

it('a restore that fails half-way leaves no row', async () => {
  await made()
  const database: TestDatabase = await emptyDatabase()
  const files = {
    ...t.ports.files,
    path: (): string => {
      throw new Error('disk full')
    },
  }
  const place = { db: database.db, dataDir: join(folder, 'half'), migrations: MIGRATIONS, files }
  await expect(restore(place, await checked())).rejects.toThrow('disk full')
  for (const { name } of TABLES) expect(await rowsOf(database.db, name)).toEqual([])
  await database.drop()
})

async function openCase(): Promise<string> {
  const id = uuid()
  await act(t.ports, { actor: 'system' }, async (a) => {
    const row = { id, profile: 'dien-bien', profileFrom: '2025-07-01', status: 'received', openedAt: a.at } as const
    await a.tx.insert(schema.cases).values(row)
    a.record({ of: 'case', id }, 'case.opened')
  })
  return id
}

/** Cases of `openCase`, and entries of theirs. */
async function countCases(db: Db): Promise<number[]> {
  const { rows } = await db.execute<{ cases: number; entries: number }>(sql`
    select count(*)::int as cases, count(h.chain)::int as entries
    from "case" c left join history h on h.chain = 'case:' || c.id where c.profile = 'dien-bien'`)
  return [rows[0]!.cases, rows[0]!.entries]
}

async function bytesIn(dataDir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) found[path.slice(dataDir.length)] = (await readFile(path)).toString('base64')
  }
  return found
}

async function writeFolder(into: string, name: string, text: string): Promise<void> {
  await mkdir(into, { recursive: true })
  await writeFile(join(into, name), text)
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 1
  return copy
}
