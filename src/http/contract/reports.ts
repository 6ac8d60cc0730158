import { z } from 'zod'
import { CASE_STATUSES, NOTICE_EVENTS } from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'

export const Accepted = z
  .object({
    code: z.string().meta({
      description: 'Seven random symbols and a check symbol, made to be read over the phone',
      example: 'DB-26-7K3M-9QXT',
    }),
    status: z.literal('received'),
    link: z.url().meta({ description: 'Opens the reporter’s view; whoever has it may read it' }),
    message: z.string(),
  })
  .meta({ id: 'Accepted' })

export const ReporterView = z
  .object({
    code: z.string(),
    receivedAt: z.iso.datetime(),
    status: z.enum(CASE_STATUSES),
    statusText: z.string(),
    title: z.string().nullable(),
    notices: z.array(z.object({ event: z.enum(NOTICE_EVENTS), at: z.iso.datetime(), text: z.string() })),
  })
  .meta({ id: 'ReporterView' })

export const createReport = {
  method: 'POST',
  url: '/api/v1/reports',
  summary: 'Send a report, as JSON or multipart/form-data with photos and videos',
  tags: ['citizen'],
  reply: { 201: Accepted, 400: Problem, 413: Problem, 415: Problem, 422: Problem, 503: Problem },
} as const satisfies Route

export const followReport = {
  method: 'GET',
  url: '/api/v1/reports/:code',
  summary: 'Follow a report by its code and the last four digits of the phone, or by the key of the link',
  tags: ['citizen'],
  params: z.object({ code: z.string().max(60) }),
  query: z.object({ phone: z.string().max(20).optional(), key: z.string().max(64).optional() }),
  reply: { 200: ReporterView, 400: Problem, 404: Problem, 503: Problem },
} as const satisfies Route
