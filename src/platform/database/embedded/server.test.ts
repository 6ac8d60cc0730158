import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { query, started } from './fixture/database.ts'
import { freshFolder } from './fixture/start-owner.ts'
import { until } from './processes.ts'

describe('the server’s log', () => {
  test('never holds what a statement carried, whichever way it fails', async () => {
    const dataDir = freshFolder()
    const { connection, stop } = await started(dataDir)
    const mark = '0900-MARK-000'
    const client = new pg.Client(connection)
    await client.connect()
    client.on('error', () => {})
    await client.query('create table person (phone text primary key, age int check (age > 0))')
    await client.query('insert into person values ($1, 1)', [mark])
    const fails = (sql: string, values: unknown[] = []) => expect(client.query(sql, values)).rejects.toThrow()
    await fails('insert into person values ($1, 1)', [mark])
    await fails('insert into person values ($1, -1)', [`${mark}x`])
    await fails('select $1::uuid', [mark])
    await fails(`select '${mark}'::int`)
    await fails(`selec '${mark}'`)
    await fails(`do $$ begin raise exception '${mark}'; end $$`)
    await client.query(`do $$ begin raise warning '${mark}'; end $$`)
    await client.query(`set log_min_duration_statement = 0`).catch(() => {})
    await client.query(`select '${mark}', pg_sleep(0)`)

    // A backend that dies makes the server write the statement it died of.
    const died = expect(client.query(`select '${mark}', pg_sleep(600)`)).rejects.toThrow()
    const running = "select pid from pg_stat_activity where query like '%600%' and pid <> pg_backend_pid()"
    const pids: number[] = []
    const runs = async () => pids.push(...(await query<{ pid: number }>(connection, running)).map((row) => row.pid)) > 0
    expect(await until(runs, 30_000)).toBe(true)
    process.kill(pids[0] ?? 0, 'SIGKILL')
    await died
    const log = () => readFileSync(join(dataDir, 'postgres.log'), 'utf8')
    expect(await until(() => log().split('ready to accept connections').length === 3, 30_000)).toBe(true)
    await stop()
    expect(log()).toContain('was terminated by signal 9')
    expect(log()).not.toContain('MARK')
  })
})
