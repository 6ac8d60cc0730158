import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { type PublicReport, publicReports } from '../../core/clients/public-reports.ts'
import { parseCode } from '../../normalize/code.ts'
import type { Intake } from '../citizen/intake.ts'
import { listPublic, mapPublic, writtenPlace } from '../contract/public.ts'
import { type Serving, schemaOf } from '../serve.ts'

/** What fits on a map and into a telephone. */
const MOST_ON_MAP = 1000
/** Published is for everybody; what is hidden or taken back afterwards is gone from every cache within a minute. */
const KEPT = 'public, max-age=60'

type List = z.output<typeof listPublic.query>
type Map = z.output<typeof mapPublic.query>

/** Open to everybody, pages of other hosts too. */
export function servePublic({ app }: Serving, { ports }: Intake): void {
  app.route({
    ...{ method: listPublic.method, url: listPublic.url, schema: schemaOf(listPublic) },
    handler: async (request, reply) => {
      const { code, after, limit, ...filters } = request.query as List
      // What is no code is nobody's.
      const one = code === undefined ? {} : { code: parseCode(code) ?? '' }
      const found = await publicReports(ports, { ...asked(filters), ...one, after, limit })
      return send(request, reply.type('application/json; charset=utf-8'), {
        items: found.items.map((item) => ({
          ...shown(item),
          ...{ text: item.text, answer: item.answer, address: item.address, point: item.point },
        })),
        after: found.after && writtenPlace(found.after),
      })
    },
  })
  app.route({
    ...{ method: mapPublic.method, url: mapPublic.url, schema: schemaOf(mapPublic) },
    handler: async (request, reply) => {
      const filters = asked(request.query as Map)
      const { items, after } = await publicReports(ports, { ...filters, placed: true, limit: MOST_ON_MAP })
      return send(request, reply.type('application/geo+json'), {
        type: 'FeatureCollection' as const,
        features: items.flatMap((item) => {
          if (item.point === null) return []
          const { lat, lng } = item.point
          return [
            {
              ...{ type: 'Feature' as const, id: item.code, properties: shown(item) },
              geometry: { type: 'Point' as const, coordinates: [lng, lat] as [number, number] },
            },
          ]
        }),
        more: after !== null,
      })
    },
  })
}

function asked({ bbox: box, category: categories, status, since }: Map) {
  return { box, categories, status, since: since === undefined ? undefined : new Date(since) }
}

function shown({ code, title, category, status, receivedAt, publishedAt }: PublicReport) {
  return {
    ...{ code, title, category, status },
    ...{ receivedAt: receivedAt.toISOString(), publishedAt: publishedAt.toISOString() },
  }
}

/** With a name for what it says (RFC 9110 §8.8.3): whoever has it already gets that word alone. */
function send(request: FastifyRequest, reply: FastifyReply, answer: object): FastifyReply {
  const etag = `"${createHash('sha256').update(JSON.stringify(answer)).digest('base64url').slice(0, 22)}"`
  reply.headers({ 'cache-control': KEPT, etag, 'access-control-allow-origin': '*' })
  const known = request.headers['if-none-match']?.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return known?.some((one) => one === etag || one === '*') ? reply.code(304).send() : reply.code(200).send(answer)
}
