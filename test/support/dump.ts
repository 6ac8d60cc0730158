import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { findRunning } from '../../src/platform/database/embedded/running.ts'
import { makeFiles } from '../../src/platform/files/files.ts'
import { type DataKey, makeSecrets, type Secrets, SecretsError } from '../../src/platform/secrets/secrets.ts'

export interface Cell {
  /** `report.text` */
  readonly column: string
  readonly bytes: Buffer
  readonly row: Readonly<Record<string, Buffer | null>>
}

const BYTEA = 17

/** Every value of every table of the database that runs in a data folder: text as it is written, bytes as bytes. */
export async function dumpDatabase(dataDir: string): Promise<Cell[]> {
  const connection = await findRunning(dataDir)
  if (connection === undefined) throw new Error(`no database runs in ${dataDir}`)
  const client = new pg.Client({ ...connection, types: { getTypeParser: () => (value: string) => value } })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    )
    const cells: Cell[] = []
    for (const { name } of tables.rows) cells.push(...(await dumpTable(client, name)))
    return cells
  } finally {
    await client.end()
  }
}

async function dumpTable(client: pg.Client, table: string): Promise<Cell[]> {
  const { rows, fields } = await client.query<Record<string, string | null>>(`select * from ${table}`)
  return rows.flatMap((row) => {
    const bytes = Object.fromEntries(
      fields.map(({ name, dataTypeID }) => [name, bytesOf(row[name] ?? null, dataTypeID === BYTEA)]),
    )
    return fields.flatMap(({ name }) => {
      const value = bytes[name]
      return value ? [{ column: `${table.replace(/^public\./, '')}.${name}`, bytes: value, row: bytes }] : []
    })
  })
}

function bytesOf(value: string | null, isBytes: boolean): Buffer | null {
  if (value === null) return null
  return isBytes ? Buffer.from(value.replace(/^\\x/, ''), 'hex') : Buffer.from(value)
}

/** What the seal of each column is bound to: the row's id, or another column's value. */
const SEALED: Readonly<Record<string, readonly [label: string, id: string]>> = {
  'submission.item': ['submission', 'id'],
  'envelope.body': ['envelope', 'id'],
  'envelope.head': ['envelope-head', 'id'],
  'reporter.contact': ['reporter', 'id'],
  'file.hint': ['hint', 'id'],
  'trace.body': ['trace', 'id'],
}

/** What whoever has the secret key can read: every sealed value and every stored file that opens with a key in the dump. */
export async function openDump(dataDir: string, cells: readonly Cell[]): Promise<Pick<Cell, 'column' | 'bytes'>[]> {
  const secrets = makeSecrets(Buffer.from((await readFile(join(dataDir, 'secret.key'), 'utf8')).trim(), 'base64'))
  const keys = cells
    .filter(({ column }) => column === 'data_key.wrapped')
    .map(({ row, bytes }) => secrets.unwrap(String(row['id']), bytes))
  const opened: Pick<Cell, 'column' | 'bytes'>[] = []
  for (const { column, bytes, row } of cells) {
    // Of a partition: `envelope_2026_10.body`.
    const [label, id] = SEALED[column.replace(/_(?:\d{4}_\d\d|default)\./, '.')] ?? []
    if (label === undefined || id === undefined) continue
    for (const key of keys) {
      const plain = tryOpen(secrets, key, { bytes, context: `${label}:${String(row[id])}` })
      if (plain !== undefined) opened.push({ column, bytes: plain })
    }
  }
  const files = makeFiles({ dataDir }, secrets)
  for (const { bytes: id, row } of cells.filter(({ column }) => column === 'file.id'))
    for (const key of keys) {
      const plain = await files.readAll(String(id), key, 2 ** 28).catch(notOurs)
      if (plain !== undefined) opened.push({ column: `file ${String(row['variant'])}`, bytes: plain })
    }
  return opened
}

function tryOpen(
  secrets: Secrets,
  key: DataKey,
  { bytes, context }: { bytes: Buffer; context: string },
): Buffer | undefined {
  try {
    return secrets.open(key, bytes, context)
  } catch (error) {
    return notOurs(error)
  }
}

/** Of another submission. */
function notOurs(error: unknown): undefined {
  if (error instanceof SecretsError) return undefined
  throw error
}
