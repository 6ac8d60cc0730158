import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** Where a bench runs: on the embedded PostgreSQL, or on the one that DATABASE_URL names (in a database of its own, dropped afterwards). */
export interface Place {
  readonly name: 'embedded' | 'production'
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
  remove(): Promise<void>
}

const KEY = Buffer.alloc(32, 7).toString('base64')

export async function places(): Promise<Place[]> {
  const url = process.env['DATABASE_URL']
  return url === undefined ? [await embedded()] : [await embedded(), await production(url)]
}

export async function embedded(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paht-bench-'))
  return {
    name: 'embedded',
    dataDir,
    env: { PAHT_SECRET_KEY: KEY },
    remove: () => rm(dataDir, { recursive: true, force: true }),
  }
}

async function production(url: string): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paht-bench-'))
  const database = `paht_bench_${process.pid}`
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await admin(`create database ${database}`)
  const own = new URL(url)
  own.pathname = `/${database}`
  const redis = process.env['REDIS_URL']
  return {
    name: 'production',
    dataDir,
    env: { PAHT_SECRET_KEY: KEY, DATABASE_URL: own.href, ...(redis !== undefined && { REDIS_URL: redis }) },
    remove: async () => {
      await admin(`drop database ${database} with (force)`)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
