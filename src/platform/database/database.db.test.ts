import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { until } from '../../../test/support/until.ts'
import { type Db, isOutage, openDatabase } from './database.ts'

const lost: Error[] = []
let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await testDatabase()
  db = openDatabase({ connection: database.connection, poolSize: 1, log: (error) => void lost.push(error) })
})
afterAll(async () => {
  await db.$client.end()
  await database.drop()
})

const own = async (on: Pick<Db, 'execute'>) =>
  (await on.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]!.pid
const end = (pid: number) => database.db.execute(sql`select pg_terminate_backend(${pid})`)
const isLost = (count: number) => until('the connection is lost', () => lost.length >= count || undefined)

it('a connection that breaks between two statements takes its transaction with it, and nothing else', async () => {
  const broken = await db
    .transaction(async (tx) => {
      await end(await own(tx))
      await isLost(1)
      await tx.execute(sql`select 1`)
    })
    .catch((error: unknown) => error)
  expect(isOutage(broken)).toBe(true)
  const pid = await own(db)
  await end(pid)
  await isLost(2)
  expect(await own(db)).not.toBe(pid)
  expect(lost).toHaveLength(2)
})

it('a transaction that nobody goes on with does not keep its locks for ever', async () => {
  const { rows } = await db.execute(sql`show idle_in_transaction_session_timeout`)
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: '30s' }])
})
