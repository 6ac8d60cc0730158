import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { stringify } from 'yaml'
import { findRunning } from '../../src/platform/database/embedded/running.ts'
import { startBalancer } from './balancer.ts'
import { citizens } from './citizens.ts'
import { freePort } from './free-port.ts'
import { type Crowd, crowd } from './load.ts'
import { type Machine, machine } from './machine.ts'
import type { Behaviour } from './office/behaviour.ts'
import { type OfficeProcess, startOffice } from './office/process.ts'
import { Opened } from './opened.ts'
import { ask } from './postgres.ts'
import { type CommandDone, paht } from './product.ts'
import { until } from './until.ts'

/** A whole deployment with its citizens and its office, each a process of its own, and ways to look at it from outside. */
export interface Site {
  readonly webs: readonly Machine[]
  readonly workers: readonly Machine[]
  readonly listeners: readonly Machine[]
  /** Each once, whatever its roles. */
  readonly machines: readonly Machine[]
  readonly crowd: Crowd
  readonly office: OfficeProcess
  /** From now on nobody's second report is about the same matter, so the office may answer at any time. */
  noMorePairs(): void
  /** Looks into the database beside the product; waits while it is away. */
  look<Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]): Promise<Row[]>
  /** The staff API. */
  staff<T>(path: string): Promise<T>
  paht(...args: readonly string[]): Promise<CommandDone>
  close(): Promise<void>
}

export interface SiteOptions {
  /** Roles of each machine, such as `web` or `web,worker,listener`. */
  readonly machines: readonly string[]
  /** DATABASE_URL and REDIS_URL; neither for the embedded way. */
  readonly env: Readonly<Record<string, string>>
  readonly dist: string
  /** Where the product keeps its files, if not in a folder that goes with the site. */
  readonly dataDir?: string
  readonly office: Partial<Behaviour>
  readonly seed: number
  readonly atOnce: number
}

const LINK = 'office'
const secret = () => `whsec_${randomBytes(32).toString('base64')}`

export function openSite(options: SiteOptions): Promise<Site> {
  return Opened.whole((opened) => open(options, opened))
}

async function open(options: SiteOptions, opened: Opened): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-site-'))
  opened.add(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const dataDir = options.dataDir ?? join(folder, 'data')
  await mkdir(dataDir)
  const machines: Machine[] = []
  const having = (role: string) => machines.filter((_, i) => options.machines[i]!.split(',').includes(role))
  const balancer = await startBalancer(() => having('web').map((m) => m.url))
  opened.add(() => balancer.close())
  const env = {
    LOG_LEVEL: 'warn',
    PAHT_SECRET_KEY: randomBytes(32).toString('base64'),
    ...options.env,
  }
  for (const [i, roles] of options.machines.entries()) {
    const name = `${roles.split(',').length > 1 ? 'machine' : roles}-${i + 1}`
    const own = { ...env, PAHT_ROLES: roles, PUBLIC_URL: balancer.url }
    const logFile = join(folder, `${name}.log`)
    machines.push(machine({ name, dataDir, port: await freePort(), logFile, env: own, dist: options.dist }))
  }
  opened.add(() => Promise.all(machines.map((m) => m.kill())))
  const commands = { ...env, PAHT_DATA_DIR: dataDir }
  const token = await machines[0]!.up()

  const secrets = { secret: secret(), callbackSecret: secret() }
  const office = await startOffice({
    store: join(folder, 'office.jsonl'),
    urlOfHub: balancer.url,
    link: LINK,
    behaviour: options.office,
    ...secrets,
  })
  opened.add(() => office.kill())
  const file = join(folder, 'config.yaml')
  await writeFile(file, configOf(office, secrets))
  const applied = await paht(['config', 'apply', file], commands, options.dist)
  if (applied.code !== 0) throw new Error(`config apply: ${applied.stderr}`)
  await Promise.all(machines.slice(1).map((m) => m.up()))

  let pairs = true
  const database = async () => options.env['DATABASE_URL'] ?? (await findRunning(dataDir))
  return {
    webs: having('web'),
    workers: having('worker'),
    listeners: having('listener'),
    machines,
    office,
    crowd: crowd({
      portals: having('web').map((m) => m.url),
      people: citizens(options.seed),
      pairs: () => pairs,
      atOnce: options.atOnce,
    }),
    noMorePairs: () => {
      pairs = false
    },
    look: <Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]) =>
      until<Row[]>('the database lets an observer look', async () => {
        const where = await database()
        // Away or starting: that is what these tests do to it.
        return where === undefined ? undefined : ask<Row>(where, statement, values).catch(ifAway)
      }),
    staff: async <T>(path: string) => {
      const answer = await fetch(`${having('web')[0]!.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as T
    },
    paht: (...args) => paht(args, commands, options.dist),
    close: () => opened.close(),
  }
}

/** The limits are those of an office that this test must not wait for. */
function configOf(
  office: OfficeProcess,
  secrets: { readonly secret: string; readonly callbackSecret: string },
): string {
  const settings = { url: office.url, lookupUrl: office.lookupUrl, allow: ['127.0.0.0/8'], ...secrets }
  return stringify({
    profile: 'dien-bien',
    sources: [{ id: 'portal', kind: 'portal', profile: 'dien-bien', name: 'Portal' }],
    links: [
      {
        id: LINK,
        kind: 'webhook',
        name: 'Office',
        serves: ['*'],
        settings,
        limits: { perSecond: 1000, concurrency: 16 },
      },
    ],
  })
}

function ifAway(error: unknown): undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (/^(57P0[1-3]|08|ECONN|ENOENT|EPIPE)/.test(code) || /terminated|timeout/.test(message)) return undefined
  throw error
}
