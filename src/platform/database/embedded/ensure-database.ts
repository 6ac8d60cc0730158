import pg from 'pg'
import { SUPERUSER } from './cluster.ts'
import type { Connection } from './running.ts'

/**
 * Makes the product's role and database where they are missing (the first start may have been killed between the two) and returns the
 * server's version, such as `18.4`. The role may make databases (tests clone one each) and is no superuser.
 */
export async function ensureDatabase({ host, port, user, database, password }: Connection): Promise<string> {
  const login = password === undefined ? {} : { password }
  // ssl: the environment may hold PGSSLMODE for another database.
  const client = new pg.Client({ host, port, user: SUPERUSER, database: 'postgres', ssl: false, ...login })
  await client.connect()
  try {
    const known = await client.query<{ version: string; role: boolean; database: boolean }>(
      `select current_setting('server_version') as version,
              exists (select from pg_roles where rolname = $1) as role,
              exists (select from pg_database where datname = $2) as database`,
      [user, database],
    )
    const [row] = known.rows
    if (!row) throw new Error('PostgreSQL returned no row for a query without a table')
    const name = client.escapeIdentifier(user)
    const withPassword = password === undefined ? '' : ` password ${client.escapeLiteral(password)}`
    if (!row.role) await client.query(`create role ${name} login createdb${withPassword}`)
    if (!row.database) await client.query(`create database ${client.escapeIdentifier(database)} owner ${name}`)
    return row.version
  } finally {
    await client.end()
  }
}
