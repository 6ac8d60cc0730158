import { z } from 'zod'
import { articled, Id } from './parts.ts'

/** One line of the table: what is of these categories (and field) goes there. */
const RoutingLine = z.strictObject({
  categories: z.array(Id).min(1),
  field: Id.optional().describe('A narrower field of the category; lines with a field come before those without'),
  to: Id.describe(
    '`place`: the unit in charge of the place; else the function of an agency, sought in that unit and those above it',
  ),
  dispatched: z
    .enum(['automatically', 'by-officer'])
    .describe('automatically: without a person; by-officer: it is proposed and waits for one'),
  ...articled,
})
export type RoutingLine = z.output<typeof RoutingLine>

export const Routing = z.strictObject({
  by: z.enum(['place', 'field', 'both']),
  level: z
    .enum(['district', 'commune'])
    .optional()
    .describe('Tier that the article names; the unit is looked up by the day of routing'),
  dispatched: z.enum(['automatically', 'by-officer']).describe('What no line of the table says otherwise'),
  table: z.array(RoutingLine).default([]),
  unknown: z
    .strictObject({
      to: z.enum(['intake', 'operator']).describe('In whose list it waits, with the reason'),
      ask: z
        .enum(['place', 'nothing'])
        .describe('place: the reporter is asked where it is, at once where a message reaches them'),
      ...articled,
    })
    .describe('What has no receiver'),
  ...articled,
})
export type Routing = z.output<typeof Routing>
