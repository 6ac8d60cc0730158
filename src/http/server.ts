import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { NotTaken } from '../core/intake/group-commit.ts'
import { MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES } from '../core/intake/limits.ts'
import { NotAllowed } from '../core/people/may.ts'
import { isOutage } from '../platform/database/database.ts'
import { serveOwnReports } from './apps/list-own.ts'
import { serveToken } from './apps/token.ts'
import { serveFiles } from './citizen/files.ts'
import { serveFollow } from './citizen/follow.ts'
import type { Intake } from './citizen/intake.ts'
import { serveLargeFiles } from './citizen/large-files.ts'
import { serveReports } from './citizen/reports.ts'
import { serveSaying } from './citizen/say.ts'
import { serveHealth } from './health.ts'
import { serveLinkHooks } from './hooks/links.ts'
import { serveSourceHooks } from './hooks/sources.ts'
import { linger } from './linger.ts'
import { serveOpen311 } from './open311/serve-open311.ts'
import { documentApi } from './openapi.ts'
import { makeSay, type Say } from './problems.ts'
import { servePublic } from './public/reports.ts'
import { serveSession } from './session/serve-session.ts'
import { serveCalls } from './staff/calls.ts'
import { serveCases } from './staff/cases.ts'
import { serveDeliveries } from './staff/deliveries.ts'
import { serveDuty } from './staff/duty.ts'
import { type Guard, makeGuard, refuse } from './staff/guard.ts'
import { serveIntake } from './staff/intake.ts'
import { serveOperations } from './staff/operations.ts'
import { servePeople } from './staff/people.ts'
import { serveSettings } from './staff/settings.ts'
import { serveUploads } from './staff/uploads.ts'

/** The HTTP room put together; not listening yet. */
export async function makeServer(
  intake: Intake,
  { trustedProxies = [] }: { readonly trustedProxies?: readonly string[] } = {},
): Promise<FastifyInstance> {
  const { ports, translate } = intake
  const say = makeSay(translate)
  const app = Fastify({
    logger: false,
    ...(trustedProxies.length > 0 && { trustProxy: [...trustedProxies] }),
    bodyLimit: MAX_FORM_BYTES,
    requestTimeout: 300_000,
    // What still comes while the process stops is served as ever; Fastify's own 503 would not say when to come again.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 120 },
    // An address that is none, before it has come to any route.
    frameworkErrors: (_error, request, reply) => say(request, reply, 'no-such', { values: { what: 'page' } }),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const guard = makeGuard(ports, say)
  handleErrors(app, intake, { say, guard })
  linger(app)
  await app.register(cookie)
  await documentApi(app, ports)

  const on = { app, say, guard }
  serveHealth(app, ports)
  serveFollow(on, intake)
  serveSaying(on, intake)
  serveOwnReports(on, intake)
  servePublic(on, intake)
  serveFiles(app, ports, say)
  serveCases(on, ports)
  serveOperations(on, ports)
  serveDuty(on, ports)
  serveDeliveries(on, ports)
  serveSettings(on, ports)
  serveIntake(on, ports, translate)
  servePeople(on, ports)
  serveSession(on, ports)
  // Where the bytes themselves matter: what was sent is kept and signed byte for byte.
  await app.register(async (raw) => {
    raw.removeContentTypeParser('application/json')
    raw.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    await raw.register(multipart, {
      throwFileSizeLimit: false, // one byte more than a file may have is delivered, and refused with the field's name
      limits: { fileSize: MAX_FILE_BYTES + 1, files: MAX_FILES + 1, fields: 30, fieldSize: MAX_FORM_BYTES, parts: 60 },
    })
    serveReports({ app: raw, say, guard }, intake)
    serveUploads({ app: raw, say, guard }, ports)
    serveCalls({ app: raw, say, guard }, intake)
    serveLinkHooks(raw, ports, say)
  })
  await serveOpen311(app, intake)
  await serveToken(app, intake, say)
  await serveLargeFiles(app, ports)
  await serveSourceHooks(app, { ports, sources: intake.sources, say })
  return app
}

/** The disk that files go to is full, broken or out of handles: sent again later, the same request is taken. */
const DISK_IS_AWAY: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE'])

/** Nobody sees a stack trace; who can mend it is told what is wrong, and we are told the rest. */
function handleErrors(
  app: FastifyInstance,
  { ports }: Intake,
  { say, guard }: { readonly say: Say; readonly guard: Guard },
): void {
  app.setNotFoundHandler(async (request, reply) => {
    // What is there and what is not under /api/v1 is staff's to know.
    const staffs = request.url.startsWith('/api/v1/')
    if (staffs) await guard('begun').call(app, request, reply)
    return reply.sent ? reply : say(request, reply, 'no-such', { values: { what: 'page' } })
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof NotAllowed) return refuse(ports, say, { request, reply, action: error.action })
    if (error instanceof NotTaken || isOutage(error)) return say(request, reply, 'away')
    if (DISK_IS_AWAY.has(error.code)) {
      ports.log.error({ err: error, route: request.routeOptions.url }, 'disk.away')
      return say(request, reply, 'away')
    }
    if (error.validation !== undefined) {
      const errors = error.validation.map((v) => ({
        field: v.instancePath.replaceAll('/', '.').slice(1),
        message: v.message ?? '',
      }))
      return say(request, reply, 'invalid', { errors })
    }
    if (error.statusCode === 413) return say(request, reply, 'too-large')
    if (error.statusCode === 415) return say(request, reply, 'unsupported-type')
    if (error.statusCode !== undefined && error.statusCode < 500) return say(request, reply, 'unreadable')
    ports.log.error({ err: error, route: request.routeOptions.url }, 'request.failed')
    return say(request, reply, 'ours')
  })
}
