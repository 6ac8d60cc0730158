import { createHash, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Behaviour, Change } from './behaviour.ts'
import { openTokens } from './tokens.ts'

export interface ZaloOptions {
  /** 0 takes any free one. */
  readonly port: number
  readonly oaId: string
  readonly appId: string
  readonly secretKey: string
  readonly appSecret: string
  readonly refreshToken: string
  readonly behaviour?: Partial<Behaviour>
}

/** https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban */
const Message = z.strictObject({
  recipient: z.strictObject({ user_id: z.string().regex(/^\d+$/) }),
  message: z.strictObject({ text: z.string().min(1) }),
})
const MOST_LETTERS = 2000

/** What a person or the account does: the fields of the event besides those that every event has. */
const Happens = z.strictObject({ event: z.record(z.string(), z.unknown()), reach: z.string().optional() })

/** A stand-in for Zalo's Official Account API, with its tokens. It knows both by Zalo's documents alone. */
export async function openZalo(options: ZaloOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const tokens = openTokens(options.refreshToken)
  const sent: { id: string; user: string; text: string }[] = []
  const files = new Map<string, Buffer>()
  let behaviour = Behaviour.parse(options.behaviour ?? {})
  let taken = 0
  const app = fastify({ forceCloseConnections: true, bodyLimit: 32 * 1024 * 1024 })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  )

  app.addHook('onRequest', async (request, reply) => {
    if (!/^\/v\d/.test(request.url)) return
    if (behaviour.down === 'closed') return hangUp(request, reply)
    if (behaviour.down === '503') return reply.code(503).send()
  })

  app.post('/v4/oa/access_token', async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    if (request.headers['secret_key'] !== options.appSecret) return wrong(-14004, 'Invalid secret key')
    if (form.get('app_id') !== options.appId) return wrong(-14003, 'Invalid app id')
    if (form.get('grant_type') !== 'refresh_token') return wrong(-14002, 'Invalid grant type')
    const answer = tokens.refresh(form.get('refresh_token'))
    return behaviour.loseTokens ? hangUp(request, reply) : answer
  })

  /** Everything is a 200; `error` says what it means. */
  const refused = (request: FastifyRequest): object | undefined => {
    if (!tokens.holds(String(request.headers['access_token'] ?? ''))) return says(-216, 'Access token is invalid')
    return behaviour.throttle ? says(-32, 'Exceeded rate limit') : undefined
  }

  app.post('/v3.0/oa/message/cs', async (request, reply) => {
    const no = refused(request)
    if (no) return no
    const parsed = Message.safeParse(request.body)
    if (!parsed.success) return says(-201, 'Params is invalid')
    const user = parsed.data.recipient.user_id
    const { text } = parsed.data.message
    if (text.length > MOST_LETTERS) return says(-210, 'Text exceeds 2000 characters')
    if (behaviour.blocked.includes(user)) return says(-213, `User ${user} has not followed the OA`)
    if (behaviour.outsideWindow.includes(user)) return says(-230, `User ${user} has not interacted in the past 7 days`)
    if (!behaviour.packageAllows) return says(-224, 'OA has not upgraded its package')
    if (behaviour.quotaLeft === 0) return says(-211, 'Out of quota')
    behaviour = { ...behaviour, quotaLeft: behaviour.quotaLeft - 1 }
    const id = randomBytes(10).toString('hex')
    sent.push({ id, user, text })
    taken += 1
    if (taken === behaviour.loseReplies?.nth) return hangUp(request, reply)
    return { data: { message_id: id, user_id: user, quota: { quota_type: 'reply' } }, error: 0, message: 'Success' }
  })

  app.get('/v2.0/oa/getoa', async (request) => {
    const account = { oa_id: options.oaId, name: 'Phản ánh hiện trường', is_verified: true }
    return refused(request) ?? { data: account, error: 0, message: 'Success' }
  })

  // What people send lies at an address that asks for nothing.
  app.get<{ Params: { name: string } }>('/files/:name', async (request, reply) => {
    const bytes = files.get(request.params.name)
    if (request.headers['access_token'] !== undefined) return reply.code(400).send()
    return bytes ? reply.type('image/jpeg').send(bytes) : reply.code(404).send()
  })

  app.post('/control', async (request, reply) => {
    const change = Change.safeParse(request.body)
    if (!change.success) return reply.code(400).send({ error: change.error.issues })
    behaviour = Behaviour.parse({ ...behaviour, ...change.data })
    if ('loseReplies' in change.data) taken = 0
    return behaviour
  })
  app.post('/expire', async () => tokens.expire())
  app.get('/sent', async () => sent)
  app.get('/tokens', async () => ({ asked: tokens.asked() }))
  app.post('/files', async (request) => {
    const { base64 } = z.strictObject({ base64: z.string() }).parse(request.body)
    const name = `${randomBytes(8).toString('hex')}.jpg`
    files.set(name, Buffer.from(base64, 'base64'))
    return { path: `/files/${name}` }
  })
  app.post('/happens', async (request) => {
    const { event, reach } = Happens.parse(request.body)
    const timestamp = String(Date.now())
    // Letters as they are and as \u escapes: what signs the JSON that it makes itself is found out.
    const body = JSON.stringify({
      ...{ app_id: options.appId, user_id_by_app: '7300442764876318465', recipient: { id: options.oaId }, ...event },
      timestamp,
    }).replace(/[Đđ]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    const signed = options.appId + body + timestamp + options.secretKey
    const headers = {
      'content-type': 'application/json',
      'x-zevent-signature': `mac=${createHash('sha256').update(signed).digest('hex')}`,
    }
    const answer = reach === undefined ? undefined : await fetch(reach, { method: 'POST', headers, body })
    return { headers, body, ...(answer && { status: answer.status }) }
  })

  await app.listen({ port: options.port, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
}

function says(error: number, message: string): object {
  return { error, message }
}

function wrong(error: number, name: string): object {
  return { error_name: name, error_reason: name, error }
}

/** The sender sees its connection die and cannot know what came of the request. */
function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy()
  return reply.hijack()
}
