import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { parse, stringify } from 'yaml'
import { freePort } from '../support/free-port.ts'
import { openGraph } from '../support/graph/graph.ts'
import { type GraphClient, graphAt } from '../support/graph/process.ts'
import type { MailWorld } from '../support/mail/world.ts'
import { paht, startProduct } from '../support/product.ts'
import { openTwilio } from '../support/twilio/twilio.ts'

/** The built product as one province runs it, an archive that is empty, and those whom it hears from: Meta, Twilio, a mailbox. */
export interface Deployment {
  readonly profile: string
  readonly url: string
  readonly token: string
  readonly graph: GraphClient
  readonly twilioUrl: string
  readonly callSecret: string
  hookOf(source: 'facebook' | 'sms' | 'hotline'): string
  /** Puts a mail into the province's mailbox, dated as it arrived. */
  mail(raw: Buffer, at: Date): Promise<void>
  /** The hour on the product's clock. */
  move(to: Date): Promise<void>
  close(): Promise<void>
}

const HERE = import.meta.dirname
const ALLOW = ['127.0.0.0/8']
/** The product looks at its clock's file every 100 ms. */
const CLOCK_MS = 110
const newSecret = (): string => randomBytes(24).toString('base64url')

export async function deploy(
  profile: string,
  { folder, world, start }: { readonly folder: string; readonly world: MailWorld; readonly start: Date },
): Promise<Deployment> {
  const own = join(folder, profile)
  const dataDir = join(own, 'data')
  await mkdir(dataDir, { recursive: true })
  const clock = clockIn(join(own, 'ahead'))
  await clock(start)
  const env = { LOG_LEVEL: 'warn', PAHT_TRIAL_CLOCK: join(own, 'ahead') }
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const hookOf: Deployment['hookOf'] = (source) => `${url}/hooks/sources/${source}`
  const page = { pageId: String(parseInt(createHash('sha1').update(profile).digest('hex').slice(0, 10), 16)) }
  const secrets = { pageToken: newSecret(), appSecret: newSecret() }
  const graph = await openGraph({
    port: 0,
    ...page,
    pageToken: secrets.pageToken,
    hook: { url: hookOf('facebook'), appSecret: secrets.appSecret },
  })
  const account = {
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: newSecret(),
    number: '+842153000000',
  }
  const twilio = await openTwilio({ port: 0, ...account, service: `MG${randomBytes(16).toString('hex')}` })
  const product = await startProduct({ dataDir, port, env, logFile: join(own, 'product.log') })
  const imap = await openBox(world, profile)
  const callSecret = newSecret()
  const at = (on: number) => `http://127.0.0.1:${on}`
  await apply(join(own, 'config.yaml'), { PAHT_DATA_DIR: dataDir, PAHT_TRIAL_CLOCK: env.PAHT_TRIAL_CLOCK }, [
    await openFormsOf(profile),
    [
      { id: 'portal', kind: 'portal', settings: { phoneHourly: 1000, addressMinutely: 1000 } },
      {
        ...{ id: 'facebook', kind: 'facebook' },
        settings: { ...page, ...secrets, verifyToken: newSecret(), graphUrl: at(graph.port), allow: ALLOW },
      },
      {
        ...{ id: 'sms', kind: 'sms' },
        settings: { provider: 'twilio', ...account, apiUrl: at(twilio.port), allow: ALLOW },
      },
      { id: 'hotline', kind: 'hotline', settings: { secret: callSecret } },
      { id: 'mail', kind: 'email', settings: mailbox(world, profile) },
    ].map((source) => ({ ...source, profile, name: source.id })),
  ])
  return {
    ...{ profile, url, hookOf, callSecret, graph: graphAt(at(graph.port)), twilioUrl: at(twilio.port) },
    token: product.token!,
    mail: async (raw, received) => void (await imap.append(profile, raw, [], received)),
    move: async (to) => {
      await clock(to)
      do await later(CLOCK_MS)
      while (!(await isSeen(url, to)))
    },
    close: async () => {
      await product.kill()
      await Promise.allSettled([imap.logout(), graph.close(), twilio.close()])
    },
  }
}

/** Whether the product goes by that hour already. */
async function isSeen(url: string, to: Date): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const seconds = Number(/^paht_business_time_seconds ([\d.e+]+)$/m.exec(metrics)?.[1])
  return Math.abs(seconds * 1000 - to.getTime()) < 30_000
}

/** Whole or not at all, for who reads it meanwhile. */
function clockIn(file: string): (to: Date) => Promise<void> {
  return async (to) => {
    await writeFile(`${file}.next`, String(to.getTime() - Date.now()))
    await rename(`${file}.next`, file)
  }
}

async function openBox({ imap: { host, port, user, password } }: MailWorld, folder: string): Promise<ImapFlow> {
  const imap = new ImapFlow({ host, port, secure: false, auth: { user, pass: password }, logger: false })
  await imap.connect()
  await imap.mailboxCreate(folder)
  return imap
}

function mailbox({ address, imap, smtp }: MailWorld, folder: string): object {
  return {
    ...{ address, fromName: 'Phản ánh hiện trường', folders: [folder], since: '2020-01-01T00:00:00Z', pollSeconds: 1 },
    imap: { host: imap.host, port: imap.port, security: 'none', user: imap.user },
    imapPassword: imap.password,
    smtp: { host: smtp.host, port: smtp.port, security: 'none' },
  }
}

interface Shipped {
  readonly versions: readonly { readonly report: object }[]
}

/**
 * The province's rules as they ship, but its form takes what people leave out: the corpus' forms are those of portals that ask for less, and to
 * see what is missing is a part of what is measured.
 */
async function openFormsOf(profile: string): Promise<object> {
  const shipped = parse(await readFile(join(HERE, '../../profiles', `${profile}.yaml`), 'utf8'), {
    merge: true,
  }) as Shipped
  const versions = shipped.versions.map((version) => ({
    ...version,
    report: { ...version.report, required: ['content'], optional: [], elsewhere: [] },
  }))
  return { ...shipped, versions }
}

async function apply(file: string, env: Record<string, string>, [profile, sources]: [object, object[]]): Promise<void> {
  await writeFile(
    file,
    stringify({ profile, sources, accounts: { revealsPerHour: 1000 } }, { aliasDuplicateObjects: false }),
  )
  const { code, stderr } = await paht(['config', 'apply', file], env)
  if (code !== 0) throw new Error(`paht config apply ended with ${code}: ${stderr.trim()}`)
}
