import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Behaviour, Change, losesReply, timeOf } from './behaviour.ts'
import { serveCitizens } from './citizens.ts'
import { type Hook, openLine } from './hooks.ts'
import { commentsOf, conversations, feedOf, messagesOf, paged, pick, type Query } from './lists.ts'
import { type Kept, newNumber, openPage } from './page.ts'
import { Refusal, refusals } from './refusal.ts'
import { takeMessage } from './send-api.ts'

export interface GraphOptions {
  /** 0 takes any free one. */
  readonly port: number
  readonly pageId: string
  readonly pageToken: string
  /** Whom it tells what happens on the page; nobody where it is not given. */
  readonly hook?: Hook
  readonly behaviour?: Partial<Behaviour>
}

export interface Graph {
  readonly port: number
  close(): Promise<void>
}

/** A stand-in for Meta's Graph API and Messenger, of one page. It knows them by Meta's documentation alone. */
export async function openGraph(options: GraphOptions): Promise<Graph> {
  const page = openPage(options.pageId)
  let behaviour = Behaviour.parse(options.behaviour ?? {})
  let written = 0
  const now = () => timeOf(behaviour)
  const line = openLine(options.hook, () => behaviour.silent)
  const app = fastify({ forceCloseConnections: true, bodyLimit: 30 * 1024 * 1024 })
  const base = () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const link = (file: Kept) => `${base()}/files/${file.id}/${encodeURIComponent(file.name)}`

  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Refusal)) throw error
    return reply.code(error.status).send(error.body())
  })
  app.addHook('preHandler', async (request, reply) => {
    if (!isGraph(request)) return
    if (behaviour.down === 'closed') return hangUp(request, reply)
    if (behaviour.down === '500') throw refusals.trouble()
    admit(request, { behaviour, token: options.pageToken })
  })

  const done = (request: FastifyRequest, reply: FastifyReply, answer: object) => {
    written += 1
    return losesReply(behaviour, written) ? hangUp(request, reply) : reply.send(answer)
  }
  app.post<{ Params: { id: string } }>('/:version/:id/messages', async (request, reply) => {
    if (request.params.id !== options.pageId && request.params.id !== 'me') throw refusals.noObject(request.params.id)
    return done(request, reply, takeMessage(page, request.body, now()))
  })
  app.post<{ Params: { id: string } }>('/:version/:id/comments', async (request, reply) => {
    const { id } = request.params
    const post = page.comments.get(id)?.post ?? (page.posts.has(id) ? id : undefined)
    if (post === undefined) throw refusals.noObject(id)
    const text = (request.body as { message?: unknown } | null)?.message
    if (typeof text !== 'string' || text === '') throw refusals.parameter('message is required')
    const comment = {
      id: `${post.split('_').at(-1)}_${newNumber()}`,
      from: page.person,
      at: now(),
      text,
      files: [],
      post,
    }
    page.comments.set(comment.id, comment)
    return done(request, reply, { id: comment.id })
  })
  app.get<{ Params: { id: string }; Querystring: Query }>('/:version/:id', async ({ params: { id }, query }) => {
    if (id === 'me' || id === options.pageId)
      return pick({ ...page.person }, query['fields'] ?? 'id,name', ['id', 'name'])
    if (id === 'debug_token') return { data: tokenData(query['input_token'], options, behaviour) }
    const writer = page.messages.find(({ from }) => from.id === id)?.from
    if (writer !== undefined) return pick({ ...writer }, query['fields'], ['id', 'name'])
    const photo = page.files.get(id)
    if (photo?.type !== 'image') throw refusals.noObject(id)
    const images = [320, 2048, 720].map((width) => ({ width, height: width, source: link(photo) }))
    return pick({ id, images }, query['fields'], ['id', 'images'])
  })
  app.get<{ Params: { id: string; edge: string }; Querystring: Query }>('/:version/:id/:edge', async (request) => {
    const { params, query, url } = request
    if (params.edge === 'subscribed_apps')
      return { data: [{ id: '77', name: 'PAHT', category: 'Business', subscribed_fields: behaviour.subscribed }] }
    return paged(rowsOf(params, query), query, base() + url.replace(/&after=[^&]*/, ''))
  })

  const rowsOf = ({ id, edge }: { readonly id: string; readonly edge: string }, { fields, since }: Query) => {
    const rows = (list: readonly object[], names: readonly string[]) =>
      list.map((row) => pick({ ...row }, fields, names))
    if (edge === 'conversations' && id === options.pageId) return rows(conversations(page), CONVERSATION)
    if (edge === 'messages' && id.startsWith('t_')) return rows(messagesOf(page, id.slice(2), link), MESSAGE)
    if (edge === 'comments' && page.posts.has(id)) return rows(commentsOf(page, id, link), COMMENT)
    if (edge !== 'feed' || id !== options.pageId) throw refusals.noObject(id)
    const from = Number(since ?? 0) * 1000
    return rows(
      feedOf(page, link).filter(({ at }) => (at as Date).getTime() >= from),
      POST,
    )
  }

  app.get<{ Params: { id: string } }>('/files/:id/:name', async ({ params }, reply) => {
    const file = page.files.get(params.id)
    if (file === undefined) return reply.code(403).send('URL signature expired')
    return reply.type(file.contentType).send(file.bytes)
  })
  app.get('/ledger', async () => ({
    messages: page.messages.filter(({ from }) => from.id === options.pageId),
    comments: [...page.comments.values()].filter(({ from }) => from.id === options.pageId),
    repliedTo: [...page.repliedTo],
  }))
  app.post('/control', async (request, reply) => {
    const change = Change.safeParse(request.body)
    if (!change.success) return reply.code(400).send({ error: change.error.issues })
    behaviour = Behaviour.parse({ ...behaviour, ...change.data })
    if ('loseReplies' in change.data) written = 0
    return behaviour
  })
  serveCitizens(app, { page, line, now, link })

  await app.listen({ port: options.port, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, close: () => closeAll(app) }
}

const CONVERSATION = ['id', 'updated_time', 'participants']
const MESSAGE = ['id', 'created_time', 'from', 'to', 'message', 'attachments', 'sticker']
const COMMENT = ['id', 'created_time', 'from', 'message', 'attachment', 'parent', 'permalink_url']
const POST = ['id', 'created_time', 'updated_time', 'from', 'message', 'attachments', 'permalink_url']

function isGraph({ url }: FastifyRequest): boolean {
  return /^\/v\d+\.\d+\//.test(url)
}

/** https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging */
function admit(request: FastifyRequest, { behaviour, token }: { behaviour: Behaviour; token: string }): void {
  const given = (request.query as Query)['access_token']
  if (given === undefined) throw refusals.noToken()
  if (given !== token) throw refusals.badToken()
  if (behaviour.token === 'expired') throw refusals.expired()
  if (behaviour.throttle !== null) throw refusals.throttled(behaviour.throttle)
}

function tokenData(token: string | undefined, { pageToken, pageId }: GraphOptions, { expiresAt }: Behaviour): object {
  return token === pageToken
    ? { app_id: '77', type: 'PAGE', is_valid: true, expires_at: expiresAt, profile_id: pageId }
    : { is_valid: false }
}

/** Whoever called sees the connection die and cannot know what came of it. */
async function hangUp(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  await wait(1)
  request.raw.socket.destroy()
  return reply.hijack()
}

async function closeAll(app: FastifyInstance): Promise<void> {
  await app.close()
}
