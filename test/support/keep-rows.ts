import { TABLES } from '../../src/core/backup/tables.ts'
import type { Db } from '../../src/platform/database/database.ts'

/**
 * Keeps the rows of every table as they are now, and gives what puts them back. In milliseconds, where another database would also cost its
 * connections and all that the server has read into memory.
 */
export async function keepRows({ $client }: Db): Promise<() => Promise<void>> {
  await $client.query('create schema kept')
  const filled: (typeof TABLES)[number][] = []
  for (const table of TABLES) {
    const { rowCount } = await $client.query(`create table kept.${table.quoted} as table public.${table.quoted}`)
    if (rowCount !== 0) filled.push(table)
  }
  const putBack = [
    'begin',
    ...TABLES.toReversed().map(({ quoted }) => `delete from ${quoted}`),
    ...filled.map(({ quoted, columns }) => `insert into ${quoted} (${columns}) select ${columns} from kept.${quoted}`),
    'commit',
  ].join(';')
  return async () => {
    await $client.query(putBack)
  }
}
