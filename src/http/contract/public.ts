import { z } from 'zod'
import { PUBLIC_STATUSES } from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'
import { text } from './staff.ts'

const degrees = (most: number) => z.coerce.number().min(-most).max(most)
const Corners = z.tuple([degrees(180), degrees(90), degrees(180), degrees(90)])

/** Written as one word, as every program takes it along. */
const Bbox = z
  .string()
  .max(200)
  .transform((written, ctx) => {
    const corners = Corners.safeParse(written.split(','))
    if (corners.success && corners.data[0] <= corners.data[2] && corners.data[1] <= corners.data[3]) return corners.data
    ctx.addIssue({ code: 'custom', message: 'west,south,east,north in degrees' })
    return z.NEVER
  })
  .meta({ description: 'west,south,east,north in degrees (RFC 7946 §5)', example: '103,21,103.1,21.5' })

const After = z
  .string()
  .regex(/^[0-9a-z]{1,10}\.[0-9a-f-]{36}$/)
  .transform((written) => {
    const [at = '', id = ''] = written.split('.')
    return { publishedAt: new Date(Number.parseInt(at, 36)), id }
  })
export const writtenPlace = ({ publishedAt, id }: z.output<typeof After>): string =>
  `${publishedAt.getTime().toString(36)}.${id}`

const Filters = {
  bbox: Bbox.optional(),
  category: text(200)
    .transform((ids) => ids.split(',').flatMap((id) => id.trim() || []))
    .optional()
    .meta({ description: 'Ids of categories, with commas' }),
  status: z.enum(PUBLIC_STATUSES).optional(),
  since: z.iso.datetime({ offset: true }).optional().meta({ description: 'Published since' }),
}

const Shown = {
  code: z.string(),
  title: z.string(),
  category: z.string().nullable(),
  status: z.enum(PUBLIC_STATUSES),
  receivedAt: z.iso.datetime(),
  publishedAt: z.iso.datetime(),
}

export const listPublic = {
  method: 'GET',
  url: '/api/v1/public/reports',
  summary: 'What the province has published: matters and their answers, newest first, never who reported them',
  tags: ['public'],
  query: z.object({
    ...Filters,
    code: z.string().max(60).optional(),
    after: After.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  reply: {
    200: z.object({
      items: z.array(
        z.object({
          ...Shown,
          text: z.string(),
          answer: z.string(),
          address: z.string().nullable(),
          point: z
            .object({ lat: z.number(), lng: z.number() })
            .nullable()
            .meta({ description: 'To some 100 m where the province keeps secret who reported it' }),
        }),
      ),
      after: z.string().nullable().meta({ description: 'Where the next page begins' }),
    }),
    400: Problem,
    503: Problem,
  },
} as const satisfies Route

export const mapPublic = {
  method: 'GET',
  url: '/api/v1/public/reports.geojson',
  summary: 'The same for a map (RFC 7946): those with a place, the newest 1000',
  tags: ['public'],
  query: z.object(Filters),
  reply: {
    200: z.object({
      type: z.literal('FeatureCollection'),
      features: z.array(
        z.object({
          type: z.literal('Feature'),
          id: z.string(),
          geometry: z.object({ type: z.literal('Point'), coordinates: z.tuple([z.number(), z.number()]) }),
          properties: z.object(Shown),
        }),
      ),
      more: z.boolean().meta({ description: 'There are older ones: ask for less' }),
    }),
    400: Problem,
    503: Problem,
  },
} as const satisfies Route
