import { z } from 'zod'
import type { Route } from './route.ts'
import { refusals, staff, text, Why } from './staff.ts'

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
  may: 'settings.read',
  method: 'GET',
  url: '/api/v1/links',
  summary: 'Links; secrets are never given',
  reply: { 200: z.object({ items: z.array(LinkRow) }), ...refusals },
} as const satisfies Route

const LinkById = z.object({ id: text(80) })

export const pauseLink = {
  ...staff,
  may: 'settings.write',
  method: 'POST',
  url: '/api/v1/links/:id/pause',
  summary: 'Stop sending by this link; deliveries wait',
  params: LinkById,
  body: Why,
  reply: { 200: LinkRow, ...refusals },
} as const satisfies Route

export const resumeLink = {
  ...staff,
  may: 'settings.write',
  method: 'POST',
  url: '/api/v1/links/:id/resume',
  summary: 'Send by this link again',
  params: LinkById,
  reply: { 200: LinkRow, ...refusals },
} as const satisfies Route

export const listAgencies = {
  ...staff,
  may: 'agency.read',
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
