import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import type { Ports } from '../core/act.ts'
import { readMetrics } from '../platform/metrics/metrics.ts'

/** For a load balancer and a monitor: alive, ready to take reports, and figures without personal data. */
export function serveHealth(app: FastifyInstance, ports: Ports): void {
  const hidden = { schema: { hide: true } as object }
  app.get('/healthz', hidden, async () => ({ ok: true }))
  app.get('/readyz', hidden, async (_request, reply) => {
    try {
      await ports.db.execute(sql`select 1`)
      return { ok: true, database: 'there' }
    } catch (error) {
      ports.log.warn({ err: error }, 'not.ready')
      return reply.code(503).header('retry-after', '5').send({ ok: false, database: 'away' })
    }
  })
  app.get('/metrics', hidden, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await readMetrics()),
  )
}
