import { z } from 'zod'
import { CASE_STATUSES, NOTICE_EVENTS } from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'
import { text } from './staff.ts'

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
    rating: z
      .object({
        scale: z.array(z.object({ id: z.string(), name: z.string() })),
        given: z.string().nullable(),
        open: z.boolean(),
      })
      .nullable()
      .meta({ description: 'The province’s scale, and what you said' }),
    consents: z.array(
      z.object({
        id: z.uuid(),
        agency: z.string(),
        purpose: z.string(),
        state: z.enum(['asked', 'given', 'refused', 'withdrawn']),
      }),
    ),
    notices: z.array(
      z.object({
        event: z.enum(NOTICE_EVENTS),
        at: z.iso.datetime(),
        text: z.string(),
        files: z
          .array(z.object({ name: z.string(), type: z.string(), size: z.int(), url: z.url() }))
          .meta({ description: 'What came with an answer; links that expire' }),
      }),
    ),
  })
  .meta({ id: 'ReporterView' })

const Opened = {
  app: 'too',
  params: z.object({ code: z.string().max(60) }),
  query: z.object({
    phone: z.string().max(20).optional(),
    key: z.string().max(64).optional(),
    userId: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'Of an app: whose report it must be. It needs neither digits nor key for what it sent' }),
  }),
} as const
const said = {
  200: ReporterView,
  400: Problem,
  401: Problem,
  404: Problem,
  409: Problem,
  422: Problem,
  503: Problem,
} as const

export const rateReport = {
  ...Opened,
  method: 'POST',
  url: '/api/v1/reports/:code/rating',
  summary: 'Say what you think of the answer, by the province’s scale; saying it again changes it',
  tags: ['citizen'],
  body: z.object({ value: text(60), why: text(2000).default('') }),
  reply: said,
} as const satisfies Route

export const verifyContact = {
  ...Opened,
  method: 'POST',
  url: '/api/v1/reports/:code/verification',
  summary: 'Say back the six digits that you were sent: five tries, 30 minutes; without them you are sent new ones',
  tags: ['citizen'],
  body: z.object({
    kind: z.enum(['phone', 'email']),
    code: z
      .string()
      .regex(/^\d{6}$/)
      .optional(),
  }),
  reply: said,
} as const satisfies Route

export const answerConsent = {
  ...Opened,
  method: 'POST',
  url: '/api/v1/reports/:code/consents/:id',
  summary: 'May this agency know who you are, for this purpose? A yes can be taken back',
  tags: ['citizen'],
  params: Opened.params.extend({ id: z.uuid() }),
  body: z.object({ yes: z.boolean() }),
  reply: said,
} as const satisfies Route

export const addToReport = {
  ...Opened,
  method: 'POST',
  url: '/api/v1/reports/:code/additions',
  summary: 'Add to a report, or answer a question about it, as JSON or multipart/form-data with photos and videos',
  tags: ['citizen'],
  reply: {
    201: Accepted,
    400: Problem,
    401: Problem,
    404: Problem,
    413: Problem,
    415: Problem,
    422: Problem,
    503: Problem,
  },
} as const satisfies Route

export const createReport = {
  method: 'POST',
  url: '/api/v1/reports',
  summary: 'Send a report, as JSON or multipart/form-data with photos and videos',
  tags: ['citizen'],
  app: 'too',
  reply: { 201: Accepted, 400: Problem, 401: Problem, 413: Problem, 415: Problem, 422: Problem, 503: Problem },
} as const satisfies Route

export const followReport = {
  method: 'GET',
  url: '/api/v1/reports/:code',
  summary: 'Follow a report by its code and the last four digits of the phone, or by the key of the link',
  tags: ['citizen'],
  ...Opened,
  reply: { 200: ReporterView, 400: Problem, 401: Problem, 404: Problem, 503: Problem },
} as const satisfies Route
