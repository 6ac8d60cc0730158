import { z } from 'zod'
import { articled, forCategories, Id, Owner, Text } from './parts.ts'

export const WrongAuthority = z.strictObject({
  ...forCategories,
  to: z
    .enum(['intake', 'agency-above', 'right-agency'])
    .describe(
      'intake: it dispatches again; agency-above: that agrees and gives it to the intake; right-agency: forwarded directly',
    ),
  copyTo: z.enum(['operator', 'none']).default('none').describe('Who gets a copy to watch and to mend the routing'),
  must: z
    .array(z.enum(['reason', 'verification', 'photo', 'proposed-agency']))
    .min(1)
    .describe('What a return has to hold'),
  mayHold: z
    .array(z.enum(['photo', 'proposed-agency']))
    .default([])
    .describe('What it may hold'),
  siteVisit: z.boolean().default(false).describe('Does looking at the place first lengthen the time?'),
  ...articled,
})

export const Coordination = z.strictObject({
  askedBy: Owner.describe('Who asks others to act with them'),
  lateMust: z
    .array(z.enum(['tell-lead', 'committed-date']))
    .default([])
    .describe('What a coordinating agency owes when its time is over'),
  ...articled,
})

export const Handling = z.strictObject({
  here: z
    .literal(true)
    .describe(
      'Agencies work in this system: what no link takes to software of theirs is with them once it is assigned',
    ),
  ...articled,
})

export const PassingOn = z.strictObject({
  allowed: z.boolean(),
  first: Id.optional().describe('Function of the agencies that get a case first, where that is one of their own'),
  ...articled,
})

export const Approval = z.strictObject({
  needed: z.boolean(),
  by: z.enum(['leader', 'agency']).default('leader'),
  where: z.enum(['office-software', 'here']).default('here'),
  mayEdit: z.boolean().default(false).describe('May the leader change the answer?'),
  ...articled,
})

const InterimPart = z.enum(['state', 'photo', 'committed-date'])
export const Interim = z.strictObject({
  ...forCategories,
  must: z.array(InterimPart).min(1).describe('What an answer that is not the last has to hold'),
  ...articled,
})

const ReplyPart = z.enum(['handled-at', 'result', 'photo', 'photo-or-minutes'])
export const Reply = z.strictObject({
  ...forCategories,
  complex: z.boolean().optional().describe('Only for matters that were declared complex'),
  onSite: z.boolean().optional().describe('Only where the agency acted on the spot'),
  must: z.array(ReplyPart).min(1),
  ...articled,
})

export const Escalation = z.strictObject({
  levels: z
    .array(
      z.strictObject({
        level: z.int().min(1).max(3),
        to: z.enum(['agency-leader', 'operator', 'province-leader']),
        name: Text,
      }),
    )
    .max(3),
  ...articled,
})

export const Dispute = z.strictObject({
  when: z.array(z.enum(['agencies-disagree', 'reporter-insists', 'not-settled'])).min(1),
  reports: z.enum(['lead', 'operator']).describe('Who sums up and reports'),
  to: Text.describe('Who decides'),
  countsRepeats: z
    .boolean()
    .default(true)
    .describe('Reports that were sent again count, although they were joined to the first'),
  ...articled,
})
