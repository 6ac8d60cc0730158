import { request } from 'node:http'
import { type LookupFunction, Socket } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import { v4 as uuid } from 'uuid'
import type { AnyChannel, Item } from '../../src/channels/channel.ts'
import { type ChannelKind, channels } from '../../src/channels/list.ts'
import { isFault } from '../../src/core/fault.ts'
import { claimLease } from '../../src/core/intake/lease.ts'
import { sourceStore } from '../../src/core/intake/source-store.ts'
import { makeTakeIn } from '../../src/core/intake/take-in.ts'
import { applyConfig } from '../../src/core/settings/apply.ts'
import { ConfigFile } from '../../src/core/settings/config-file.ts'
import { envelopes, items, reports, submissionKeys, submissions } from '../../src/core/tables/index.ts'
import { type Db, openDatabase } from '../../src/platform/database/database.ts'
import { makeLog } from '../../src/platform/log/log.ts'
import { makeOutgoing } from '../../src/platform/outgoing/outgoing.ts'
import { tokenOf } from '../support/apps.ts'
import { openSession, signedInAs } from '../support/people.ts'
import { testPorts } from '../support/ports.ts'
import { serve, type TestServer } from '../support/server.ts'
import type { Body, FormWay, ListenerWay, Provider, Said, WebhookWay } from './contract.ts'
import { contracts } from './contracts.ts'

/** Where the province's hub is reached: behind a proxy, with a port and under a path. */
export const PUBLIC_URL = 'https://phananh.dienbien.example:8443/hub'

/** A way in with its sources; `id` is the one that everything comes by. */
export interface Tried<W = WebhookWay | ListenerWay | FormWay> {
  readonly kind: ChannelKind
  readonly channel: AnyChannel
  readonly way: W
  readonly id: string
}

const ways: readonly Tried[] = channels.flatMap((channel) => {
  const kind = channel.kind as ChannelKind
  return contracts[kind].ways.map((way, at) => ({ kind, channel, way, id: at === 0 ? kind : `${kind}-${at + 1}` }))
})
const isOf =
  <W extends Tried['way']['way']>(name: W) =>
  (to: Tried): to is Tried<Extract<Tried['way'], { way: W }>> =>
    to.way.way === name

export const tried = ways.map((one) => [one.way.name, one] as const)
export const webhooks = ways.filter(isOf('webhook')).map((one) => [one.way.name, one] as const)

/** The sources that each webhook has beside its own: another with other secrets, and one that only reports signatures. */
export const OTHER = '-other'
export const LENIENT = '-lenient'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Counted {
  readonly submissions: number
  readonly items: number
  readonly envelopes: number
}

export interface ContractSite extends TestServer {
  readonly providers: ReadonlyMap<string, Provider>
  /** Every line of the log, and every trace of a call to a provider. */
  readonly logged: string[]
  readonly traced: string[]
  /** Every call to a provider: method and address. Hosts are not found here, whatever they are called. */
  readonly asked: string[]
  /** Every address that a socket of this process was opened to. */
  readonly reached: ReadonlySet<string>
  /** How often each source answered with each status. */
  answered(source: string, status: number): number
  /** Takes the database away, or brings it back. */
  away(is: boolean): void
  /** A message of nobody's yet, by nobody yet. */
  says(text: string): Said
  /** By its own way in, as its provider brings it. */
  bring(to: Tried, said: Said): Promise<Answer>
  /** Bytes that are none of its provider's, by the same way. */
  bringBytes(to: Tried, bytes: Buffer): Promise<Answer>
  call(to: Tried<WebhookWay>, body: Body, more?: Calling): Promise<Answer>
  counted(source: string): Promise<Counted>
  /** The report that this body is about. */
  reportOf(to: Tried<WebhookWay>, body: Body): Promise<typeof reports.$inferSelect | undefined>
}

export interface Calling {
  /** Of the source; without, of the way's own. */
  readonly source?: string
  /** Whose secrets sign. */
  readonly mark?: string
  readonly query?: string
  /** Beside or instead of the signed ones. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** One server on one database with a source for every way in of every channel. */
export async function contractSite(): Promise<ContractSite> {
  const sockets = watchSockets()
  const providers = new Map<string, Provider>()
  for (const [, { id, way }] of webhooks) if (way.provider !== 'never') providers.set(id, await way.provider())
  const [logged, traced, asked]: string[][] = [[], [], []]
  const nobody: LookupFunction = (host, _options, done) =>
    done(Object.assign(new Error(`${host} is not to be called`), { code: 'ENOTFOUND' }), [])
  const made = await testPorts({
    publicUrl: PUBLIC_URL,
    log: makeLog('trace', { write: (line) => void logged!.push(line) }),
    outgoing: (use) =>
      makeOutgoing({
        ...{ maxAnswerBytes: 64 * 1024, ...use, lookup: nobody },
        trace: (exchange) => {
          asked!.push(exchange.request.line)
          traced!.push(JSON.stringify(exchange))
          use.trace(exchange)
        },
      }),
  })
  const { db, away, close } = leavable(made.ports.db)
  const ports = { ...made.ports, db }
  await applySources(ports, providers)
  const t = await serve({ ...made, ports }, sourceStore(ports))
  const officer = await signedInAs(ports, ['operator'])

  const answers: string[] = []
  const call: ContractSite['call'] = async (
    to,
    body,
    { source = to.id, mark = 'own', query = '', headers = {} } = {},
  ) => {
    const url = `${PUBLIC_URL}/hooks/sources/${source}${query}`
    const signed = to.way.sign(body, { url, mark })
    const all = { 'content-type': body.type, ...signed, ...headers }
    const answer = await post(`${t.url}/hooks/sources/${source}${query}`, body.bytes, all)
    answers.push(`${source} ${answer.status}`)
    return answer
  }
  const form = async (to: Tried<FormWay>, bytes: Buffer, key: string) =>
    post(t.url + to.way.path, bytes, {
      ...(await signedAs(to)),
      ...{ 'content-type': FORM_TYPES[to.way.sentAs ?? 'json'], 'idempotency-key': key },
    })
  let app: { readonly at: number; readonly token: string } | undefined
  const signedAs = async ({ way }: Tried<FormWay>): Promise<Readonly<Record<string, string>>> => {
    if (way.signed === 'not') return {}
    if (way.signed === 'as-officer') return { authorization: `Bearer ${await openSession(ports, officer.id)}` }
    const { clientId = '', clientSecret = '' } = way.settings('own') as Readonly<Record<string, string>>
    const now = ports.clock.now().getTime()
    // As an app does: it keeps its token for as long as that is good.
    if (app === undefined || Math.abs(now - app.at) > 30 * 60_000)
      app = { at: now, token: await tokenOf(t, { clientId, clientSecret }) }
    return { authorization: `Bearer ${app.token}` }
  }
  const take = new Map<string, ReturnType<typeof makeTakeIn>>()
  for (const { id, kind, channel, way } of ways.filter(isOf('listener'))) {
    const lease = { sourceId: id, token: uuid() }
    await claimLease(ports.db, lease)
    const source = { id, channel: kind, codePrefix: 'DB' }
    const settings = channel.settings.parse(way.settings('own'))
    take.set(id, makeTakeIn(ports, { source, settings, lease, quietAfterMs: 24 * 3600_000 }))
  }
  const hand = async ({ id }: Tried, { bytes, type, event }: Body & { readonly event: string }): Promise<Answer> => {
    const envelope = { event, contentType: type, body: bytes, files: [] }
    await take.get(id)!([{ envelope, receivedAt: ports.clock.now(), place: 'INBOX', cursor: event }])
    return { status: 200, headers: {} }
  }
  let messages = 0
  return {
    ...t,
    ...{ providers, logged: logged!, traced: traced!, asked: asked!, reached: sockets.reached, away, call },
    answered: (source, status) => answers.filter((one) => one === `${source} ${status}`).length,
    says: (text) => {
      messages++
      return { id: `m${1_000_000 + messages}`, person: messages, text }
    },
    bring: (to, said) => {
      if (isOf('webhook')(to)) return call(to, to.way.report(said))
      if (isOf('listener')(to)) return hand(to, to.way.report(said))
      return form(to as Tried<FormWay>, filledIn((to as Tried<FormWay>).way, said, to.id), said.id)
    },
    bringBytes: (to, bytes) => {
      const some = { id: 'm1', person: 1, text: '' }
      if (isOf('webhook')(to)) return call(to, { ...to.way.report(some), bytes })
      if (isOf('listener')(to)) return hand(to, { ...to.way.report(some), bytes, event: uuid() })
      return form(to as Tried<FormWay>, bytes, uuid())
    },
    counted: async (source) => ({
      submissions: await db.$count(submissions, eq(submissions.sourceId, source)),
      items: await db.$count(items, eq(items.sourceId, source)),
      envelopes: await db.$count(envelopes, eq(envelopes.sourceId, source)),
    }),
    reportOf: async (to, body) => {
      const read = await readBody(to, body)
      const hash = ports.secrets.index('submission', read[0]!.keys[0]!)
      const [found] = await db
        .select({ report: reports })
        .from(submissionKeys)
        .innerJoin(reports, eq(reports.submissionId, submissionKeys.submissionId))
        .where(sql`${submissionKeys.sourceId} = ${to.id} and ${submissionKeys.keyHash} = ${hash}`)
      return found?.report
    },
    close: async () => {
      await t.close()
      await close()
      sockets.restore()
      for (const provider of providers.values()) await provider.close()
    },
  }
}

const FORM_TYPES = { json: 'application/json', urlencoded: 'application/x-www-form-urlencoded' }

function filledIn({ sentAs, report }: FormWay, said: Said, source: string): Buffer {
  const filled = report(said, source)
  return Buffer.from(sentAs === undefined ? JSON.stringify(filled) : String(new URLSearchParams({ ...filled })))
}

export async function readBody(to: Tried<WebhookWay>, { bytes, type }: Body): Promise<readonly Item[]> {
  const envelope = { event: 'read', contentType: type, body: bytes, files: [] }
  const read = await to.channel.read(envelope, to.channel.settings.parse(to.way.settings('own')))
  if ('unreadable' in read) throw new Error(read.unreadable)
  return read
}

async function applySources(ports: Parameters<typeof applyConfig>[0], providers: ReadonlyMap<string, Provider>) {
  const sourceOf = ({ kind, way }: Tried, id: string, settings: object) => ({
    ...{ id, kind, profile: 'dien-bien', name: way.name, settings },
  })
  const sources = ways.flatMap((to) => {
    const { id, way } = to
    const own = sourceOf(to, id, providers.get(id)?.settings ?? way.settings('own'))
    if (way.way !== 'webhook') return [own]
    const lenient = sourceOf(to, id + LENIENT, { ...way.settings(LENIENT), signature: 'report-only' })
    return [own, sourceOf(to, id + OTHER, way.settings(OTHER)), lenient]
  })
  const applied = await applyConfig(ports, 'system', { config: ConfigFile.parse({ sources }) })
  if (isFault(applied)) throw new Error(applied.message)
}

function watchSockets(): { readonly reached: ReadonlySet<string>; restore(): void } {
  const reached = new Set<string>()
  const { connect } = Socket.prototype
  Socket.prototype.connect = function (this: Socket, ...to: unknown[]) {
    this.on('connectionAttempt', (address: string) => void reached.add(address))
    return Reflect.apply(connect, this, to)
  }
  return {
    reached,
    restore: () => {
      Socket.prototype.connect = connect
    },
  }
}

/** The database, and in its place one that nobody answers for. */
function leavable(real: Db): { readonly db: Db; away(is: boolean): void; close(): Promise<void> } {
  const gone = openDatabase({ connection: { host: '127.0.0.1', port: 1 }, poolSize: 2, log: () => undefined })
  let current = real
  return {
    db: new Proxy(real, { get: (_, name) => Reflect.get(current, name) as unknown }),
    away: (is) => {
      current = is ? gone : real
    },
    close: () => gone.$client.end(),
  }
}

/** With any header, `Host` too, and the path as it is written: a URL that is parsed is another one. */
function post(url: string, body: Buffer, given: Readonly<Record<string, string | undefined>>): Promise<Answer> {
  const { hostname, port, origin } = new URL(url)
  const all = { ...given, 'content-length': String(body.length) }
  const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const how = { hostname, port, path: url.slice(origin.length), method: 'POST', headers }
  return new Promise((resolve, reject) => {
    const asking = request(how, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
