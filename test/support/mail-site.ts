import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { stringify } from 'yaml'
import { findRunning } from '../../src/platform/database/embedded/running.ts'
import { type ExchangeProcess, startExchange } from './exchange/process.ts'
import { freePort } from './free-port.ts'
import { type Machine, machine } from './machine.ts'
import { type Proxy as Line, startProxy } from './mail/proxy.ts'
import { type MailWorld, openMailWorld } from './mail/world.ts'
import { Opened } from './opened.ts'
import { ask } from './postgres.ts'
import { type CommandDone, paht } from './product.ts'
import { until } from './until.ts'

/** A deployment that lives by mail: a mailbox behind a line that can fail, the exchange with its offices, each a process of its own. */
export interface MailSite {
  readonly machines: readonly Machine[]
  readonly world: MailWorld
  /** The line between the product and the mailbox. */
  readonly line: Line
  readonly exchange: ExchangeProcess
  readonly dataDir: string
  /** Looks into the database beside the product; waits while it is away. */
  look<Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]): Promise<Row[]>
  paht(...args: readonly string[]): Promise<CommandDone>
  close(): Promise<void>
}

export interface MailSiteOptions {
  /** Roles of each machine. */
  readonly machines: readonly string[]
  /** DATABASE_URL and REDIS_URL; neither for the embedded way. */
  readonly env: Readonly<Record<string, string>>
  readonly dist: string
  readonly exchange?: Parameters<typeof startExchange>[0]['behaviour']
  readonly source?: object
}

const ORGAN = 'H18.99.01'
const SECRET = 'invented-secret'

export function openMailSite(options: MailSiteOptions): Promise<MailSite> {
  return Opened.whole((opened) => open(options, opened))
}

async function open(options: MailSiteOptions, opened: Opened): Promise<MailSite> {
  const folder = await mkdtemp(join(tmpdir(), 'paht-mail-site-'))
  opened.add(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const dataDir = join(folder, 'data')
  await mkdir(dataDir)
  const world = await openMailWorld()
  opened.add(() => world.close())
  const line = await startProxy(world.imap)
  opened.add(() => line.close())
  const exchange = await startExchange({
    ...{ store: join(folder, 'exchange.jsonl'), organ: ORGAN, systemId: ORGAN, secret: SECRET },
    behaviour: { stepMs: 40, ...options.exchange },
  })
  opened.add(() => exchange.kill())
  const port = await freePort()
  const env = {
    LOG_LEVEL: 'warn',
    // Embedded, it makes its own.
    ...(options.env['DATABASE_URL'] !== undefined && { PAHT_SECRET_KEY: randomBytes(32).toString('base64') }),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...options.env,
  }
  const machines: Machine[] = []
  for (const [i, roles] of options.machines.entries())
    machines.push(
      machine({
        ...{ name: `machine-${i + 1}`, dataDir, dist: options.dist, logFile: join(folder, `machine-${i + 1}.log`) },
        port: i === 0 ? port : await freePort(),
        env: { ...env, PAHT_ROLES: roles },
      }),
    )
  opened.add(() => Promise.all(machines.map((m) => m.kill())))
  const commands = { ...env, PAHT_DATA_DIR: dataDir }
  await machines[0]!.up()
  const file = join(folder, 'config.yaml')
  await writeFile(file, stringify(configOf({ world, line, exchange, source: options.source ?? {} })))
  const applied = await paht(['config', 'apply', file], commands, options.dist)
  if (applied.code !== 0) throw new Error(`config apply: ${applied.stderr}`)
  await Promise.all(machines.slice(1).map((m) => m.up()))
  const database = async () => options.env['DATABASE_URL'] ?? (await findRunning(dataDir))
  return {
    machines,
    world,
    line,
    exchange,
    dataDir,
    look: <Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]) =>
      until<Row[]>('the database lets an observer look', async () => {
        const where = await database()
        // Away or starting: that is what these tests do to it.
        return where === undefined ? undefined : ask<Row>(where, statement, values).catch(() => undefined)
      }),
    paht: (...args) => paht(args, commands, options.dist),
    close: () => opened.close(),
  }
}

interface Configuring extends Pick<MailSite, 'world' | 'line' | 'exchange'> {
  readonly source: object
}

/** IDLE alone: what is found by looking from time to time proves nothing about being told. */
function configOf({ world, line, exchange, source }: Configuring): object {
  return {
    profile: 'dien-bien',
    sources: [
      {
        id: 'mail',
        kind: 'email',
        profile: 'dien-bien',
        name: 'Hộp thư phản ánh',
        settings: {
          address: world.address,
          fromName: 'Phản ánh hiện trường Điện Biên',
          imap: { host: '127.0.0.1', port: line.port, security: 'none', user: world.imap.user },
          imapPassword: world.imap.password,
          smtp: { host: world.smtp.host, port: world.smtp.port, security: 'none' },
          ...{ pollSeconds: 0, watchdogSeconds: 6, dailyCap: 1000 },
          ...source,
        },
      },
    ],
    links: [
      {
        id: 'truc',
        kind: 'tdoffice',
        name: 'Trục liên thông',
        serves: ['*'],
        limits: { perSecond: 100, concurrency: 4 },
        settings: {
          transport: 'lgsp-rest',
          baseUrl: exchange.url,
          systemId: ORGAN,
          secretKey: SECRET,
          pollSeconds: 1,
          allow: ['127.0.0.0/8'],
          organ: {
            organId: ORGAN,
            organizationInCharge: 'UBND tỉnh Điện Biên',
            organName: 'Trung tâm Điều hành thông minh tỉnh Điện Biên',
            organAdd: 'Phường Mường Thanh, tỉnh Điện Biên',
            email: 'ioc@dienbien.example',
            telephone: '02153000000',
            website: 'https://phananh.dienbien.example',
            place: 'Điện Biên',
            notation: 'PC-IOC',
            signer: { competence: 'TL. CHỦ TỊCH', position: 'Giám đốc', fullName: 'Nguyễn Văn Mẫu' },
          },
        },
      },
    ],
  }
}
