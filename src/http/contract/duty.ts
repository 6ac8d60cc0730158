import { z } from 'zod'
import { OFFICER_NOTICE_EVENTS, OFFICER_ROLES } from '../../core/words.ts'
import type { Route } from './route.ts'
import { at, ById, listOf, Page, refusals, staff, text } from './staff.ts'

const OfficerNoticeRow = z
  .object({
    id: z.uuid(),
    event: z.enum(OFFICER_NOTICE_EVENTS),
    toRole: z.enum(OFFICER_ROLES),
    agencyId: z.string().nullable(),
    userId: z.uuid().nullable(),
    caseId: z.uuid(),
    deadlineId: z.uuid().nullable(),
    level: z.int().nullable(),
    values: z.record(z.string(), z.string()),
    createdAt: at,
    readAt: at.nullable(),
    doneBy: z.string().nullable(),
  })
  .meta({ id: 'OfficerNoticeRow' })

export const listOfficerNotices = {
  ...staff,
  may: 'self',
  method: 'GET',
  url: '/api/v1/officer-notices',
  summary: 'What you are told about clocks that run out and urgent cases, newest first',
  query: Page.extend({ unread: z.stringbool().optional() }),
  reply: { 200: listOf(OfficerNoticeRow), ...refusals },
} as const satisfies Route

export const readOfficerNotice = {
  ...staff,
  may: 'self',
  method: 'POST',
  url: '/api/v1/officer-notices/:id/read',
  summary: 'You have seen it, for all to whom it went',
  params: ById,
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route

export const listRings = {
  ...staff,
  may: 'duty.take',
  method: 'GET',
  url: '/api/v1/rings',
  summary: 'Urgent cases that ring for somebody to take them',
  reply: {
    200: z.object({
      items: z.array(z.object({ id: z.uuid(), caseId: z.uuid(), profile: z.string(), startedAt: at, rung: z.int() })),
    }),
    ...refusals,
  },
} as const satisfies Route

export const takeRing = {
  ...staff,
  may: 'duty.take',
  method: 'POST',
  url: '/api/v1/rings/:id/take',
  summary: 'You take it on; a program cannot',
  params: ById,
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route

export const setRoster = {
  ...staff,
  may: 'duty.manage',
  method: 'POST',
  url: '/api/v1/duty/:profile',
  summary: 'Who is rung for a province, in this order, from now on',
  params: z.object({ profile: text(40) }),
  body: z.object({ userIds: z.array(z.uuid()).max(50) }),
  reply: { 200: z.object({ profile: z.string(), userIds: z.array(z.uuid()) }), ...refusals },
} as const satisfies Route
