import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { is, sql } from 'drizzle-orm'
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { v7 as uuid } from 'uuid'
import { TABLES } from '../../src/core/backup/tables.ts'
import * as schema from '../../src/core/tables/index.ts'
import type { Db } from '../../src/platform/database/database.ts'
import type { TestPorts } from './ports.ts'

/** What COPY must carry whole: its own signs, NULL's two letters, every letter of ours, an emoji. */
const TEXT = 'tab\t line\n return\r backslash\\ \\N \\. "quoted" \u0001 Điện Biên phản ánh 🌧'
/** Every byte. */
export const BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

/** Tables that have rows without us, or that only a real file fits. */
const OWN_ROWS = ['deployment', 'file']

/** Columns whose type does not say what they take. */
const SPECIAL: Readonly<Record<string, (row: number) => unknown>> = {
  'unit_polygon.code': (row) => `unit-${row}`,
  'unit.code': (row) => `unit-${row}`,
  'unit.valid_to': () => '2030-01-01',
  'unit.lat': () => 21.386,
  'unit.lng': () => 103.017,
  'history.chain': (row) => `source:odd-${row}`,
}

/** Two rows in each table, made from the types of its columns, so that a new table is in the test as soon as it exists. */
export async function fillEveryTable(t: TestPorts): Promise<void> {
  const configs = Object.values(schema)
    .filter((each) => is(each, PgTable))
    .map(getTableConfig)
  for (const { name, quoted } of TABLES.filter((table) => !OWN_ROWS.includes(table.name))) {
    const { columns } = configs.find((each) => each.name === name)!
    for (const row of [0, 1]) {
      const names = columns.map((column) => sql.identifier(column.name))
      const values = columns.map((column) => sql`${sql.param(valueIn(column, row, t.clock.now()))}`)
      const [into, given] = [names, values].map((each) => sql.join([...each], sql`, `))
      await t.ports.db.execute(sql`insert into ${sql.raw(quoted)} (${into}) values (${given})`)
    }
  }
  await addFile(t)
  await addFile(t)
}

const KEYS = [uuid(), uuid()]

function valueIn(column: PgColumn, row: number, now: Date): unknown {
  const special = SPECIAL[`${getTableConfig(column.table).name}.${column.name}`]
  if (special !== undefined) return special(row)
  if (!column.notNull && row === 1) return null
  const type = column.getSQLType()
  if (type === 'uuid') return KEYS[row]
  if (type === 'bytea') return Buffer.concat([BYTES, Buffer.from([row])])
  if (type === 'jsonb') return JSON.stringify({ [TEXT]: [row, null, TEXT] })
  if (type === 'text[]') return [TEXT, '', `{"a",NULL}`]
  if (type === 'date') return '2025-07-01'
  if (type === 'boolean') return row === 0
  if (type.startsWith('timestamp')) {
    const at = new Date(now.getTime() - row * 40 * 86_400_000 + 123)
    return type.endsWith('[]') ? [at, now] : at
  }
  if (type === 'double precision' || type === 'real') return 0.1 + row / 3
  if (/int|serial/.test(type)) return row + 5
  return `${TEXT}${row}`
}

/** A file with its row; returns its id. */
export async function addFile({ ports }: TestPorts): Promise<string> {
  const written = await ports.files.write(Readable.from([randomBytes(100_000)]), ports.secrets.newDataKey().dataKey, {
    maxBytes: 200_000,
  })
  if ('tooLarge' in written) throw new Error('too large')
  await ports.db
    .insert(schema.files)
    .values({ ...written, submissionId: uuid(), seq: 0, variant: 'original', hint: BYTES })
  return written.id
}

/** As text, in an order of their own. */
export async function rowsOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await db.execute<{ row: string }>(
    sql`select t::text as row from ${sql.identifier(table)} t order by 1`,
  )
  return rows.map(({ row }) => row)
}
