import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ClientKey } from '../../channels/channel.ts'
import { clientOfKey, tokenFor } from '../../core/clients/client-token.ts'
import { appsOf } from '../citizen/client.ts'
import type { Intake } from '../citizen/intake.ts'
import { refuseSlowly } from '../citizen/refuse-slowly.ts'
import { giveToken } from '../contract/apps.ts'
import type { Say } from '../problems.ts'
import { rateOf } from '../rate.ts'
import { schemaOf } from '../serve.ts'

/** Of one address in a minute: an app asks once an hour, its servers may be many. */
const MOST_CALLS = 60
const MAX_BODY = 16 * 1024

interface TokenWrong {
  readonly error: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type'
  readonly why: string
}

/** OAuth 2 for apps, by client credentials alone (RFC 6749 §4.4). */
export async function serveToken(app: FastifyInstance, on: Intake, say: Say): Promise<void> {
  const rate = rateOf(on.ports.clock, MOST_CALLS)
  await app.register(async (room) => {
    room.removeAllContentTypeParsers()
    room.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_BODY },
      (_request, body, done) => done(null, new URLSearchParams(body as string)),
    )
    // What is no form has nothing of what is needed.
    room.addContentTypeParser('*', { parseAs: 'string', bodyLimit: MAX_BODY }, (_request, _body, done) => done(null))
    const { method, url } = giveToken
    room.route({
      ...{ method, url, schema: schemaOf(giveToken) },
      handler: async (request, reply) => {
        // RFC 6749 §5.1
        reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
        if (rate(request.ip) === 'too-many') return say(request, reply.header('retry-after', '60'), 'too-many')
        const started = performance.now()
        const asked = readAsked(request)
        if ('error' in asked) return refuse(request, reply, asked)
        const client = clientOfKey(on.ports, await appsOf(on), asked)
        if (client === undefined) {
          await refuseSlowly(started)
          on.ports.log.warn({ ip: request.ip }, 'client.refused')
          return refuse(request, reply, { error: 'invalid_client', why: 'no app has this id and this secret' })
        }
        const { token, lastsSeconds } = tokenFor(on.ports, client)
        return reply.send({ access_token: token, token_type: 'Bearer', expires_in: lastsSeconds })
      },
    })
  })
}

function refuse(request: FastifyRequest, reply: FastifyReply, { error, why }: TokenWrong): FastifyReply {
  if (error !== 'invalid_client') return reply.code(400).send({ error, error_description: why })
  // RFC 6749 §5.2: named as the client tried it.
  if (request.headers.authorization !== undefined) reply.header('www-authenticate', 'Basic realm="paht"')
  return reply.code(401).send({ error, error_description: why })
}

function readAsked(request: FastifyRequest): ClientKey | TokenWrong {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
  const wrong = (why: string): TokenWrong => ({ error: 'invalid_request', why })
  // RFC 6749 §3.2: none may come twice; §3.1: an empty one is as good as none.
  const named = [...form.keys()]
  if (new Set(named).size < named.length) return wrong('a parameter came more than once')
  const grant = form.get('grant_type')
  if (!grant) return wrong('grant_type is missing; it is sent as application/x-www-form-urlencoded')
  const { authorization } = request.headers
  const inForm = { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  // §2.3: in one way only. The id alone may stand beside.
  if (authorization !== undefined && inForm.secret !== '') return wrong('client credentials came in two ways')
  const key = authorization === undefined ? inForm : keyIn(authorization)
  if (key === undefined || key.id === '' || key.secret === '')
    return {
      error: 'invalid_client',
      why: 'client credentials are missing, by HTTP Basic or as client_id and client_secret',
    }
  if (grant !== 'client_credentials')
    return { error: 'unsupported_grant_type', why: 'only client_credentials is given tokens' }
  return key
}

/** RFC 6749 §2.3.1: both are written as a form writes them, before Basic puts them together. */
function keyIn(authorization: string): ClientKey | undefined {
  const basic = /^Basic +([A-Za-z0-9+/=]{1,2000})$/i.exec(authorization)?.[1]
  const pair = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8')
  const colon = pair?.indexOf(':') ?? -1
  if (pair === undefined || colon === -1) return undefined
  const [id, secret] = [pair.slice(0, colon), pair.slice(colon + 1)].map(asInForm)
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** Many a client leaves that out: a plus stays one, since it stands for a space only where somebody wrote a form. */
function asInForm(written: string): string | undefined {
  try {
    return decodeURIComponent(written)
  } catch {
    // What is no such writing is no key of ours.
    return undefined
  }
}
