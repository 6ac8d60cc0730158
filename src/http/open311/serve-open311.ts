import multipart from '@fastify/multipart'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NotTaken } from '../../core/intake/group-commit.ts'
import { MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES } from '../../core/intake/limits.ts'
import { isOutage } from '../../platform/database/database.ts'
import { languageOf } from '../../platform/locales/locales.ts'
import type { Intake } from '../citizen/intake.ts'
import { rateOf } from '../rate.ts'
import { type Document, send } from './answer.ts'
import { askingOf, clientOf, say } from './client.ts'
import { discover } from './discovery.ts'
import { queryOf } from './read-sent.ts'
import { listRequests, showRequest, showToken } from './requests.ts'
import { describeService, listServices } from './services.ts'
import { takeRequest, takeUpdate } from './take.ts'
import { listUpdates } from './updates.ts'
import { sendWrong, Wrong } from './wrong.ts'

/** Of one address in a minute. A client that sends what waited for a day comes by in time; a program that has run wild does not fill the queue. */
const MOST_CALLS = 600

type Handle = (request: FastifyRequest, id: string) => Promise<Document>

/** Open311 GeoReport v2 (http://wiki.open311.org/GeoReport_v2), with the updates as FixMyStreet sends and asks for them. */
export async function serveOpen311(app: FastifyInstance, on: Intake): Promise<void> {
  const rate = rateOf(on.ports.clock, MOST_CALLS)
  await app.register(
    async (room) => {
      room.removeAllContentTypeParsers()
      room.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      )
      await room.register(multipart, {
        throwFileSizeLimit: false, // one byte more than a file may have is delivered, and refused with the field's name
        limits: {
          fileSize: MAX_FILE_BYTES + 1,
          files: MAX_FILES + 1,
          fields: 200,
          fieldSize: MAX_FORM_BYTES,
          parts: 230,
        },
      })
      room.addHook('onRequest', async (request) => {
        const { ip, headers } = request
        if (rate(ip) === 'too-many') throw new Wrong(429, say(on, languageOf(headers['accept-language']), 'too-many'))
      })
      handleErrors(room, on)
      serveRoutes(room, on)
    },
    { prefix: '/open311/v2' },
  )
}

function serveRoutes(room: FastifyInstance, on: Intake): void {
  const route = (method: 'GET' | 'POST', path: string, handle: Handle) => {
    const handler = async (request: FastifyRequest, reply: FastifyReply) =>
      send(request, reply, await handle(request, idIn(request)))
    // An id takes its suffix along; a name has each of its own.
    for (const suffix of path.endsWith('/:id') ? [''] : ['', '.xml', '.json'])
      room.route({ method, url: path + suffix, schema: { hide: true } as object, handler })
  }
  const reading = (request: FastifyRequest) => askingOf(on, request, queryOf(request))

  route('GET', '/discovery', (request) => discover(on, languageOf(request.headers['accept-language'])))
  route('GET', '/services', async (request) => listServices(on, await reading(request)))
  route('GET', '/services/:id', async (request, id) => {
    const asking = await reading(request)
    const service = describeService(on, asking, id)
    if (service === undefined) throw new Wrong(404, say(on, asking.language, 'no-service'))
    return service
  })
  route('POST', '/requests', (request) => takeRequest(on, request))
  route('GET', '/requests', async (request) => listRequests(on, await reading(request), queryOf(request)))
  route('GET', '/requests/:id', async (request, id) => showRequest(on, await reading(request), id))
  route('GET', '/tokens/:id', async (request, id) => showToken(on, await reading(request), id))
  route('POST', '/servicerequestupdates', (request) => takeUpdate(on, request))
  route('GET', '/servicerequestupdates', async (request) => {
    const params = queryOf(request)
    return listUpdates(on, await clientOf(on, request, params, 'key-or-network'), params)
  })
}

const idIn = ({ params }: FastifyRequest): string =>
  (params as { id?: string }).id?.replace(/\.(?:xml|json)$/, '') ?? ''

/** Whatever goes wrong is said as GeoReport has it. */
function handleErrors(room: FastifyInstance, on: Intake): void {
  const wrong = (request: FastifyRequest, status: Wrong['status'], which: string, code?: number) => {
    const { description } = say(on, languageOf(request.headers['accept-language']), which)
    return new Wrong(status, { description, ...(code !== undefined && { code }) })
  }
  room.setNotFoundHandler((request, reply) => sendWrong(request, reply, wrong(request, 404, 'no-page')))
  room.setErrorHandler((error: FastifyError | Wrong, request, reply) => {
    if (error instanceof Wrong) return sendWrong(request, reply, error)
    if (error instanceof NotTaken || isOutage(error)) return sendWrong(request, reply, wrong(request, 503, 'later'))
    if (error.statusCode === 413) return sendWrong(request, reply, wrong(request, 400, 'too-large', 413))
    if (error.statusCode === 415) return sendWrong(request, reply, wrong(request, 400, 'no-form', 415))
    if (error.statusCode !== undefined && error.statusCode < 500)
      return sendWrong(request, reply, wrong(request, 400, 'unreadable'))
    on.ports.log.error({ err: error, route: request.routeOptions.url }, 'request.failed')
    return sendWrong(request, reply, wrong(request, 500, 'ours'))
  })
}
