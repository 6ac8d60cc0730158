import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sha256 } from './attachments.ts'
import { losesReply, timeOf } from './behaviour.ts'
import { check } from './check.ts'
import { type Asked, document, received, sent, TRANSPORT } from './lists.ts'
import { Refusal } from './refusal.ts'
import type { ExchangeOptions, Running } from './running.ts'
import type { Sent, Store, TransportStatus } from './store.ts'
import { take } from './take.ts'
import { type Upload, uploadIn } from './upload.ts'

/** What the hub asks of the exchange. */
export function serveHub(app: FastifyInstance, running: Running): void {
  const { options, store, stop } = running

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/v1/')) return
    const { down } = running.behaviour
    if (down === 'closed') return hangUp(request, reply)
    if (down === '503') return reply.code(503).type('text/plain').send('Service Unavailable')
    const { 'x-systemid': id, 'x-secretkey': secret } = request.headers
    if (id !== options.systemId || secret !== options.secret) {
      throw new Refusal('15', 'Sai SystemId hoặc SecretKey', { status: 401 })
    }
  })
  app.setErrorHandler((error, request, reply) => {
    if (stop.aborted) return hangUp(request, reply)
    if (!(error instanceof Refusal)) throw error
    const { docId, errorCode, message: errorDesc } = error
    const data = { docId, status: 'error', errorCode, errorDesc }
    return reply.code(error.status).send({ success: false, message: 'Lỗi', data })
  })

  app.post('/v1/sendEdoc', async (request, reply) => {
    const upload = await uploadIn(request)
    const one = await receive(upload, running).catch((error: unknown) => noteRefusal(error, { upload, running }))
    running.work(one)
    running.sinceSet += 1
    if (losesReply(running.behaviour, running.sinceSet)) return hangUp(request, reply)
    await wait(running.behaviour.slowMs, undefined, { signal: stop })
    return { success: true, message: 'OK', docId: one.docId }
  })
  app.get<{ Querystring: Asked }>('/v1/syncReceivedEdocList', async ({ query }) => listed(received(store, query)))
  app.get<{ Querystring: Asked }>('/v1/getSentEdocList', async ({ query }) => listed(sent(store, query)))
  app.get<{ Querystring: { docId?: string } }>('/v1/getEdoc', async ({ query }) => ({
    success: true,
    message: 'OK',
    data: document(store, { docId: query.docId ?? '', as: running.behaviour.edxmlAs }),
  }))
  app.get('/v1/getAgenciesList', async () => listed(agencies(options.offices, store)))
  app.post<{ Body: { docId?: string; status?: string } | null }>('/v1/updateStatus', async ({ body }) => {
    const { docId = '', status = '' } = body ?? {}
    if (!Object.hasOwn(TRANSPORT, status)) throw new Refusal('10', `status ${status} không có`)
    if (!store.inbox.has(docId)) throw new Refusal('10', `Không có văn bản ${docId}`, { status: 404 })
    const at = timeOf(running.behaviour).toISOString()
    store.append({ line: 'transport', docId, status: status as TransportStatus, at })
    return { success: true, message: 'OK' }
  })
}

async function receive({ messageType, bytes }: Upload, running: Running): Promise<Sent> {
  if (messageType !== 'edoc' && messageType !== 'status')
    throw new Refusal('10', 'messageType phải là edoc hoặc status')
  const edoc = await check(bytes, messageType)
  const { store, behaviour } = running
  const { organ, offices } = running.options
  return take(edoc, bytes, { store, behaviour, organ, reaches: (id) => offices === '*' || offices.has(id) })
}

function noteRefusal(error: unknown, { upload, running }: { upload: Upload; running: Running }): never {
  if (error instanceof Refusal) {
    running.store.append({
      line: 'refused',
      messageType: upload.messageType,
      errorCode: error.errorCode,
      errorDesc: error.message,
      at: timeOf(running.behaviour).toISOString(),
      sha256: sha256(upload.bytes),
    })
  }
  throw error
}

function listed<T>(data: readonly T[]): object {
  return { success: true, message: 'OK', count: data.length, data }
}

/** Those that are named, or those that have been written to. */
function agencies(offices: ExchangeOptions['offices'], store: Store): object[] {
  const addressed = () => new Map([...store.sent.values()].flatMap(({ to }) => to.map(({ id, name }) => [id, name])))
  return [...(offices === '*' ? addressed() : offices)].map(([orgCode, orgName]) => ({
    orgCode,
    orgName,
    parentCode: null,
    address: null,
    email: null,
    phone: null,
  }))
}

/** The sender sees its connection die and cannot know what came of the request. */
function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy()
  return reply.hijack()
}
