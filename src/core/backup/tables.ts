import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import pg from 'pg'
import * as schema from '../tables/index.ts'

/** A table as SQL names it. */
export interface BackedUp {
  /** As the manifest and the archive name it. */
  readonly name: string
  readonly quoted: string
  /** Named one by one: their order in a restored database may be another. */
  readonly columns: string
  /** Columns that a sequence fills. */
  readonly serials: readonly string[]
}

/** Every table of the product, those that others point to first. */
export const TABLES: readonly BackedUp[] = pointedToFirst(
  Object.values(schema).filter((each) => is(each, PgTable)),
).map((table) => {
  const { name, columns } = getTableConfig(table)
  return {
    name,
    quoted: pg.escapeIdentifier(name),
    columns: columns.map((column) => pg.escapeIdentifier(column.name)).join(', '),
    serials: columns.filter((column) => column.getSQLType().endsWith('serial')).map((column) => column.name),
  }
})

function pointedToFirst(tables: readonly PgTable[]): readonly PgTable[] {
  const placed = new Set<PgTable>()
  const place = (table: PgTable) => {
    for (const key of getTableConfig(table).foreignKeys) {
      const { foreignTable } = key.reference()
      if (foreignTable !== table) place(foreignTable)
    }
    placed.add(table)
  }
  for (const table of tables) place(table)
  return [...placed]
}

/**
 * A server's own settings must not decide how a value is written or read (as pg_dump sets them); and a backup may wait longer for its
 * disk, a restore for its files, than a server lets a transaction be idle.
 */
export const SETTINGS = `
  set local datestyle = 'ISO, YMD';
  set local timezone = 'UTC';
  set local extra_float_digits = 3;
  set local bytea_output = 'hex';
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0`
