import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ports } from '../../core/act.ts'
import { NotTaken } from '../../core/intake/group-commit.ts'
import type { HookSource, SourceStore } from '../../core/intake/source-store.ts'
import { makeTakeHook } from '../../core/intake/take-hook.ts'
import type { Say } from '../problems.ts'
import { headersOf } from './headers.ts'

interface Hooks {
  readonly ports: Ports
  readonly sources: SourceStore
  readonly say: Say
}

/** No provider sends more at once; each channel's own limit is lower. */
const MAX_BODY = 32 * 1024 * 1024

type Call = FastifyRequest<{ Params: { source: string } }>

/** What channels' providers push to us: one address for each source, the same for their question whether it is ours. */
export async function serveSourceHooks(app: FastifyInstance, { ports, sources, say }: Hooks): Promise<void> {
  const take = makeTakeHook(ports)
  await app.register(async (raw) => {
    // Signatures are made over the bytes as they came, of whatever type.
    raw.removeAllContentTypeParsers()
    raw.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const found = async (request: Call, reply: FastifyReply): Promise<HookSource | undefined> => {
      const { source: id } = request.params
      // What no source can be called, such as a NUL, the database need not be asked for.
      const source = /^[\w.-]{1,80}$/.test(id) ? await sources.hook(id) : undefined
      if (source === undefined) say(request, reply, 'no-such', { values: { what: 'source' } })
      return source
    }

    raw.get('/hooks/sources/:source', HIDDEN, async (request: Call, reply) => {
      const source = await found(request, reply)
      if (source === undefined) return reply
      const query = request.query as Readonly<Record<string, string>>
      const answer = source.webhook.challenge?.(query, source.context.settings)
      if (answer === undefined) return say(request, reply, 'forbidden')
      return reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(answer)
    })

    raw.post('/hooks/sources/:source', { ...HIDDEN, bodyLimit: MAX_BODY }, async (request: Call, reply) => {
      const source = await found(request, reply)
      if (source === undefined) return reply
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const { reply: answer } = source.webhook
      try {
        const taken = await take(source, {
          url: source.context.hookUrl + queryOf(request.url),
          headers: headersOf(request.headers),
          body,
          at: ports.clock.now(),
        })
        if (taken !== 'taken') return say(request, reply, taken)
      } catch (error) {
        if (error instanceof NotTaken) return say(request, reply, 'away')
        throw error
      }
      if (answer === undefined) return reply.code(200).send()
      return reply.code(200).type(answer.contentType).send(answer.body)
    })
  })
}

/** As it came: a URL parsed and written again is another one (`'` becomes %27), over which no signature holds. */
function queryOf(url: string): string {
  const from = url.indexOf('?')
  return from === -1 ? '' : url.slice(from)
}

const HIDDEN = { schema: { hide: true } as object }
