import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Ports } from '../../core/act.ts'
import { openServedFile } from '../../core/intake/served-file.ts'
import type { Say } from '../problems.ts'

const Asked = z.object({ expires: z.string().regex(/^\d{1,12}$/), signature: z.string().max(64) })

/** Outside `/api`, where no cookie is ever set; downloads only, so that nothing a citizen sent is ever shown as a page of ours. */
export function serveFiles(app: FastifyInstance, ports: Ports, say: Say): void {
  app.get<{ Params: { id: string } }>('/files/:id', { schema: { hide: true } as object }, async (request, reply) => {
    const asked = Asked.safeParse(request.query)
    const file = asked.success && (await openServedFile(ports, { id: request.params.id, ...asked.data }))
    if (!file) return say(request, reply, 'no-such', { values: { what: 'file' } })
    return reply
      .headers({
        'content-type': file.type,
        'content-length': String(file.size),
        'content-disposition': `attachment; filename="${file.name}"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': 'private, no-store',
        'cross-origin-resource-policy': 'same-origin',
      })
      .send(file.bytes)
  })
}
