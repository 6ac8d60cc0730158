import { randomUUID } from 'node:crypto'
import { DataStore, ERRORS, Server, Upload } from '@tus/server'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Ports } from '../../core/act.ts'
import {
  addToLargeFile,
  beginLargeFile,
  findLargeFile,
  type LargeFile,
  OffsetTaken,
} from '../../core/intake/large-files.ts'
import { MAX_LARGE_BYTES } from '../../core/intake/limits.ts'
import { isOutage } from '../../platform/database/database.ts'

const PATH = '/api/v1/reports/large-files'
const AWAY = { status_code: 503, body: 'Not now; please go on in a minute.\n' }

/** Large videos over bad lines, in pieces: the tus protocol 1.0 (https://tus.io/protocols/resumable-upload) with its extension `creation`. */
export async function serveLargeFiles(app: FastifyInstance, ports: Ports): Promise<void> {
  const server = new Server({
    path: PATH,
    datastore: new LargeFileStore(ports),
    maxSize: MAX_LARGE_BYTES,
    relativeLocation: true,
    // Pages of other hosts have no business here.
    allowedOrigins: [],
    namingFunction: () => randomUUID(),
    onResponseError: async (_request, error) => {
      if (error instanceof OffsetTaken) return ERRORS.INVALID_OFFSET
      if ('status_code' in error) return error
      ports.log.error({ err: error, route: PATH }, isOutage(error) ? 'large-file.away' : 'large-file.failed')
      // What arrived is kept, whatever it was: whoever asks where to go on hears it.
      return AWAY
    },
  })
  await app.register(async (raw) => {
    // The bytes are the store's to read, whatever they call themselves.
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', (_request, _body, done) => done(null))
    const route = (method: readonly string[], url: string) =>
      raw.route({
        method: [...method],
        url,
        schema: { hide: true } as object,
        handler: async (request, reply) => {
          reply.hijack()
          await server.handle(request.raw, reply.raw)
        },
      })
    route(['POST', 'OPTIONS'], PATH)
    route(['HEAD', 'PATCH', 'OPTIONS'], `${PATH}/:id`)
  })
}

class LargeFileStore extends DataStore {
  readonly #ports: Ports
  constructor(ports: Ports) {
    super()
    this.extensions = ['creation']
    this.#ports = ports
  }

  override async create(upload: Upload): Promise<Upload> {
    const name = (upload.metadata?.['filename'] ?? 'video').slice(0, 200)
    if (!(await beginLargeFile(this.#ports, { id: upload.id, size: upload.size!, name }))) throw AWAY
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const { size, received: offset } = await this.#find(id)
    return new Upload({ id, size, offset })
  }

  override async write(source: AsyncIterable<Buffer>, id: string, offset: number): Promise<number> {
    const file = await this.#find(id)
    if (file.received !== offset) throw ERRORS.INVALID_OFFSET
    return addToLargeFile(this.#ports, file, source)
  }

  async #find(id: string): Promise<LargeFile> {
    const file = z.uuid().safeParse(id).success ? await findLargeFile(this.#ports, id) : undefined
    if (file === undefined) throw ERRORS.FILE_NOT_FOUND
    return file
  }
}
