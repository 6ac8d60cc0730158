import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type { Db } from './database.ts'

const LOCK = 7_046_311

/** Brings the schema up to date, under an advisory lock: of several processes that start together one migrates and the others wait. */
export async function migrateDatabase(db: Db, folder: string): Promise<void> {
  const client = await db.$client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await migrate(drizzle(client), { migrationsFolder: folder })
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => client.release(true))
    client.release()
  }
}
