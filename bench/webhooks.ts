import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { findRunning } from '../src/platform/database/embedded/running.ts'
import { paht, startProduct } from '../test/support/product.ts'
import { hooksLimit } from './hooks-limit.ts'
import { embedded } from './places.ts'
import { median, type Result } from './result.ts'

/** Updates in a body, and how many bodies are in flight. */
const SIZES = [
  { updates: 1, inFlight: 64 },
  { updates: 50, inFlight: 16 },
  { updates: 1000, inFlight: 4 },
] as const
const SMS_PER_SECOND = 200
/** Meta gives up after 20 s, Twilio after 15 (the vendors' documentation; see docs/channels.md). */
const LATE_MS = 15_000

interface Load {
  readonly bodies: {
    readonly perSecond: number
    readonly refused: number
    readonly p50: number
    readonly worst: number
  }
  readonly sms?: { readonly perSecond: number; readonly refused: number; readonly p50: number; readonly worst: number }
}

/** Updates stored per second out of signed bodies, beside the same rows written with nothing before it, in turn within one run. */
export async function webhooks(full: boolean): Promise<Result> {
  const rounds = full ? 9 : 3
  const seconds = full ? 10 : 2
  const place = await embedded()
  const env = { ...place.env, PAHT_ROLES: 'web', LOG_LEVEL: 'warn' }
  const product = await startProduct({ dataDir: place.dataDir, env, logFile: join(place.dataDir, 'bench.log') })
  const ratios: Record<string, number> = {}
  const figures: Record<string, number> = {}
  try {
    await setUp(place.dataDir, place.env, product.url)
    const connection = (await findRunning(place.dataDir))!
    for (const { updates, inFlight } of SIZES) {
      await load(product.url, { seconds, seed: `warm${updates}`, updates, inFlight })
      const pairs: [number, number][] = []
      for (let round = 0; round < rounds; round++) {
        const most = await hooksLimit(connection, { updates, inFlight, seconds })
        const { bodies } = await load(product.url, { seconds, seed: `r${round}`, updates, inFlight })
        if (bodies.refused > 0) throw new Error(`${bodies.refused} bodies were not taken`)
        pairs.push([bodies.perSecond * updates, most])
      }
      ratios[`${updates} in a body`] = median(pairs.map(([done, most]) => done / most))
      figures[`${updates} in a body: updates/s`] = median(pairs.map(([done]) => done))
      figures[`${updates} in a body: limit, rows of an update/s`] = median(pairs.map(([, most]) => most))
    }
    const beside = await load(product.url, {
      ...{ seconds: seconds * 2, seed: 'beside', updates: 1000, inFlight: 1, sms: SMS_PER_SECOND },
    })
    figures['1000 in a body beside SMS: worst ms'] = beside.bodies.worst
    figures['SMS beside them/s'] = beside.sms!.perSecond
    figures['SMS beside them: worst ms'] = beside.sms!.worst
    figures['refused or late beside each other'] =
      beside.bodies.refused +
      beside.sms!.refused +
      [beside.bodies.worst, beside.sms!.worst].filter((worst) => worst > LATE_MS).length
  } finally {
    await product.stop()
    await place.remove()
  }
  const aims = Object.fromEntries(Object.keys(ratios).map((name) => [name, 0.6]))
  const about = `Webhooks: signed Facebook bodies, ${rounds} rounds of ${seconds} s in turn with the limit; web process, client and database on this machine.`
  return { about, ratios, aims, figures }
}

async function setUp(dataDir: string, env: Readonly<Record<string, string>>, url: string): Promise<void> {
  const source = (id: string, kind: string, settings: object) => ({
    id,
    kind,
    profile: 'dien-bien',
    name: id,
    settings,
  })
  const file = join(dataDir, 'sources.yaml')
  const page = {
    ...{ pageId: '1000000000000001', pageToken: 'none', appSecret: 'bench-app-secret', verifyToken: 'bench-word' },
    // Nobody answers there: the bench only takes in.
    ...{ graphUrl: 'http://127.0.0.1:9', allow: ['127.0.0.0/8'] },
  }
  const sms = {
    ...{ provider: 'twilio', accountSid: `AC${'0'.repeat(32)}`, authToken: 'bench-auth-token-0123456789' },
    ...{ number: '+84900000001', apiUrl: 'http://127.0.0.1:9', allow: ['127.0.0.0/8'] },
  }
  await writeFile(file, stringify({ sources: [source('page', 'facebook', page), source('sms', 'sms', sms)] }))
  const { code, stderr } = await paht(['config', 'apply', file], { ...env, PAHT_DATA_DIR: dataDir, PUBLIC_URL: url })
  if (code !== 0) throw new Error(stderr)
}

interface Asked {
  readonly seconds: number
  readonly seed: string
  readonly updates: number
  readonly inFlight: number
  readonly sms?: number
}

async function load(url: string, { seconds, seed, updates, inFlight, sms = 0 }: Asked): Promise<Load> {
  const client = join(import.meta.dirname, 'hooks-load.ts')
  const numbers = [seconds, seed, updates, inFlight, sms].map(String)
  const child = spawn(process.execPath, ['--import', 'tsx', client, url, ...numbers], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8')
  })
  await once(child, 'close')
  return JSON.parse(out.trim().split('\n').at(-1)!) as Load
}
