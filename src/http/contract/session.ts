import { z } from 'zod'
import { ACTIONS, ROLES } from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'
import { at, refusals, staff, text } from './staff.ts'

const Password = z.string().min(1).max(200)
const Code = z.object({ code: z.string().regex(/^\d{6}$/) })

export const WhoAmI = z
  .object({
    id: z.string(),
    login: z.string().nullable(),
    name: z.string().nullable(),
    state: z.enum(['idle', 'second-step', 'must-enrol', 'must-change', 'open']).meta({
      description:
        'What the session still waits for: the password after a pause, the code, a second factor, another password; `open`: nothing',
    }),
    secondFactor: z.boolean(),
    roles: z.array(z.enum(ROLES)),
    agencies: z.union([z.literal('all'), z.array(z.string())]),
    may: z.array(z.enum(ACTIONS)).meta({ description: 'In some case at least; which one, its own `can` says' }),
    endsAt: at.nullable(),
    idleMinutes: z.int().nullable(),
  })
  .meta({ id: 'WhoAmI' })

export const signIn = {
  method: 'POST',
  url: '/api/v1/session',
  summary: 'Sign in: a cookie for a browser, or with `as=bearer` a token for a program, and what is still asked for',
  tags: ['session'],
  body: z.object({ login: text(100).min(1), password: Password, as: z.enum(['cookie', 'bearer']).default('cookie') }),
  reply: {
    200: WhoAmI.extend({ token: z.string().optional() }),
    400: Problem,
    401: Problem,
    403: Problem,
    503: Problem,
  },
} as const satisfies Route

export const whoAmI = {
  ...staff,
  may: 'begun',
  method: 'GET',
  url: '/api/v1/session',
  summary: 'Who I am, what I may, and what the session waits for',
  reply: { 200: WhoAmI, ...refusals },
} as const satisfies Route

export const signOut = {
  ...staff,
  may: 'begun',
  method: 'DELETE',
  url: '/api/v1/session',
  summary: 'Sign out',
  reply: { 200: z.object({ id: z.string() }), ...refusals },
} as const satisfies Route

export const giveCode = {
  ...staff,
  may: 'begun',
  method: 'POST',
  url: '/api/v1/session/code',
  summary: 'The second step: the code of the authenticator, each once',
  body: Code,
  reply: { 200: WhoAmI, ...refusals },
} as const satisfies Route

export const unlockSession = {
  ...staff,
  may: 'begun',
  method: 'POST',
  url: '/api/v1/session/unlock',
  summary: 'Go on after a pause, with the password',
  body: z.object({ password: Password }),
  reply: { 200: WhoAmI, ...refusals },
} as const satisfies Route

export const changePassword = {
  ...staff,
  may: 'self',
  method: 'POST',
  url: '/api/v1/session/password',
  summary: 'Another password; every other session of one’s own ends',
  body: z.object({ current: Password, next: Password }),
  reply: { 200: WhoAmI, ...refusals },
} as const satisfies Route

export const enrol = {
  ...staff,
  may: 'self',
  method: 'POST',
  url: '/api/v1/session/totp',
  summary: 'Begin with a second factor (RFC 6238); it holds once a code of it was given',
  body: z.object({ password: Password }),
  reply: { 200: z.object({ secret: z.string(), uri: z.string() }), ...refusals },
} as const satisfies Route

export const confirmEnrolment = {
  ...staff,
  may: 'self',
  method: 'POST',
  url: '/api/v1/session/totp/confirm',
  summary: 'The first code of the new second factor',
  body: Code,
  reply: { 200: WhoAmI, ...refusals },
} as const satisfies Route
