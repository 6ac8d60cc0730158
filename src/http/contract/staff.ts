import { z } from 'zod'
import {
  ASSIGNMENT_ROLES,
  ASSIGNMENT_STATES,
  CASE_STATUSES,
  DELIVERY_KINDS,
  DELIVERY_STATES,
  FAULT_CODES,
} from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'

const at = z.iso.datetime()
/** Pages go by key, never by offset: `after` is the id of the last row seen. */
const Page = z.object({ after: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) })
const ById = z.object({ id: z.uuid() })
/** Without NUL and halves of surrogate pairs: PostgreSQL keeps neither in a text. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0\p{Cs}]*$/u)
const Why = z.object({ why: text(500).trim().min(1) })
const refusals = { 400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem, 503: Problem } as const
const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), after: z.string().nullable() })

export const CaseRow = z
  .object({
    id: z.uuid(),
    code: z.string(),
    title: z.string(),
    status: z.enum(CASE_STATUSES),
    version: z.int(),
    openedAt: at,
    joinedTo: z.uuid().nullable(),
    urgent: z.boolean(),
    unitCode: z.string().nullable(),
    waitingFor: z.string().nullable(),
  })
  .meta({ id: 'CaseRow' })

export const DeliveryRow = z
  .object({
    id: z.uuid(),
    caseId: z.uuid(),
    assignmentId: z.uuid(),
    agencyId: z.string(),
    linkId: z.string().nullable(),
    kind: z.enum(DELIVERY_KINDS),
    state: z.enum(DELIVERY_STATES),
    createdAt: at,
    attempts: z.int(),
    nextAttemptAt: at.nullable(),
    takenAt: at.nullable(),
    officeRef: z.string().nullable(),
    lastFault: z.enum(FAULT_CODES).nullable(),
    lastMessage: z.string().nullable(),
  })
  .meta({ id: 'DeliveryRow' })

export const CaseView = CaseRow.extend({
  reports: z.array(
    z.object({
      id: z.uuid(),
      code: z.string(),
      channel: z.string(),
      receivedAt: at,
      title: z.string(),
      text: z.string(),
      address: z.string().nullable(),
      lat: z.number().nullable(),
      lng: z.number().nullable(),
      identitySecret: z.boolean(),
      contentSecret: z.boolean(),
      files: z.int(),
    }),
  ),
  assignments: z.array(
    z.object({
      id: z.uuid(),
      agencyId: z.string(),
      role: z.enum(ASSIGNMENT_ROLES),
      state: z.enum(ASSIGNMENT_STATES),
      assignedAt: at,
      dueAt: at.nullable(),
      answer: z.string().nullable(),
      returnReason: z.string().nullable(),
    }),
  ),
  deliveries: z.array(DeliveryRow),
  notices: z.array(
    z.object({ reportId: z.uuid(), event: z.string(), channel: z.string(), state: z.string(), sentAt: at.nullable() }),
  ),
  history: z.array(
    z.object({ seq: z.int(), at, actor: z.string(), kind: z.string(), body: z.record(z.string(), z.unknown()) }),
  ),
}).meta({ id: 'CaseView' })

const Traced = z.object({ line: z.string(), headers: z.string(), body: z.string() })
const Exchange = z.object({
  at,
  request: Traced,
  response: Traced.extend({ status: z.int() }).nullable(),
  durationMs: z.number(),
  error: z.string().nullable(),
})

const staff = { tags: ['staff'] } as const

export const listCases = {
  ...staff,
  method: 'GET',
  url: '/api/v1/cases',
  summary: 'Cases, newest first',
  query: Page.extend({ status: z.enum(CASE_STATUSES).optional(), code: text(60).optional() }),
  reply: { 200: listOf(CaseRow), ...refusals },
} as const satisfies Route

export const showCase = {
  ...staff,
  method: 'GET',
  url: '/api/v1/cases/:id',
  summary: 'A case with its reports, assignments, deliveries, notices and history',
  params: ById,
  reply: { 200: CaseView, ...refusals },
} as const satisfies Route

export const assignCase = {
  ...staff,
  method: 'POST',
  url: '/api/v1/cases/:id/assign',
  summary: 'Give a waiting case to an agency; 409 when it changed since `version`',
  params: ById,
  body: z.object({ agencyId: text(80), version: z.int() }),
  reply: { 200: CaseRow, ...refusals },
} as const satisfies Route

export const listSubmissions = {
  ...staff,
  method: 'GET',
  url: '/api/v1/submissions',
  summary: 'What was sent, newest first, with the report and case that it became',
  query: Page,
  reply: {
    200: listOf(
      z.object({
        id: z.uuid(),
        code: z.string(),
        sourceId: z.string(),
        receivedAt: at,
        reportId: z.uuid().nullable(),
        caseId: z.uuid().nullable(),
        survivorId: z.uuid().nullable(),
        erased: z.boolean(),
      }),
    ),
    ...refusals,
  },
} as const satisfies Route

export const listDeliveries = {
  ...staff,
  method: 'GET',
  url: '/api/v1/deliveries',
  summary:
    'Deliveries, newest first; `state=exhausted`, `rejected`, `failed` and `waiting` are the lists with an owner',
  query: Page.extend({ state: z.enum(DELIVERY_STATES).optional(), link: text(80).optional() }),
  reply: { 200: listOf(DeliveryRow), ...refusals },
} as const satisfies Route

export const showDelivery = {
  ...staff,
  method: 'GET',
  url: '/api/v1/deliveries/:id',
  summary: 'A delivery with every exchange that can still be read; secrets are redacted',
  params: ById,
  reply: { 200: DeliveryRow.extend({ exchanges: z.array(Exchange) }), ...refusals },
} as const satisfies Route

export const replayDelivery = {
  ...staff,
  method: 'POST',
  url: '/api/v1/deliveries/:id/replay',
  summary: 'Send again now, under the same key; safe at any time',
  params: ById,
  reply: { 200: DeliveryRow, ...refusals },
} as const satisfies Route

export const giveUpDelivery = {
  ...staff,
  method: 'POST',
  url: '/api/v1/deliveries/:id/give-up',
  summary: 'Stop trying, with a reason; the case goes back to triage',
  params: ById,
  body: Why,
  reply: { 200: DeliveryRow, ...refusals },
} as const satisfies Route

export const listUpdates = {
  ...staff,
  method: 'GET',
  url: '/api/v1/updates',
  summary: 'What offices sent back; `outcome=unknown` waits for a person',
  query: Page.extend({ outcome: z.enum(['applied', 'late', 'unknown']).optional() }),
  reply: {
    200: listOf(
      z.object({
        id: z.uuid(),
        linkId: z.string(),
        event: z.string(),
        of: z.string(),
        kind: z.string(),
        rawCode: z.string(),
        at,
        receivedAt: at,
        text: z.string(),
        outcome: z.string(),
        assignmentId: z.uuid().nullable(),
      }),
    ),
    ...refusals,
  },
} as const satisfies Route

export const listDeadTasks = {
  ...staff,
  method: 'GET',
  url: '/api/v1/tasks/dead',
  summary: 'Work that failed through a fault of ours, for IT',
  query: Page,
  reply: {
    200: listOf(
      z.object({
        id: z.uuid(),
        kind: z.string(),
        ref: z.string(),
        attempts: z.int(),
        lastError: z.string().nullable(),
        due: at,
      }),
    ),
    ...refusals,
  },
} as const satisfies Route

export const replayTask = {
  ...staff,
  method: 'POST',
  url: '/api/v1/tasks/:id/replay',
  summary: 'Try a dead task again now',
  params: ById,
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route

export const listSources = {
  ...staff,
  method: 'GET',
  url: '/api/v1/sources',
  summary: 'Sources; secrets are never given',
  reply: {
    200: z.object({
      items: z.array(
        z.object({ id: z.string(), kind: z.string(), name: z.string(), profile: z.string(), state: z.string() }),
      ),
    }),
    ...refusals,
  },
} as const satisfies Route

export const LinkRow = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  serves: z.array(z.string()),
  state: z.enum(['on', 'paused']),
  pausedWhy: z.string().nullable(),
})

export const listLinks = {
  ...staff,
  method: 'GET',
  url: '/api/v1/links',
  summary: 'Links; secrets are never given',
  reply: { 200: z.object({ items: z.array(LinkRow) }), ...refusals },
} as const satisfies Route

const LinkById = z.object({ id: text(80) })

export const pauseLink = {
  ...staff,
  method: 'POST',
  url: '/api/v1/links/:id/pause',
  summary: 'Stop sending by this link; deliveries wait',
  params: LinkById,
  body: Why,
  reply: { 200: LinkRow, ...refusals },
} as const satisfies Route

export const resumeLink = {
  ...staff,
  method: 'POST',
  url: '/api/v1/links/:id/resume',
  summary: 'Send by this link again',
  params: LinkById,
  reply: { 200: LinkRow, ...refusals },
} as const satisfies Route

export const listAgencies = {
  ...staff,
  method: 'GET',
  url: '/api/v1/agencies',
  summary: 'Agencies of every period, with their codes and dates',
  reply: {
    200: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          code: z.string(),
          name: z.string(),
          unitCode: z.string().nullable(),
          validFrom: z.string(),
          validTo: z.string().nullable(),
        }),
      ),
    }),
    ...refusals,
  },
} as const satisfies Route
