import { createHash, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Behaviour, Change } from './behaviour.ts'
import { API, hookForm, type Message, mediaOf, resourceOf } from './message.ts'
import { NOT_FOUND, type Refusal, TOO_MANY, UNAVAILABLE, WRONG_CREDENTIALS, whyNot } from './refusal.ts'
import { sign } from './sign.ts'

export interface TwilioOptions {
  /** 0 takes any free one. */
  readonly port: number
  readonly accountSid: string
  readonly authToken: string
  /** Those that the account has. */
  readonly number: string
  readonly service: string
  readonly behaviour?: Partial<Behaviour>
}

const Receive = z.strictObject({
  from: z.string(),
  body: z.string(),
  at: z.iso.datetime({ offset: true }).optional(),
  media: z.array(z.strictObject({ type: z.string(), base64: z.string() })).default([]),
  /** The webhook as it is set at the number; not given, nobody is called. */
  hook: z.string().optional(),
  /** Where that is reached, for one behind a proxy that a test leaves out. */
  reach: z.string().optional(),
})
const Status = z.strictObject({
  sid: z.string(),
  status: z.string(),
  errorCode: z.string().optional(),
  reach: z.string().optional(),
})

/** A stand-in for Twilio's API. It knows it by Twilio's documents alone. */
export async function openTwilio(options: TwilioOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { accountSid, authToken, number, service } = options
  const messages: Message[] = []
  let behaviour = Behaviour.parse(options.behaviour ?? {})
  let taken = 0
  const app = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: false } })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  )
  const url = () => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const find = (sid: string): Message | undefined => messages.find((message) => message.sid === sid)

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(API)) return
    if (behaviour.down === 'closed') return hangUp(request, reply)
    if (behaviour.down === '503') return refuse(reply, UNAVAILABLE)
    const basic = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
    const account = `${API}/Accounts/${accountSid}`
    const own = request.url.startsWith(`${account}/`) || request.url.startsWith(`${account}.`)
    if (request.headers.authorization !== basic || !own) return refuse(reply, WRONG_CREDENTIALS)
    if (behaviour.throttle) return refuse(reply.header('retry-after', '7'), TOO_MANY)
  })

  app.post(`${API}/Accounts/:account/Messages.json`, async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    const refusal = whyNot({ form, numbers: [number], services: [service], ...behaviour })
    if (refusal) return refuse(reply, refusal)
    const message: Message = {
      ...{ sid: newSid('SM'), direction: 'outbound-api', from: form.get('From'), to: form.get('To')! },
      ...{ body: form.get('Body')!, status: 'queued', sentAt: new Date(), media: [] },
      statusCallback: form.get('StatusCallback'),
    }
    messages.push(message)
    taken += 1
    if (taken === behaviour.loseReplies?.nth) return hangUp(request, reply)
    return reply.code(201).send(resourceOf(message, accountSid))
  })

  app.get<{ Querystring: Record<string, string> }>(`${API}/Accounts/:account/Messages.json`, async (request) => {
    const { To, 'DateSent>': after = '1970-01-01T00:00:00Z', Page = '0', PageSize = '50' } = request.query
    const size = Math.min(Number(PageSize), behaviour.pageSize)
    const found = messages
      .filter(({ to, sentAt }) => (To === undefined || to === To) && sentAt >= new Date(after))
      .sort((one, other) => other.sentAt.getTime() - one.sentAt.getTime())
    const from = Number(Page) * size
    const next = new URLSearchParams({ ...request.query, Page: String(Number(Page) + 1) })
    const path = request.url.split('?')[0]
    return {
      messages: found.slice(from, from + size).map((message) => resourceOf(message, accountSid)),
      ...{ page: Number(Page), page_size: size, uri: request.url, first_page_uri: path, previous_page_uri: null },
      next_page_uri: from + size < found.length ? `${path}?${next}` : null,
    }
  })

  app.get<Of<'sid'>>(`${API}/Accounts/:account/Messages/:sid/Media.json`, async (request, reply) => {
    const message = find(request.params.sid)
    return message ? mediaOf(message, accountSid) : refuse(reply, NOT_FOUND)
  })
  app.get<Of<'sid' | 'media'>>(`${API}/Accounts/:account/Messages/:sid/Media/:media`, async (request, reply) => {
    const media = find(request.params.sid)?.media.find((each) => each.sid === request.params.media)
    return media ? reply.redirect(`${url()}/store/${media.sid}?signature=x`, 307) : refuse(reply, NOT_FOUND)
  })
  app.get(`${API}/Accounts/${accountSid}.json`, async () => ({
    sid: accountSid,
    status: behaviour.suspended ? 'suspended' : 'active',
  }))

  // As S3: a link that is signed itself takes no second way of signing in.
  app.get<Of<'media'>>('/store/:media', async (request, reply) => {
    if (request.headers.authorization !== undefined) return reply.code(400).send('Only one auth mechanism allowed')
    const media = messages.flatMap((each) => each.media).find(({ sid }) => sid === request.params.media)
    return media ? reply.type(media.type).send(media.bytes) : reply.code(404).send()
  })

  app.post('/control', async (request, reply) => {
    const change = Change.safeParse(request.body)
    if (!change.success) return reply.code(400).send({ error: change.error.issues })
    behaviour = Behaviour.parse({ ...behaviour, ...change.data })
    if ('loseReplies' in change.data) taken = 0
    return behaviour
  })
  app.get('/sent', async () => messages.filter(({ direction }) => direction === 'outbound-api'))
  app.post('/receive', async (request) => {
    const { from, body, at, media, hook, reach } = Receive.parse(request.body)
    const message: Message = {
      ...{
        sid: newSid(media.length > 0 ? 'MM' : 'SM'),
        direction: 'inbound',
        from,
        to: number,
        body,
        status: 'received',
      },
      ...{ sentAt: at === undefined ? new Date() : new Date(at), statusCallback: null },
      media: media.map(({ type, base64 }) => ({ sid: newSid('ME'), type, bytes: Buffer.from(base64, 'base64') })),
    }
    messages.push(message)
    const form = hookForm(message, { accountSid, url: url() })
    return { sid: message.sid, ...(hook !== undefined && (await call({ hook, reach, form }))) }
  })
  app.post('/status', async (request) => {
    const { sid: of, status, errorCode, reach } = Status.parse(request.body)
    const { from, to, statusCallback: hook } = find(of)!
    const form = new URLSearchParams({
      ...{ SmsSid: of, SmsStatus: status, MessageStatus: status, To: to, MessageSid: of, AccountSid: accountSid },
      ...{ From: from ?? number, ApiVersion: '2010-04-01', ...(errorCode !== undefined && { ErrorCode: errorCode }) },
    })
    return call({ hook: hook!, reach, form })
  })

  /** Once, as Twilio does; what came of it. */
  async function call({ hook, reach, form }: { hook: string; reach: string | undefined; form: URLSearchParams }) {
    const body = form.toString()
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': sign(authToken, hook, form),
      'i-twilio-idempotency-token': createHash('sha256').update(body).digest('hex'),
    }
    const answer = await fetch(reach ?? hook, { method: 'POST', headers, body })
    return { status: answer.status, answer: await answer.text(), hook, headers, body }
  }

  await app.listen({ port: options.port, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
}

type Of<Names extends string> = { Params: Record<Names, string> }

function newSid(kind: 'SM' | 'MM' | 'ME'): string {
  return kind + randomBytes(16).toString('hex')
}

function refuse(reply: FastifyReply, { status, code, message }: Refusal): FastifyReply {
  return reply.code(status).send({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })
}

/** The sender sees its connection die and cannot know what came of the request. */
function hangUp(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy()
  return reply.hijack()
}
