import { z } from 'zod'
import { ROLES } from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'
import { at, ById, listOf, Page, refusals, staff, text, Why } from './staff.ts'

/** Roles `agency` and `leader` hold for these agencies; the others know none. */
const Agencies = z.union([z.literal('all'), z.array(text(80).min(1)).max(500)]).default([])
const Granted = { roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length), agencies: Agencies }

const UserRow = z
  .object({
    id: z.uuid(),
    login: z.string(),
    name: z.string(),
    contacts: z.object({ phone: z.string().optional(), email: z.string().optional() }),
    state: z.enum(['active', 'disabled']),
    createdAt: at,
    lastSeenAt: at.nullable(),
    lockedUntil: at.nullable(),
    secondFactor: z.boolean(),
    mustChange: z.boolean(),
    roles: z.array(z.enum(ROLES)),
    agencies: z.union([z.literal('all'), z.array(z.string())]),
  })
  .meta({ id: 'UserRow' })
const Temporary = z
  .object({ id: z.uuid(), password: z.string() })
  .meta({ description: 'To be handed over; opens nothing but its own change' })
const Changed = z.object({ id: z.uuid() })

export const listUsers = {
  ...staff,
  may: 'user.read',
  method: 'GET',
  url: '/api/v1/users',
  summary: 'Officers, by login',
  reply: { 200: z.object({ items: z.array(UserRow) }), ...refusals },
} as const satisfies Route

export const addUser = {
  ...staff,
  may: 'user.manage',
  method: 'POST',
  url: '/api/v1/users',
  summary: 'An account for one person, with a temporary password in the answer',
  body: z.object({
    login: text(60)
      .trim()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u),
    name: text(200).trim().min(1),
    contacts: z.object({ phone: text(30).optional(), email: text(200).optional() }).default({}),
    ...Granted,
  }),
  reply: { 200: Temporary, ...refusals },
} as const satisfies Route

const onUser = { ...staff, may: 'user.manage', method: 'POST', params: ById } as const

export const setRoles = {
  ...onUser,
  url: '/api/v1/users/:id/roles',
  summary: 'Other roles in place of those before; nobody changes their own',
  body: z.object(Granted),
  reply: { 200: Changed, ...refusals },
} as const satisfies Route

export const disableUser = {
  ...onUser,
  url: '/api/v1/users/:id/disable',
  summary: 'They sign in no more, and every session of theirs ends',
  body: Why,
  reply: { 200: Changed, ...refusals },
} as const satisfies Route

export const enableUser = {
  ...onUser,
  url: '/api/v1/users/:id/enable',
  summary: 'They may sign in again',
  reply: { 200: Changed, ...refusals },
} as const satisfies Route

export const unlockUser = {
  ...onUser,
  url: '/api/v1/users/:id/unlock',
  summary: 'Before the lock after wrong passwords is over',
  reply: { 200: Changed, ...refusals },
} as const satisfies Route

export const resetUser = {
  ...onUser,
  url: '/api/v1/users/:id/reset',
  summary: 'A temporary password and no second factor, for who has lost one or the other',
  reply: { 200: Temporary, ...refusals },
} as const satisfies Route

const TokenRow = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: at,
    madeBy: z.string(),
    roles: z.array(z.enum(ROLES)),
    agencies: z.union([z.literal('all'), z.array(z.string())]),
    expiresAt: at.nullable(),
    endedAt: at.nullable(),
    lastUsedAt: at.nullable(),
  })
  .meta({ id: 'TokenRow' })

export const listTokens = {
  ...staff,
  may: 'token.read',
  method: 'GET',
  url: '/api/v1/tokens',
  summary: 'Tokens of programs, those that ended too; never a token itself',
  reply: { 200: z.object({ items: z.array(TokenRow) }), ...refusals },
} as const satisfies Route

export const makeToken = {
  ...staff,
  may: 'token.manage',
  method: 'POST',
  url: '/api/v1/tokens',
  summary: 'A token for a program, in the answer this once',
  body: z.object({ name: text(200).trim().min(1), ...Granted, expiresAt: at.nullable() }),
  reply: { 200: z.object({ id: z.string(), token: z.string() }), ...refusals },
} as const satisfies Route

export const endToken = {
  ...staff,
  may: 'token.manage',
  method: 'POST',
  url: '/api/v1/tokens/:id/end',
  summary: 'From now on it is nobody’s',
  params: z.object({ id: text(80) }),
  reply: { 200: z.object({ id: z.string() }), ...refusals },
} as const satisfies Route

export const listLog = {
  ...staff,
  may: 'log.read',
  method: 'GET',
  url: '/api/v1/security-log',
  summary: 'Who signed in, who was refused, who changed accounts, who looked at whose identity; newest first',
  query: Page.extend({
    event: text(60).optional(),
    actor: text(80).optional(),
    from: at.optional(),
    to: at.optional(),
  }),
  reply: {
    200: listOf(
      z.object({
        id: z.uuid(),
        at,
        event: z.string(),
        actor: z.string(),
        source: z.string().nullable(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    ...refusals,
  },
} as const satisfies Route

export const revealReporter = {
  ...staff,
  may: 'identity.reveal',
  method: 'POST',
  url: '/api/v1/reporters/:id/reveal',
  summary: 'Who sent a report, for a reason that is written into the case’s history; so many an hour',
  params: ById,
  body: Why,
  reply: {
    200: z.object({
      name: z.string().nullable(),
      phone: z.string().nullable(),
      email: z.string().nullable(),
      address: z.string().nullable(),
    }),
    ...refusals,
    429: Problem,
  },
} as const satisfies Route
