import type { FastifyInstance } from 'fastify'
import { Behaviour, Change } from './behaviour.ts'
import type { Running } from './running.ts'
import type { Store } from './store.ts'

/** What the tests ask of the exchange: to behave otherwise, and what it holds. */
export function serveTests(app: FastifyInstance, running: Running): void {
  const { store } = running
  app.post('/control', async (request, reply) => {
    const change = Change.safeParse(request.body)
    if (!change.success) return reply.code(400).send({ error: change.error.issues })
    running.behaviour = Behaviour.parse({ ...running.behaviour, ...change.data })
    if ('loseReplies' in change.data) running.sinceSet = 0
    return running.behaviour
  })
  app.post<{ Body: { docId: string; upTo: string } }>('/step', async ({ body: { docId, upTo } }, reply) => {
    if (!store.sent.has(docId)) return reply.code(404).send()
    running.told.set(docId, upTo)
    return {}
  })
  app.get('/ledger', async () => store.lines)
  app.get('/ledger/count', async () => counted(store))
  app.get<{ Params: { docId: string } }>('/ledger/documents/:docId', async ({ params }, reply) => {
    if (!store.sent.has(params.docId) && !store.inbox.has(params.docId)) return reply.code(404).send()
    return reply.type('application/xml').send(store.document(params.docId))
  })
}

function counted(store: Store): Record<string, number> {
  const sentTypes = [...store.sent.values()].map(({ messageType }) => messageType)
  const of = (name: string) => store.lines.filter(({ line }) => line === name).length
  return {
    documents: sentTypes.filter((type) => type === 'edoc').length,
    statuses: sentTypes.filter((type) => type === 'status').length,
    duplicates: of('duplicate'),
    refused: of('refused'),
    received: store.inbox.size,
  }
}
