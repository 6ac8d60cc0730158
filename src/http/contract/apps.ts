import { z } from 'zod'
import { CASE_STATUSES } from '../../core/words.ts'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'
import { text } from './staff.ts'

/** RFC 6749 §5.1. */
const Token = z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int() })

/** RFC 6749 §5.2. */
const TokenRefused = z.object({
  error: z.enum(['invalid_request', 'invalid_client', 'unsupported_grant_type']),
  error_description: z.string(),
})

export const giveToken = {
  method: 'POST',
  url: '/api/v1/oauth/token',
  summary: 'A token for an app, good for an hour: OAuth 2 client credentials, by HTTP Basic or in the form',
  tags: ['app'],
  reply: { 200: Token, 400: TokenRefused, 401: TokenRefused, 429: Problem, 503: Problem },
} as const satisfies Route

export const listOwnReports = {
  method: 'GET',
  url: '/api/v1/reports',
  summary:
    'What one of an app’s users has sent by it, newest first; there once it has been read, a moment after it came',
  tags: ['app'],
  app: 'only',
  query: z.object({
    userId: text(200).trim().min(1),
    after: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  reply: {
    200: z.object({
      items: z.array(
        z.object({
          code: z.string(),
          receivedAt: z.iso.datetime(),
          status: z.enum(CASE_STATUSES),
          statusText: z.string(),
          title: z.string(),
        }),
      ),
      after: z.string().nullable().meta({ description: 'Where the next page begins' }),
    }),
    400: Problem,
    401: Problem,
    503: Problem,
  },
} as const satisfies Route
