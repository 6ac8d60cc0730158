import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Behaviour, Change, losesReply, timeOf } from './behaviour.ts'
import { type Delivery, kindOf, Message } from './message.ts'
import { complaint } from './signature.ts'
import { type OwnEvent, openStore } from './store.ts'
import { eventsAbout, type Hub, openLine, tell } from './tell.ts'

export interface OfficeOptions {
  /** 0 takes any free one. */
  readonly port: number
  readonly store: string
  readonly secret: string
  readonly hub: Hub
  readonly behaviour?: Partial<Behaviour>
}

export interface Office {
  readonly port: number
  close(): Promise<void>
}

/** A stand-in for the software of an office. It knows the hub by the hub's documents alone. */
export async function openOffice(options: OfficeOptions): Promise<Office> {
  const store = openStore(options.store)
  const stop = new AbortController()
  const telling = new Set<Promise<void>>()
  const line = openLine()
  let behaviour = Behaviour.parse(options.behaviour ?? {})
  let sinceSet = 0

  const tellOf = (events: readonly OwnEvent[]): void => {
    const by = { hub: options.hub, store, behaviour: () => behaviour, line, stop: stop.signal }
    const done: Promise<void> = tell(events, by)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) throw error
      })
      .finally(() => telling.delete(done))
    telling.add(done)
  }

  /** Stores it before anyone hears of it; the same key again is the same delivery. */
  const take = (type: string, delivery: Delivery): string => {
    const known = store.held.get(delivery.key)
    if (known) {
      store.again(delivery.key)
      return known.id
    }
    const { key, caseId, code, title, text, urgent, dueAt, reporter, files } = delivery
    const agency = delivery.agency.code
    const id = `VP-${String(store.held.size + 1).padStart(6, '0')}`
    const events = eventsAbout({ key, id, kind: kindOf(type) }, behaviour)
    store.take(
      {
        ...{ key, id, kind: kindOf(type), caseId, code, title, text, agency, urgent, dueAt, reporter, files },
        receivedAt: timeOf(behaviour).toISOString(),
      },
      events,
    )
    tellOf(events)
    return id
  }

  const app = fastify({ forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/deliveries')) return
    if (behaviour.down === 'closed') return hangUp(request, reply)
    if (behaviour.down === '503') return reply.code(503).send()
  })

  app.post('/deliveries', async (request, reply) => {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
    const wrong = complaint({ headers: request.headers, body }, { secret: options.secret, now: timeOf(behaviour) })
    if (wrong) return reply.code(wrong.status).send({ error: wrong.why })
    const message = Message.safeParse(json(body))
    if (!message.success) return reply.code(422).send({ error: message.error.issues[0]?.path.join('.') })
    const { type, data } = message.data
    if (data.key !== request.headers['webhook-id']) return reply.code(422).send({ error: 'data.key is not webhook-id' })
    if (type === 'link.test') return reply.code(204).send()
    if (behaviour.reject) return reply.code(422).send({ error: 'told to reject' })
    const known = store.held.get(data.key)
    if (known && (known.caseId !== data.caseId || known.kind !== kindOf(type))) {
      return reply.code(409).send({ error: 'this key stands for something else' })
    }
    const id = take(type, data)
    sinceSet += 1
    if (losesReply(behaviour, sinceSet)) return hangUp(request, reply)
    await wait(behaviour.slowMs, undefined, { signal: stop.signal })
    return reply.send({ id })
  })

  app.get<{ Params: { key: string } }>('/deliveries/:key', async (request, reply) => {
    const signed = { headers: request.headers, body: Buffer.alloc(0) }
    const wrong = complaint(signed, { secret: options.secret, now: timeOf(behaviour) })
    if (wrong) return reply.code(wrong.status).send({ error: wrong.why })
    const held = store.held.get(request.params.key)
    return held ? reply.send({ id: held.id }) : reply.code(404).send({ error: 'not here' })
  })

  app.get('/ledger', async () => [...store.held.values()])
  app.get('/ledger/count', async () => {
    const times = [...store.held.values()].map((held) => held.times)
    return { held: times.length, arrived: times.reduce((sum, more) => sum + more, 0) }
  })
  app.get('/updates', async () => store.events())
  app.get('/updates/count', async () => ({ untold: store.untold().length }))

  app.post('/control', async (request, reply) => {
    const change = Change.safeParse(json(request.body as Buffer))
    if (!change.success) return reply.code(400).send({ error: change.error.issues })
    behaviour = Behaviour.parse({ ...behaviour, ...change.data })
    if ('loseReplies' in change.data) sinceSet = 0
    return behaviour
  })

  app.post('/say', async (request, reply) => {
    const { key, kind, text } = json(request.body as Buffer) as Record<string, string>
    const held = store.held.get(key ?? '')
    if (held === undefined) return reply.code(404).send()
    const event = `${held.id}-${kind}-${store.events().length}`
    const said = { event, of: held.key, kind: kind!, at: timeOf(behaviour).toISOString(), text: text ?? '' }
    store.says(said)
    tellOf([said])
    return said
  })

  await app.listen({ port: options.port, host: '127.0.0.1' })
  tellOf(store.untold())
  return {
    port: (app.server.address() as AddressInfo).port,
    close: () => closeAll(app, { stop, telling, store }),
  }
}

async function closeAll(
  app: FastifyInstance,
  { stop, telling, store }: { stop: AbortController; telling: Set<Promise<void>>; store: { close(): void } },
): Promise<void> {
  stop.abort()
  await app.close()
  await Promise.all(telling)
  store.close()
}

/** The sender sees its connection die and cannot know what came of the request. */
function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy()
  return reply.hijack()
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
