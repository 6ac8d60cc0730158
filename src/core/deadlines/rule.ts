import { z } from 'zod'
import { NOTICE_EVENTS } from '../words.ts'
import { EVENTS } from './events.ts'
import { Span } from './span.ts'

export const OWNERS = ['intake', 'agency', 'leader', 'coordinator', 'operator'] as const
const MARK_KINDS = ['remind', 'escalate', 'tell-reporter', 'ring'] as const

/** Something that is to happen at a time told from the deadline. */
export const Mark = z
  .strictObject({
    before: Span.optional(),
    at: z.literal(true).optional(),
    after: Span.optional(),
    do: z.enum(MARK_KINDS).describe('remind the owner, escalate above it, tell the reporter, ring whoever is on duty'),
    level: z
      .int()
      .min(1)
      .max(3)
      .optional()
      .describe('Of an escalation: 1 the agency’s leader, 2 the operator, 3 the province’s leader'),
    notice: z.enum(NOTICE_EVENTS).optional().describe('What the reporter is told; default in-progress'),
  })
  .refine(
    ({ before, at, after }) => [before, at, after].filter((when) => when !== undefined).length === 1,
    'exactly one of before, at: true, after',
  )
export type Mark = z.output<typeof Mark>

/** Which matters a rule is for; what is not named does not matter. */
const When = z.strictObject({
  categories: z.array(z.string().min(1)).min(1).optional(),
  urgent: z.boolean().optional(),
  complex: z.boolean().optional(),
  siteVisit: z.boolean().optional().describe('Does the agency have to look at the place first?'),
  coordination: z.boolean().optional().describe('Do several agencies have to act?'),
  role: z.enum(['lead', 'coordinating']).optional().describe('Of the assignment; default lead'),
})

/** One clock of a decision, as data: what starts it, how long it runs, what stops it, who must act. */
export const Rule = z
  .strictObject({
    step: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'lower-case letters, digits and dashes'),
    source: z.string().min(1).describe('Decision and article, as one would cite it'),
    owner: z.enum(OWNERS),
    from: z.enum(EVENTS),
    until: z.array(z.enum(EVENTS)).min(1),
    span: z.union([Span, z.strictObject({ promised: z.literal(true) })], {
      error: 'a span, or { promised: true }: until the day that an interim answer commits to',
    }),
    when: When.optional(),
    towards: z
      .enum(['citizen', 'agency'])
      .default('agency')
      .describe('citizen: what the reporter was promised; once started it never starts again'),
    restarts: z
      .boolean()
      .default(true)
      .describe('false: after a return the next agency has only what is left of the time of the one before'),
    once: z.boolean().default(false).describe('true: it starts once in the life of a case, whoever has it later'),
    marks: z.array(Mark).max(20).default([]),
  })
  .refine(({ from, until }) => !until.includes(from), { path: ['until'], message: 'what starts it cannot stop it' })
export type Rule = z.output<typeof Rule>

/** What is known of a matter when a clock may start. */
export interface Facts {
  readonly category?: string | undefined
  readonly urgent?: boolean | undefined
  readonly complex?: boolean | undefined
  readonly siteVisit?: boolean | undefined
  readonly coordination?: boolean | undefined
}

/** `role` is that of the assignment that the event is about; undefined where it is about the case. */
export function isFor(rule: Rule, facts: Facts, role: 'lead' | 'coordinating' | 'informed' | undefined): boolean {
  const { categories, role: wanted = 'lead', ...flags } = rule.when ?? {}
  if (role !== undefined && role !== wanted) return false
  if (categories !== undefined && !categories.includes(facts.category ?? '')) return false
  return (['urgent', 'complex', 'siteVisit', 'coordination'] as const).every(
    (flag) => flags[flag] === undefined || flags[flag] === (facts[flag] ?? false),
  )
}
