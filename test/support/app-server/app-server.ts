import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { Behaviour, WELL } from './behaviour.ts'

/** A message as an app keeps it: once for each id, in the order in which it first came. */
export interface Kept {
  readonly id: string
  readonly type: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
  /** How often it came. */
  readonly times: number
}

const BEFORE_AN_AGENCY = ['received', 'waiting', 'asked', 'refused', 'dispatching', 'dispatched'] as const
const WITH_AN_AGENCY = ['accepted', 'in-progress', 'for-approval', 'result'] as const
const Status = z.enum([...BEFORE_AN_AGENCY, ...WITH_AN_AGENCY, 'answered', 'rated', 'closed'])
const Told = { code: z.string(), userId: z.string(), status: Status, statusText: z.string().min(1) }
const File = z.strictObject({ name: z.string(), type: z.string(), size: z.int(), url: z.url() })
/** As docs/app.md says it, and not a field more: what an app may not know must not come. */
const Message = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('report.notice'),
    timestamp: z.iso.datetime(),
    data: z.strictObject({ ...Told, event: z.string(), text: z.string().min(1), files: z.array(File) }),
  }),
  z.strictObject({ type: z.literal('report.status'), timestamp: z.iso.datetime(), data: z.strictObject(Told) }),
  z.strictObject({ type: z.literal('source.test'), timestamp: z.iso.datetime(), data: z.strictObject({}) }),
])

/** Links are made anew in each attempt: everything else must be the same. */
const asSaid = (data: object) => JSON.stringify(data, (key, value: unknown) => (key === 'url' ? '' : value))

const TOLERANCE_SECONDS = 300

/** The server of a province's app, as far as we can see one: it verifies Standard Webhooks by itself and keeps what holds. */
export async function openAppServer(as: { readonly port: number; readonly secret: string }): Promise<{
  readonly port: number
  close(): Promise<void>
}> {
  let behaviour = WELL
  let secret = as.secret
  const kept = new Map<string, Kept>()
  const refused: string[] = []

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray())
    const { down, gone, slowMs } = behaviour
    if (down === 'closed') return void request.socket.destroy()
    if (down !== null) return void response.writeHead(down).end()
    const wrong = complaint(request, body)
    const message = wrong === undefined ? Message.safeParse(JSON.parse(body.toString())) : undefined
    if (message === undefined || !message.success) {
      refused.push(wrong ?? String(message?.error.message))
      return void response.writeHead(wrong === undefined ? 422 : 401).end()
    }
    const { type, timestamp, data } = message.data
    if ('userId' in data && gone.includes(data.userId)) return void response.writeHead(410).end()
    const id = String(request.headers['webhook-id'])
    const before = kept.get(id)
    const same = before === undefined || asSaid(before.data) === asSaid(data)
    if (!same) refused.push(`${id} came again and says something else`)
    kept.set(id, { id, type, timestamp, data, times: (before?.times ?? 0) + 1 })
    if (behaviour.loseReplies > 0) {
      behaviour = { ...behaviour, loseReplies: behaviour.loseReplies - 1 }
      return void request.socket.destroy()
    }
    if (slowMs > 0) await wait(slowMs, undefined, { ref: false })
    response.writeHead(204).end()
  }

  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  function complaint({ headers }: IncomingMessage, body: Buffer): string | undefined {
    const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`])
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
      return 'a webhook-… header is missing'
    const now = behaviour.now === null ? Date.now() : Date.parse(behaviour.now)
    if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return `the timestamp ${timestamp} is stale`
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
    const holds = signatures.split(' ').some((signature) => {
      const [version, value = ''] = signature.split(',')
      const given = Buffer.from(value, 'base64')
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
    })
    return holds ? undefined : 'the signature does not hold'
  }

  const server: Server = createServer(async (request, response) => {
    const json = (value: unknown) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (request.url === '/changes' && request.method === 'POST') return take(request, response)
    if (request.url === '/kept') return json([...kept.values()])
    if (request.url === '/refused') return json(refused)
    const sent = JSON.parse(Buffer.concat(await request.toArray()).toString() || '{}') as object
    if (request.url === '/secret') {
      secret = z.strictObject({ secret: z.string() }).parse(sent).secret
      return json({})
    }
    if (request.url !== '/control') return void response.writeHead(404).end()
    behaviour = Behaviour.parse({ ...behaviour, ...sent })
    return json(behaviour)
  })
  await new Promise<void>((done) => server.listen(as.port, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
