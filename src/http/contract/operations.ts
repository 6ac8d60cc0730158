import { z } from 'zod'
import { type Action, ASSIGNMENT_ROLES, READ_FIELDS } from '../../core/words.ts'
import { Problem } from './problem.ts'
import { FieldValue } from './readings.ts'
import type { Route } from './route.ts'
import { at, ById, CaseRow, DeliveryRow, refusals, staff, text } from './staff.ts'

const words = (max = 5000) => text(max).trim().min(1)
const reply = { 200: CaseRow, ...refusals } as const
const Version = z
  .int()
  .meta({ description: 'Of the case as you saw it; where it has changed since: 409, with what changed' })

/** What an officer does with a case. */
function onCase<const A extends Action, const T extends z.ZodRawShape>(
  [operation, may]: readonly [operation: string, may: A],
  summary: string,
  body: T,
) {
  return {
    ...staff,
    may,
    method: 'POST',
    url: `/api/v1/cases/:id/${operation}`,
    summary,
    params: ById,
    body: z.object({ version: Version, ...body }),
    reply,
  } as const satisfies Route
}

/** What an agency's officer does with its share. */
function onAssignment<const A extends Action, const T extends z.ZodRawShape>(
  [operation, may]: readonly [operation: string, may: A],
  summary: string,
  body: T,
) {
  const route = onCase([operation, may], summary, body)
  return { ...route, url: `/api/v1/assignments/:id/${operation}` } as const satisfies Route
}

export const assignCase = onCase(
  ['assign', 'case.assign'],
  'Give a case to an agency: as its lead, or beside the lead',
  {
    agencyId: text(80),
    role: z.enum(ASSIGNMENT_ROLES).default('lead'),
  },
)
export const askReporters = onCase(['ask', 'case.ask'], 'Ask the reporters for what is missing', { text: words() })
export const refuseCase = onCase(
  ['refuse', 'case.refuse'],
  'Not to be handled here: with the reason, and what they can do instead',
  {
    reason: words(),
    ground: text(60)
      .optional()
      .meta({ description: 'Id of one of the province’s grounds of refusal, or matters out of scope' }),
    guidance: words().optional().meta({ description: 'Without it, what the province says for this ground' }),
  },
)
export const hideCase = onCase(['hide', 'case.hide'], 'Take it out of public view; clocks and supervision go on', {
  ground: text(60).meta({ description: 'Id of one of the province’s grounds of hiding' }),
  why: words(500),
})
export const showCaseAgain = onCase(['show', 'case.publish'], 'Back into public view', { why: words(500) })
export const answerDirectly = onCase(['answer', 'case.publish'], 'The intake answers by itself', {
  text: words(20_000),
})
export const replyToReporters = onCase(
  ['reply', 'case.publish'],
  'Tell the reporters an agency’s result, and publish it where that is allowed',
  {
    text: words(20_000),
  },
)
export const reopenCase = onCase(['reopen', 'case.reopen'], 'Not settled after all: a new round', {
  why: words(500),
  disputed: z.boolean().default(false).meta({ description: 'Because its reporter would not have it so' }),
})
export const closeCase = onCase(['close', 'case.close'], 'Nothing more is to be done', { why: words(500) })
export const escalateCase = onCase(['escalate', 'case.escalate'], 'Bring it before the next level', { why: words(500) })
export const noteCase = onCase(['note', 'case.note'], 'A remark for colleagues; reporters never see it', {
  text: words(),
})
export const correctCase = onCase(
  ['correct', 'case.assign'],
  'Category, urgency, complexity as an officer knows them',
  {
    category: text(60).nullable().optional(),
    field: text(60).nullable().optional(),
    urgentKind: text(60).nullable().optional(),
    complex: z.boolean().optional(),
    readings: z
      .array(z.object({ reportId: z.uuid(), field: z.enum(READ_FIELDS), value: FieldValue }))
      .max(50)
      .optional()
      .meta({ description: 'Fields that were read from its reports, as they are: these count from then on' }),
  },
)

export const tellApart = onCase(
  ['tell-apart', 'case.join'],
  'A message that waits beside another case (`beside-case`, `same-or-new`): is it about that one, or a matter of its own?',
  { same: z.boolean() },
)

export const releaseHeld = {
  ...staff,
  may: 'case.assign',
  method: 'POST',
  url: '/api/v1/held/release',
  summary: 'Of a sender of whom too much came: let go on what is held, or refuse it; 500 cases at a time',
  body: z
    .object({
      ids: z.array(z.uuid()).min(1).max(500).optional().meta({ description: 'Of cases' }),
      group: z.uuid().optional().meta({ description: 'All that is held of one sender: `heldGroup` of its cases' }),
      reject: words(500)
        .optional()
        .meta({ description: 'Why these are no reports: then they are refused, and nobody is told' }),
    })
    .refine(({ ids, group }) => (ids === undefined) !== (group === undefined), { path: ['ids'] }),
  reply: {
    200: z.object({ done: z.int(), left: z.int().meta({ description: 'Of those asked for, still held' }) }),
    ...refusals,
  },
} as const satisfies Route

export const uploadFiles = {
  ...staff,
  may: 'case.answer',
  method: 'POST',
  url: '/api/v1/uploads',
  summary: 'Photos and papers as multipart/form-data; the word that takes them names their id',
  reply: { 200: z.object({ id: z.uuid(), files: z.int() }), 413: Problem, 415: Problem, ...refusals },
} as const satisfies Route

export const askForIdentity = onAssignment(
  ['ask-identity', 'case.ask'],
  'Ask the reporters whether this agency may know who they are',
  {
    purpose: words(500),
  },
)
export const answerConsentByCall = {
  ...staff,
  may: 'case.ask',
  method: 'POST',
  url: '/api/v1/consents/:id/answer',
  summary: 'The reporter said it on the telephone',
  params: ById,
  body: z.object({ yes: z.boolean() }),
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route

export const verifyReporter = {
  ...staff,
  may: 'case.ask',
  method: 'POST',
  url: '/api/v1/reporters/:id/verified',
  summary: 'You called, and the contact is the reporter’s own',
  params: ById,
  body: z.object({ kind: z.enum(['phone', 'email']), how: z.literal('call-back') }),
  reply: { 200: z.object({ id: z.uuid() }), ...refusals },
} as const satisfies Route

export const disclose = {
  ...staff,
  may: 'identity.disclose',
  method: 'POST',
  url: '/api/v1/reporters/:id/disclose',
  summary: 'Give a reporter’s identity to a competent body, against the number of its document; recorded for good',
  params: ById,
  body: z.object({
    body: words(300),
    documentNumber: words(100),
    documentDate: z.iso.date(),
    why: words(500),
  }),
  reply: {
    200: z.object({ name: z.string().nullable(), phone: z.string().nullable(), email: z.string().nullable() }),
    ...refusals,
  },
} as const satisfies Route

export const passedByTelephone = {
  ...staff,
  may: 'duty.take',
  method: 'POST',
  url: '/api/v1/deliveries/:id/by-telephone',
  summary: 'The agency was told on the telephone, and has it',
  params: ById,
  body: z.object({ spokeTo: words(200) }),
  reply: { 200: DeliveryRow, ...refusals },
} as const satisfies Route

export const acceptAssignment = onAssignment(['accept', 'case.answer'], 'The agency takes it on', {})
export const giveInterim = onAssignment(
  ['interim', 'case.answer'],
  'It takes longer: the state so far and the day by which it will be done',
  {
    text: words(),
    committedFor: z.iso.date().optional(),
    upload: z.uuid().optional(),
  },
)
export const submitResult = onAssignment(
  ['result', 'case.answer'],
  'The result; it waits for the leader where the profile says so',
  {
    text: words(20_000),
    handledAt: at.optional().meta({ description: 'When it was dealt with' }),
    upload: z.uuid().optional(),
  },
)
export const approveResult = onAssignment(['approve', 'case.approve'], 'The leader approves, with changes or without', {
  text: words(20_000).optional(),
})
export const sendBack = onAssignment(['send-back', 'case.approve'], 'The leader wants it done again', {
  why: words(500),
})
export const returnAssignment = onAssignment(['return', 'case.return'], 'Not this agency’s matter', {
  why: words(),
  verification: words().optional().meta({ description: 'What was found when it was looked into' }),
  upload: z.uuid().optional(),
  siteVisit: z.boolean().optional(),
  proposedAgencyId: text(80).optional(),
})
export const forwardAssignment = onAssignment(
  ['forward', 'case.forward'],
  'Pass it on to the agency that is responsible',
  {
    agencyId: text(80),
    why: words(),
  },
)
export const askCoordinator = onAssignment(['coordinate', 'case.coordinate'], 'Ask another agency for its part', {
  agencyId: text(80),
  question: words(),
})
export const reachStep = onAssignment(
  ['reach', 'case.answer'],
  'The place was looked at, made safe for the time being, or the matter found to be complex by its lead',
  {
    step: z.enum(['site-checked', 'safe', 'complex']),
  },
)
