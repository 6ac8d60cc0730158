import multipart from '@fastify/multipart'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { NotTaken } from '../core/intake/group-commit.ts'
import { MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES } from '../core/intake/limits.ts'
import { isOutage } from '../platform/database/database.ts'
import { serveFiles } from './citizen/files.ts'
import { serveFollow } from './citizen/follow.ts'
import { type Intake, serveReports } from './citizen/reports.ts'
import { serveHealth } from './health.ts'
import { serveLinkHooks } from './hooks/links.ts'
import { linger } from './linger.ts'
import { documentApi } from './openapi.ts'
import { makeSay, type Say } from './problems.ts'
import { serveCases } from './staff/cases.ts'
import { serveDeliveries } from './staff/deliveries.ts'
import { staffOnly } from './staff/guard.ts'
import { serveSettings } from './staff/settings.ts'

/** The HTTP room put together; not listening yet. */
export async function makeServer(intake: Intake): Promise<FastifyInstance> {
  const { ports, translate } = intake
  const say = makeSay(translate)
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_FORM_BYTES,
    requestTimeout: 300_000,
    routerOptions: { maxParamLength: 120 },
    // An address that is none, before it has come to any route.
    frameworkErrors: (_error, request, reply) => say(request, reply, 'no-such', { values: { what: 'page' } }),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const guard = staffOnly(ports, say)
  handleErrors(app, intake, { say, guard })
  linger(app)
  await documentApi(app, ports)

  const staff = { app, say, before: guard }
  serveHealth(app, ports)
  serveFollow({ app, say }, intake)
  serveFiles(app, ports, say)
  serveCases(staff, ports)
  serveDeliveries(staff, ports)
  serveSettings(staff, ports)
  // Where the bytes themselves matter: what was sent is kept and signed byte for byte.
  await app.register(async (raw) => {
    raw.removeContentTypeParser('application/json')
    raw.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    await raw.register(multipart, {
      throwFileSizeLimit: false, // one byte more than a file may have is delivered, and refused with the field's name
      limits: { fileSize: MAX_FILE_BYTES + 1, files: MAX_FILES + 1, fields: 30, fieldSize: MAX_FORM_BYTES, parts: 60 },
    })
    serveReports({ app: raw, say }, intake)
    serveLinkHooks(raw, ports, say)
  })
  return app
}

/** The disk that files go to is full, broken or out of handles: sent again later, the same request is taken. */
const DISK_IS_AWAY: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE'])

/** Nobody sees a stack trace; who can mend it is told what is wrong, and we are told the rest. */
function handleErrors(
  app: FastifyInstance,
  { ports }: Intake,
  { say, guard }: { readonly say: Say; readonly guard: ReturnType<typeof staffOnly> },
): void {
  app.setNotFoundHandler(async (request, reply) => {
    // What is there and what is not under /api/v1 is staff's to know.
    const refused = request.url.startsWith('/api/v1/') ? await guard(request, reply) : undefined
    return refused ?? say(request, reply, 'no-such', { values: { what: 'page' } })
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
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
