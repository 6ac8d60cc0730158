import { z } from 'zod'
import {
  ASKABLE,
  ASSIGNMENT_ROLES,
  ASSIGNMENT_STATES,
  CASE_STATUSES,
  DEADLINE_STATES,
  DELIVERY_KINDS,
  DELIVERY_STATES,
  FAULT_CODES,
  LATER_WORDS,
} from '../../core/words.ts'
import { Exchange } from './exchange.ts'
import { Problem } from './problem.ts'
import { FieldRead } from './readings.ts'
import type { Route } from './route.ts'

export const at = z.iso.datetime()
/** Pages go by key, never by offset: `after` is the id of the last row seen. */
export const Page = z.object({ after: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) })
export const ById = z.object({ id: z.uuid() })
/** Without NUL and halves of surrogate pairs: PostgreSQL keeps neither in a text. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0\p{Cs}]*$/u)
export const Why = z.object({ why: text(500).trim().min(1) })
export const refusals = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  422: Problem,
  503: Problem,
} as const
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), after: z.string().nullable() })

export const CaseRow = z
  .object({
    id: z.uuid(),
    code: z.string(),
    title: z.string(),
    status: z.enum(CASE_STATUSES),
    version: z.int().meta({
      description:
        'Grows with each line of its history; said back with an operation, so that nobody acts on what has changed',
    }),
    openedAt: at,
    joinedTo: z.uuid().nullable(),
    urgent: z.boolean(),
    urgentKind: z.string().nullable(),
    category: z.string().nullable(),
    complex: z.boolean(),
    unitCode: z.string().nullable(),
    waitingFor: z.string().nullable(),
    heldGroup: z.uuid().nullable().meta({ description: 'Where it is held: one for all that is held of this sender' }),
    proposedAgencyId: z.string().nullable(),
    hidden: z.boolean(),
    repliedAt: at.nullable(),
    publishedAt: at.nullable(),
    disputes: z.int(),
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
    purpose: z.enum(['', 'identity', 'revision']),
    state: z.enum(DELIVERY_STATES),
    createdAt: at,
    attempts: z.int(),
    nextAttemptAt: at.nullable(),
    takenAt: at.nullable(),
    takenVia: z.enum(['telephone', 'desk']).nullable().meta({ description: 'Otherwise than by its link' }),
    officeRef: z.string().nullable(),
    documentId: z.string().nullable(),
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
      contacts: z
        .array(z.object({ kind: z.enum(['phone', 'email']), verifiedAt: at.nullable() }))
        .meta({ description: 'What the reporter left, and whether it is known to be theirs; not the contact itself' }),
      files: z.int(),
      follows: z.uuid().nullable().meta({ description: 'The report that it goes on from' }),
      beside: z.uuid().nullable().meta({ description: 'The case that it may belong to' }),
      says: z.enum(LATER_WORDS).nullable().meta({ description: 'What it is to that one' }),
      askedFor: z.array(z.enum(ASKABLE)).nullable().meta({ description: 'What its sender was asked for at once' }),
      answeredAt: at.nullable(),
      readings: z
        .record(z.string(), FieldRead)
        .meta({ description: 'Each field that was read from it, with the reason and what an officer corrected' }),
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
      handledAt: at.nullable(),
      returnReason: z.string().nullable(),
      proposedAgencyId: z.string().nullable(),
      passedFrom: z.uuid().nullable(),
      committedFor: z.iso.date().nullable(),
      round: z.int(),
    }),
  ),
  deliveries: z.array(DeliveryRow),
  notices: z.array(
    z.object({
      reportId: z.uuid(),
      event: z.string(),
      channel: z.string(),
      state: z.string(),
      createdAt: at,
      sentAt: at.nullable(),
    }),
  ),
  words: z.array(
    z.object({
      id: z.uuid(),
      assignmentId: z.uuid(),
      kind: z.string(),
      text: z.string(),
      by: z.string(),
      at,
      committedFor: z.iso.date().nullable(),
    }),
  ),
  deadlines: z.array(
    z.object({
      id: z.uuid(),
      assignmentId: z.uuid().nullable(),
      agencyId: z.string().nullable(),
      step: z.string(),
      source: z.string().meta({ description: 'Decision and article' }),
      owner: z.string(),
      towards: z.string(),
      startedBy: z.string(),
      startedAt: at,
      dueAt: at,
      state: z.enum(DEADLINE_STATES),
      missedAt: at.nullable(),
      endedAt: at.nullable(),
      uncertain: z.boolean().meta({ description: 'A year that it runs through has no official calendar yet' }),
    }),
  ),
  consents: z.array(
    z.object({
      id: z.uuid(),
      reportId: z.uuid(),
      assignmentId: z.uuid(),
      agencyId: z.string(),
      purpose: z.string(),
      state: z.string(),
      askedAt: at,
      answeredAt: at.nullable(),
      proof: z.string().nullable(),
    }),
  ),
  ratings: z.array(z.object({ reportId: z.uuid(), round: z.int(), value: z.string(), why: z.string(), at })),
  history: z.array(
    z.object({ seq: z.int(), at, actor: z.string(), kind: z.string(), body: z.record(z.string(), z.unknown()) }),
  ),
}).meta({ id: 'CaseView' })

export const staff = { tags: ['staff'] } as const

export const listCases = {
  ...staff,
  may: 'case.read',
  method: 'GET',
  url: '/api/v1/cases',
  summary: 'Cases, newest first',
  query: Page.extend({
    status: z.enum(CASE_STATUSES).optional(),
    code: text(60).optional(),
    waitingFor: text(40).optional().meta({ description: 'Such as `held`' }),
  }),
  reply: { 200: listOf(CaseRow), ...refusals },
} as const satisfies Route

export const showCase = {
  ...staff,
  may: 'case.read',
  method: 'GET',
  url: '/api/v1/cases/:id',
  summary: 'A case with its reports, assignments, deliveries, notices and history',
  params: ById,
  reply: { 200: CaseView, ...refusals },
} as const satisfies Route

export const listSubmissions = {
  ...staff,
  may: 'case.read',
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
        partOf: z.uuid().nullable().meta({ description: 'The submission whose report it was added to' }),
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
  may: 'delivery.read',
  method: 'GET',
  url: '/api/v1/deliveries',
  summary:
    'Deliveries, newest first; `state=exhausted`, `rejected`, `failed` and `waiting` are the lists with an owner',
  query: Page.extend({ state: z.enum(DELIVERY_STATES).optional(), link: text(80).optional() }),
  reply: { 200: listOf(DeliveryRow), ...refusals },
} as const satisfies Route

export const showDelivery = {
  ...staff,
  may: 'delivery.read',
  method: 'GET',
  url: '/api/v1/deliveries/:id',
  summary: 'A delivery with every exchange that can still be read; secrets are redacted',
  params: ById,
  reply: { 200: DeliveryRow.extend({ exchanges: z.array(Exchange) }), ...refusals },
} as const satisfies Route

export const replayDelivery = {
  ...staff,
  may: 'delivery.replay',
  method: 'POST',
  url: '/api/v1/deliveries/:id/replay',
  summary: 'Send again now, under the same key; safe at any time',
  params: ById,
  reply: { 200: DeliveryRow, ...refusals },
} as const satisfies Route

export const giveUpDelivery = {
  ...staff,
  may: 'delivery.give-up',
  method: 'POST',
  url: '/api/v1/deliveries/:id/give-up',
  summary: 'Stop trying, with a reason; the case goes back to triage',
  params: ById,
  body: Why,
  reply: { 200: DeliveryRow, ...refusals },
} as const satisfies Route

export const listUpdates = {
  ...staff,
  may: 'delivery.read',
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
  may: 'task.read',
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
  may: 'task.replay',
  method: 'POST',
  url: '/api/v1/tasks/:id/replay',
  summary: 'Try a dead task again now',
  params: ById,
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route
