import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ORGAN as DEMO_ORGAN, link } from '../../demo/config.ts'
import { openExchange } from '../../support/exchange/exchange.ts'
import { startExchange } from '../../support/exchange/process.ts'
import type { Line } from '../../support/exchange/store.ts'
import { openOffice } from '../../support/office/office.ts'
import { startOffice } from '../../support/office/process.ts'
import type { Held } from '../../support/office/store.ts'
import type { Got, Said } from './province.ts'

/** How offices are reached: through the document exchange, by webhook, or not at all. */
export type Way = 'exchange' | 'webhook' | 'none'

/** The software of every office, one stand-in for all. */
export interface Offices {
  /** A link of the config file; none where no office has software. */
  readonly links: readonly object[]
  /** Its clock; it shares none with the hub. */
  setTime(at: Date): Promise<void>
  got(delivery: DeliverySeen): Promise<Got | undefined>
  says(delivery: DeliverySeen, kind: Said, text: string): Promise<void>
  /** Has the hub heard all that was said? */
  isHeard(): Promise<boolean>
  close(): Promise<void>
}

export interface DeliverySeen {
  readonly id: string
  readonly documentId: string | null
}

export interface Opening {
  readonly folder: string
  /** As a process of its own, or in this one. */
  readonly apart: boolean
  readonly urlOfHub: string
}

export const NO_OFFICES: Offices = {
  links: [],
  setTime: async () => undefined,
  got: async () => undefined,
  says: async () => {
    throw new Error('no office has software here')
  },
  isHeard: async () => true,
  close: async () => undefined,
}

const LINK = 'office'
const secretOf = () => `whsec_${randomBytes(32).toString('base64')}`

export async function webhookOffices({ folder, apart, urlOfHub }: Opening): Promise<Offices> {
  const secrets = { secret: secretOf(), callbackSecret: secretOf() }
  const store = join(folder, 'office.jsonl')
  const { url, close } = apart
    ? await startOffice({ store, urlOfHub, link: LINK, ...secrets }).then((one) => ({
        url: one.url.replace('/deliveries', ''),
        close: () => one.kill(),
      }))
    : await openOffice({
        ...{ port: 0, store, secret: secrets.secret },
        hub: { url: urlOfHub, link: LINK, callbackSecret: secrets.callbackSecret },
      }).then((one) => ({ url: `http://127.0.0.1:${one.port}`, close: () => one.close() }))
  const settings = {
    url: `${url}/deliveries`,
    lookupUrl: `${url}/deliveries/{key}`,
    allow: ['127.0.0.0/8'],
    ...secrets,
  }
  const { get, post } = ask(url)
  const held = async ({ id }: DeliverySeen) => (await get<Held[]>('/ledger')).find(({ key }) => key === id)
  return {
    links: [{ id: LINK, kind: 'webhook', name: 'Office', serves: ['*'], settings, limits: { perSecond: 1000 } }],
    setTime: async (now) => post('/control', { now: now.toISOString() }),
    got: async (delivery) => {
      const it = await held(delivery)
      return (
        it && {
          kind: it.kind,
          text: it.text,
          reporter: it.reporter && [it.reporter.name, it.reporter.phone].join(' '),
          dueAt: it.dueAt,
          urgent: it.urgent,
        }
      )
    },
    says: async ({ id }, kind, text) => post('/say', { key: id, kind, text }),
    isHeard: async () => (await get<{ untold: number }>('/updates/count')).untold === 0,
    close,
  }
}

/** Some offices one way, some another. */
export function both(one: Offices, other: Offices): Offices {
  return {
    links: [...one.links, ...other.links],
    setTime: async (at) => {
      await one.setTime(at)
      await other.setTime(at)
    },
    got: async (delivery) => (await one.got(delivery)) ?? (await other.got(delivery)),
    says: async (delivery, kind, text) =>
      ((await one.got(delivery)) === undefined ? other : one).says(delivery, kind, text),
    isHeard: async () => (await one.isHeard()) && (await other.isHeard()),
    close: async () => {
      await one.close()
      await other.close()
    },
  }
}

/** Up to which step an office goes to say it. */
const STEP: Readonly<Record<Exclude<Said, 'refused'>, string>> = {
  arrived: '01',
  taken: '03',
  'in-progress': '05',
  answer: 'answer',
}

export async function exchangeOffices({ folder, apart }: Opening, serves: readonly string[] = ['*']): Promise<Offices> {
  const secret = secretOf()
  const store = join(folder, 'exchange.jsonl')
  const as = { store, organ: DEMO_ORGAN, systemId: DEMO_ORGAN, secret, behaviour: { byHand: true, stepMs: 0 } }
  const { url, close } = apart
    ? await startExchange(as).then((one) => ({ url: one.url, close: () => one.kill() }))
    : await openExchange({ ...as, port: 0, offices: '*' }).then((one) => ({
        url: `http://127.0.0.1:${one.port}`,
        close: () => one.close(),
      }))
  const { get, post } = ask(url)
  const sent = async ({ documentId }: DeliverySeen) =>
    (await get<Line[]>('/ledger')).find((line) => line.line === 'sent' && line.documentId === documentId) as
      | Extract<Line, { line: 'sent' }>
      | undefined
  const told = new Map<string, string>()
  return {
    links: [link({ exchange: { url }, secret, serves })],
    setTime: async (now) => post('/control', { now: now.toISOString() }),
    got: async (delivery) => {
      const it = await sent(delivery)
      if (it === undefined) return undefined
      const xml = await (await fetch(`${url}/ledger/documents/${it.docId}`)).text()
      return {
        kind: it.responseFor.length > 0 ? 'addition' : 'case',
        text: `${it.subject}\n${it.content}`,
        reporter: undefined,
        dueAt: /<edXML:DueDate>([^<]*)/.exec(xml)?.[1],
        urgent: undefined,
      }
    },
    says: async (delivery, kind, text) => {
      const it = await sent(delivery)
      if (it === undefined || kind === 'refused')
        throw new Error(`no office can say ${kind} about ${delivery.documentId}`)
      if (kind === 'answer') await post('/control', { answerText: text })
      told.set(it.docId, STEP[kind])
      await post('/step', { docId: it.docId, upTo: STEP[kind] })
    },
    isHeard: async () => {
      const lines = await get<Line[]>('/ledger')
      const done = new Set(
        lines.flatMap((line) => (line.line === 'transport' && line.status === 'done' ? [line.docId] : [])),
      )
      const steps = lines.filter((line) => line.line === 'step')
      const said = [...told].every(([docId, upTo]) => steps.some(({ of, name }) => of === docId && name === upTo))
      return said && steps.every(({ messages }) => messages.every(({ docId }) => done.has(docId)))
    },
    close,
  }
}

function ask(url: string) {
  return {
    get: async <T>(path: string) => (await (await fetch(url + path)).json()) as T,
    post: async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    },
  }
}
