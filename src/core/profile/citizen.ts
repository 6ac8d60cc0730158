import { z } from 'zod'
import { NOTICE_EVENTS } from '../words.ts'
import { articled, Id, Owner, Source, Text } from './parts.ts'

export const Publication = z.strictObject({
  report: z.enum(['never', 'at-receipt', 'at-dispatch', 'with-result']).describe('When the report itself is shown'),
  progress: z.boolean().describe('Are the steps public?'),
  result: z.enum(['never', 'when-approved', 'when-checked']),
  checkedBy: Owner.describe('Who says that it is masked and fit to be shown'),
  only: z
    .literal('masked-and-checked')
    .default('masked-and-checked')
    .describe('Nothing is shown before, whatever the text allows'),
  exempt: z
    .array(z.enum(['state-secret', 'content-secret', 'reputation']))
    .default(['state-secret', 'content-secret'])
    .describe('What is never shown, its progress neither'),
  ...articled,
})

/** How the reporter is told of an event. */
export const NoticeForm = z.strictObject({
  event: z.enum(NOTICE_EVENTS),
  by: z
    .array(Id)
    .min(1)
    .default(['origin'])
    .describe('Kinds of channel that the article names, beside that by which the report came (origin)'),
  text: Text.optional().describe('Wording of the decision’s own; without it, the letters of locales'),
  ...articled,
})
export type NoticeForm = z.output<typeof NoticeForm>

export const Rating = z.strictObject({
  scale: z
    .array(z.strictObject({ id: Id, name: Text }))
    .min(2)
    .describe('From the best to the worst'),
  comment: z.boolean().default(true),
  followedBy: Owner.describe('Who looks at what was rated'),
  notSatisfied: z.enum(['agency-weighs', 'agency-clarifies', 'agency-checks-again']),
  ...articled,
})

export const Repeats = z.strictObject({
  matching: z
    .strictObject({
      windowDays: z.number().positive(),
      sameReporter: z
        .number()
        .min(0)
        .max(1)
        .describe('Text similarity from which a second report of one person is a resend'),
      anyReporter: z
        .number()
        .min(0)
        .max(1)
        .describe('Text similarity from which reports of two persons near each other are one matter'),
      nearMetres: z.number().positive(),
    })
    .describe('When reports are joined without an officer'),
  tell: z
    .enum(['recorded-and-in-hand', 'nothing'])
    .describe('What the later reporters are told; the result goes to each of them, and each may rate'),
  ...articled,
})

export const Hiding = z.strictObject({
  by: z.array(Owner).min(1),
  supervisedBy: z.array(Owner).min(1).describe('Who sees every hidden report'),
  grounds: z.array(Id).min(1).describe('Ids of grounds of refusal'),
  ...articled,
})

const unit = z.int().positive().optional()
/** A term comes from an article, or is our proposal until the province sets it. */
const Term = z
  .strictObject({
    days: unit,
    months: unit,
    years: unit,
    atLeast: z.boolean().default(false).describe('The article gives the least, not the term'),
    source: Source.optional(),
    proposed: z.literal(true).optional(),
  })
  .refine(
    ({ days, months, years }) => [days, months, years].filter((n) => n !== undefined).length === 1,
    'exactly one of days, months, years',
  )
  .refine(
    ({ source, proposed }) => (source === undefined) !== (proposed === undefined),
    'either source or proposed: true',
  )
export type Term = z.output<typeof Term>

export const Retention = z.strictObject({
  case: Term.describe('After closing: text, history, answers, without the person'),
  identity: Term.describe('After closing: who the reporter was'),
  media: Term.describe('Photos and films, after receipt'),
  envelope: Term.describe('What a provider handed over, after receipt'),
  audio: Term.describe('Recorded calls, after receipt'),
  logs: Term.describe('Access and security logs'),
})

export const PeriodicReport = z.strictObject({
  id: Id,
  by: Text,
  to: Text,
  every: z.enum(['week', 'month', 'quarter', 'half-year', 'year', 'on-demand']),
  beforeDay: z.int().min(1).max(31).optional().describe('Of the month that ends the period'),
  means: z.array(Id).optional().describe('Kinds of channel'),
  holds: Text.optional(),
  ...articled,
})
