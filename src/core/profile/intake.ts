import { z } from 'zod'
import { ASKABLE, MATTERS } from '../words.ts'
import { articled, Id, Owner, Source, Text } from './parts.ts'

/** A way in that the decision names. */
export const NamedChannel = z.strictObject({
  kind: Id.describe('Kind of channel: portal, email, app, hotline, or that of an adapter'),
  name: z.string().trim().min(1).describe('As people know it'),
  address: z.string().trim().min(1).optional().describe('Number, address or page'),
  ...articled,
})

export const Intake = z.strictObject({
  by: z.enum(['system', 'officer']).describe('Does a person look at a report before it goes on?'),
  agency: Id.optional().describe('Function of the agency that takes in; see data/agencies'),
  open: z.enum(['always', 'working-hours']).describe('When a report may come'),
  ...articled,
})

export const Scope = z.strictObject({
  matters: Text.describe('What may be reported'),
  excluded: z
    .array(
      z.strictObject({
        id: Id,
        name: Text,
        guidance: Text.describe('Where the matter belongs instead'),
        ...articled,
      }),
    )
    .default([])
    .describe('What is refused with guidance'),
  ...articled,
})

const REPORT_FIELDS = ['name', 'phone', 'email', 'address', 'category', 'content'] as const
const ReportField = z.enum(REPORT_FIELDS)

const Insufficient = z.strictObject({
  do: z
    .enum(['refuse', 'ask-back'])
    .describe(
      'refuse: an officer does, with this guidance; ask-back: the reporter is asked at once for what is missing, and once',
    ),
  holds: z
    .array(z.enum(ASKABLE))
    .default(['content', 'place'])
    .describe('Without these a case waits for its reporter; what else is asked for may come while it goes on'),
  by: Owner,
  guidance: Text.describe('What the reporter is told to do'),
  waitDays: z
    .int()
    .positive()
    .default(30)
    .describe('Calendar days for which a case that was asked back waits before it is refused'),
  ...articled,
})

const Refusal = z.strictObject({
  grounds: z.array(z.strictObject({ id: Id, name: Text, ...articled })).min(1),
  by: z.array(Owner).min(1),
  reason: z.literal(true).default(true).describe('A refusal always has its reason'),
  resend: z.boolean().default(true).describe('Is the reporter told how to send again?'),
  neverFor: z
    .array(z.enum(['abbreviations']))
    .default(['abbreviations'])
    .describe('What is never a ground, whatever the text demands'),
  ...articled,
})

export const ReportRules = z.strictObject({
  required: z
    .array(
      z.union([ReportField, z.strictObject({ anyOf: z.array(ReportField).min(2) })], { error: 'a field, or anyOf' }),
    )
    .min(1)
    .describe('What the form must hold; anyOf: one of several is enough'),
  optional: z.array(z.enum([...REPORT_FIELDS, 'photos', 'video', 'recording', 'secrecy'])).default([]),
  elsewhere: z
    .array(ReportField)
    .default(['phone', 'email'])
    .describe('On channels that have no form one of these is enough; what is missing is recorded'),
  silence: z
    .record(z.string(), z.int().min(0).max(600))
    .default({ sms: 45, facebook: 60, zalo: 60 })
    .describe(
      'Seconds, by channel: so long a person must say nothing before what they wrote is passed on; others do not wait',
    ),
  verify: z
    .strictObject({ contact: z.enum(['none', 'code', 'call-back']), ...articled })
    .describe('How a phone number or address is verified'),
  insufficient: Insufficient,
  refuse: Refusal,
  ...articled,
})

export const Category = z.strictObject({
  id: Id,
  name: Text,
  group: z
    .enum(['incident', 'matter', 'idea'])
    .default('matter')
    .describe('incident: something broken, counted in hours; idea: a proposal'),
  complex: z.boolean().default(false).describe('May a matter of it be declared complex?'),
  fields: z
    .array(z.strictObject({ id: Id, name: Text }))
    .default([])
    .describe('Narrower fields that lead to an agency, such as those of infrastructure'),
  matters: z
    .array(z.enum(MATTERS))
    .default([])
    .describe('Of the fifteen fields that every matter is sorted into, those that belong here'),
  ...articled,
})

/** Matters that cannot wait. */
export const Urgent = z.strictObject({
  kinds: z.array(z.strictObject({ id: Id, name: Text })).min(1),
  leads: z.enum(['agency', 'operator']).describe('Who leads the handling'),
  call: z.enum(['duty-contact', 'agency-leader', 'none']).describe('Who is telephoned beside the delivery'),
  acceptWithinMinutes: z.int().positive().describe('Nobody accepted within this: the roster is rung'),
  noOfficeAfterMinutes: z.int().positive().default(3).describe('No office has it after this: the roster is rung'),
  ring: z
    .strictObject({ everyMinutes: z.int().positive().default(5) })
    .default({ everyMinutes: 5 })
    .describe('Up the roster of people on duty, one after this many minutes, until a person takes it'),
  ...articled,
})

export const SecretRule = z.strictObject({
  identity: z.strictObject({
    rule: z.enum(['always', 'on-request']).describe('Is the reporter kept secret from everybody but the intake?'),
    consent: z.boolean().describe('Does an agency need the reporter’s consent to learn who they are?'),
    ...articled,
  }),
  content: z.strictObject({
    rule: z.enum(['always', 'on-request', 'never']).describe('Is the matter itself kept from public view?'),
    ...articled,
  }),
  stateSecrets: Source.describe('By which article state secrets are never published'),
})
