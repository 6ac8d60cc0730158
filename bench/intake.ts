import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { findRunning } from '../src/platform/database/embedded/running.ts'
import { paht, startProduct } from '../test/support/product.ts'
import { type Limit, limit } from './limit.ts'
import { type Place, places } from './places.ts'
import { median, type Result } from './result.ts'

const CONCURRENCY = 64
const WARM_SECONDS = 5

interface Load extends Limit {
  readonly p99: number
  readonly refused: number
}

/** Accepted reports per second over HTTP, beside the same rows written one report a transaction, in turn within one run. */
export async function intake(full: boolean): Promise<Result> {
  const rounds = full ? 9 : 3
  const seconds = full ? 10 : 3
  const ratios: Record<string, number> = {}
  const figures: Record<string, number> = {}
  for (const place of await places()) {
    const pairs = await measure(place, rounds, seconds)
    ratios[place.name] = median(pairs.map(([done, most]) => done.perSecond / most.perSecond))
    figures[`${place.name}: accepted reports/s`] = median(pairs.map(([done]) => done.perSecond))
    figures[`${place.name}: p50 ms`] = median(pairs.map(([done]) => done.p50))
    figures[`${place.name}: p99 ms`] = median(pairs.map(([done]) => done.p99))
    figures[`${place.name}: refused`] = pairs.reduce((sum, [done]) => sum + done.refused, 0)
    figures[`${place.name}: limit, rows of a report/s`] = median(pairs.map(([, most]) => most.perSecond))
    figures[`${place.name}: limit p50 ms`] = median(pairs.map(([, most]) => most.p50))
  }
  return {
    about: `Intake: ${CONCURRENCY} at a time, ${rounds} rounds of ${seconds} s in turn with the limit; web process, client and database on this machine. The client's requests, as the limit's rows, are made beforehand.`,
    ratios,
    aims: { embedded: 0.9, production: 0.9 },
    figures,
  }
}

async function measure(place: Place, rounds: number, seconds: number): Promise<[Load, Limit][]> {
  const env = { ...place.env, PAHT_ROLES: 'web', LOG_LEVEL: 'warn' }
  const product = await startProduct({ dataDir: place.dataDir, env, logFile: join(place.dataDir, 'bench.log') })
  if (place.name === 'production')
    await paht(['config', 'apply', join(import.meta.dirname, '../examples/dien-bien.yaml')], {
      ...place.env,
      PAHT_DATA_DIR: place.dataDir,
    })
  const url = place.env['DATABASE_URL']
  const connection = url === undefined ? (await findRunning(place.dataDir))! : { connectionString: url }
  const pairs: [Load, Limit][] = []
  try {
    // Plans, caches, and just-in-time compilation: in its first ten thousand reports the process takes a third more CPU for each.
    await load(product.url, WARM_SECONDS, 'warm')
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0
      const before = first ? await limit(connection, { concurrency: CONCURRENCY, seconds }) : undefined
      const accepted = await load(product.url, seconds, `r${round}`)
      pairs.push([accepted, before ?? (await limit(connection, { concurrency: CONCURRENCY, seconds }))])
    }
  } finally {
    await product.stop()
    await place.remove()
  }
  return pairs
}

async function load(url: string, seconds: number, seed: string): Promise<Load> {
  const args = [
    '--import',
    'tsx',
    join(import.meta.dirname, 'load.ts'),
    url,
    String(CONCURRENCY),
    String(seconds),
    seed,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8')
  })
  await once(child, 'close')
  return JSON.parse(out.trim().split('\n').at(-1)!) as Load
}
