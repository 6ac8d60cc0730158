import { z } from 'zod'
import { NOTICE_EVENTS, NOTICE_STATES } from '../../core/words.ts'
import type { Route } from './route.ts'
import { at, ById, listOf, Page, refusals, staff, text } from './staff.ts'

const NotTaken = z
  .object({
    id: z.uuid(),
    sourceId: z.string(),
    receivedAt: at,
    contentType: z.string(),
    state: z.enum(['quarantined', 'set-aside']),
    reason: z.string(),
    reasonText: z.string(),
  })
  .meta({ id: 'NotTaken' })

export const listQuarantine = {
  ...staff,
  may: 'quarantine.read',
  method: 'GET',
  url: '/api/v1/quarantine',
  summary: 'What could not be read (`state=quarantined`) and what is no report (`set-aside`), newest first',
  query: Page.extend({ state: z.enum(['quarantined', 'set-aside']).optional() }),
  reply: { 200: listOf(NotTaken), ...refusals },
} as const satisfies Route

export const takeIn = {
  ...staff,
  may: 'quarantine.take-in',
  method: 'POST',
  url: '/api/v1/quarantine/:id/take-in',
  summary: 'Read it again, or take it in as the report that it is after all',
  params: ById,
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route

export const previewSource = {
  ...staff,
  may: 'source.read',
  method: 'GET',
  url: '/api/v1/sources/:id/preview',
  summary:
    'Before a source is switched on: how much waits there, and what the newest of it would become; changes nothing',
  params: z.object({ id: text(80) }),
  query: z.object({ newest: z.coerce.number().int().min(0).max(50).default(50) }),
  reply: {
    200: z.object({
      since: z.string(),
      places: z.array(z.object({ place: z.string(), use: z.string().optional() })),
      waiting: z.array(z.object({ place: z.string(), count: z.int() })),
      newest: z.array(
        z.object({
          place: z.string(),
          receivedAt: at,
          becomes: z.enum(['report', 'addition', 'revision', 'receipt', 'set-aside', 'quarantined']),
          reason: z.string().nullable(),
          title: z.string().nullable(),
          files: z.int(),
        }),
      ),
    }),
    ...refusals,
  },
} as const satisfies Route

const SourceRow = z
  .object({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    profile: z.string(),
    state: z.string(),
    listening: z.boolean().meta({ description: 'A process keeps a connection to it' }),
    caughtUpAt: at.nullable().meta({ description: 'Since when everything that waited there is taken in' }),
    lastReceivedAt: at.nullable(),
    lastFault: z.string().nullable(),
    lastFaultAt: at.nullable(),
    badSignatures: z.int().meta({ description: 'Calls whose signature did not hold' }),
    lastBadSignatureAt: at.nullable(),
    lastRefusal: z.string().nullable().meta({ description: 'What was turned away last, and why' }),
    lastRefusalAt: at.nullable(),
    reconciledAt: at
      .nullable()
      .meta({ description: 'When its provider was last asked for what it may have failed to bring' }),
    backlog: z.int().meta({ description: 'Taken in and not read yet' }),
  })
  .meta({ id: 'SourceRow' })

export const listSources = {
  ...staff,
  may: 'source.read',
  method: 'GET',
  url: '/api/v1/sources',
  summary: 'Sources and how they are; secrets are never given',
  reply: { 200: z.object({ items: z.array(SourceRow) }), ...refusals },
} as const satisfies Route

export const listNotices = {
  ...staff,
  may: 'notice.read',
  method: 'GET',
  url: '/api/v1/notices',
  summary: 'Notices to reporters, newest first; `state=failed` could not be brought to them',
  query: Page.extend({ state: z.enum(NOTICE_STATES).optional() }),
  reply: {
    200: listOf(
      z.object({
        id: z.uuid(),
        code: z.string(),
        event: z.enum(NOTICE_EVENTS),
        channel: z.string(),
        state: z.enum(NOTICE_STATES),
        createdAt: at,
        sentAt: at.nullable(),
        attempts: z.int(),
        lastFault: z.string().nullable(),
        lastMessage: z.string().nullable(),
      }),
    ),
    ...refusals,
  },
} as const satisfies Route
