import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { type Db, openDatabase } from '../../src/platform/database/database.ts'
import { migrateDatabase } from '../../src/platform/database/migrate.ts'

export interface Cluster {
  /** Folder of the Unix socket, or an address. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Where databases are made from. */
  readonly database: string
  readonly password?: string
}

export interface TestDatabase {
  readonly db: Db
  readonly connection: Cluster
  /** For a product of its own process, as DATABASE_URL. */
  readonly url: string
  drop(): Promise<void>
}

const TEMPLATE = 'paht_template'
const MIGRATIONS = join(import.meta.dirname, '../../drizzle')

/** A migrated database of its own; cloned, so that a test file does not pay for the migrations. */
export async function testDatabase(): Promise<TestDatabase> {
  return madeFrom(TEMPLATE)
}

/** The same with nothing in it. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return madeFrom('template1')
}

async function madeFrom(template: string): Promise<TestDatabase> {
  const cluster = testCluster()
  const database = `test_${randomBytes(6).toString('hex')}`
  await asAdmin(cluster, `create database ${database} template ${template}`)
  const connection = { ...cluster, database }
  const db = openDatabase({ connection, poolSize: 8, log: () => undefined })
  const drop = async () => {
    await db.$client.end()
    await dropped(cluster, database)
  }
  return { db, connection, url: urlOf(connection), drop }
}

/** The server's own housekeeping may be in it for a moment: nobody may end that, and it ends by itself. */
const IN_USE = new Set(['42501', '55006'])
async function dropped(cluster: Cluster, database: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await asAdmin(cluster, `drop database ${database} with (force)`)
    } catch (error) {
      if (tries === 20 || !IN_USE.has((error as { code?: string }).code ?? '')) throw error
      await new Promise((later) => setTimeout(later, 250))
    }
  }
}

/** Called once for a run, by whoever starts its cluster. */
export async function makeTemplate(cluster: Cluster): Promise<void> {
  await asAdmin(cluster, `create database ${TEMPLATE}`)
  const db = openDatabase({ connection: { ...cluster, database: TEMPLATE }, poolSize: 2, log: () => undefined })
  await migrateDatabase(db, MIGRATIONS)
  // A database that somebody is connected to cannot be cloned.
  await db.$client.end()
}

function testCluster(): Cluster {
  const said = process.env['PAHT_TEST_CLUSTER']
  if (said === undefined) throw new Error('PAHT_TEST_CLUSTER is set by the global set-up of vitest.config.ts')
  return JSON.parse(said) as Cluster
}

async function asAdmin(cluster: Cluster, statement: string): Promise<void> {
  const client = new pg.Client({ ...cluster })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function urlOf({ host, port, user, database, password = '' }: Cluster): string {
  const query = new URLSearchParams({ host, port: String(port) })
  return `postgresql://${user}:${password}@localhost/${database}?${query.toString()}`
}
