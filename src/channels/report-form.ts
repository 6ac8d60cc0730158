import { z } from 'zod'
import { toEmail } from '../normalize/email.ts'
import { toE164 } from '../normalize/phone.ts'
import { clean } from '../normalize/text.ts'
import type { Contact, Demands, Envelope, FieldProblem, Submitted } from './channel.ts'

const said = (max: number) => z.string().trim().max(max)
/** Forms send `''` for what was left empty: the same as not sent. */
export const optional = (max: number) =>
  said(max)
    .optional()
    .transform((v) => (v === '' ? undefined : v))
/** A multipart form knows text only. */
export const flag = z
  .union([
    z.boolean(),
    z.enum(['true', 'false', '1', '0', 'on', '']).transform((v) => v === 'true' || v === '1' || v === 'on'),
  ])
  .default(false)
const degrees = (limit: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .trim()
        .regex(/^-?\d{1,3}([.,]\d{1,20})?$|^$/)
        .transform((v) => (v === '' ? undefined : Number(v.replace(',', '.')))),
    ])
    .optional()
    .pipe(z.number().min(-limit).max(limit).optional())

/** What a citizen fills in, or an officer for them. Names are those of the public API. */
export const ReportForm = z
  .object({
    name: optional(200).meta({ description: 'Full name; kept secret where the province says so' }),
    phone: optional(40).meta({ description: 'A Vietnamese number, written in any usual way' }),
    email: optional(254),
    address: optional(500).meta({ description: 'Where the matter is, in words' }),
    lat: degrees(90).meta({
      description:
        'Pin on the map, WGS 84: where the matter is. Where the phone is is not taken, whatever a client sends',
    }),
    lng: degrees(180),
    category: optional(60).meta({ description: 'Id of one of the province’s categories, where it has some' }),
    field: optional(60).meta({ description: 'Id of a narrower field of the category' }),
    urgent: optional(60).meta({ description: 'Id of one of the province’s kinds of urgent matter: fire, accident …' }),
    title: optional(300),
    content: said(10_000).meta({ description: 'What is the matter' }),
    identitySecret: flag.meta({ description: 'Keep my name and number secret' }),
    contentSecret: flag.meta({ description: 'Keep the matter out of public view' }),
  })
  .refine((f) => (f.lat === undefined) === (f.lng === undefined), { path: ['lat'], params: { problem: 'half-pin' } })
export type ReportForm = z.output<typeof ReportForm>

/** Every problem with its field, as keys of `locales/*\/portal.json`. */
function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.map((issue) => {
    const field = issue.path.map(String).join('.')
    if (issue.code === 'too_big' && issue.origin === 'string')
      return { field, problem: 'too-long', values: { max: Number(issue.maximum) } }
    if (issue.code === 'custom') return { field, problem: String(issue.params?.['problem'] ?? 'wrong') }
    return {
      field,
      problem: field === 'lat' || field === 'lng' ? 'not-a-position' : issue.input === undefined ? 'missing' : 'wrong',
    }
  })
}

/** All problems at once, the first of each field; else the fields. */
export function checkReport<F extends ReportForm>(
  fields: z.ZodType<F>,
  body: unknown,
  demands: Demands,
): { readonly problems: readonly FieldProblem[] } | { readonly form: F } {
  const sent = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  const form = fields.safeParse(sent, { reportInput: true })
  const problems = [
    ...demands.required.filter((field) => isBlank(sent[field])).map((field) => ({ field, problem: 'missing' })),
    ...demands.oneOf
      .filter((some) => some.every((field) => isBlank(sent[field])))
      .map(([field = '']) => ({ field, problem: 'one-missing' })),
    ...(form.success ? [] : fieldProblems(form.error)),
    ...(isNone(sent['phone'], toE164) ? [{ field: 'phone', problem: 'not-a-phone' }] : []),
    ...(isNone(sent['email'], toEmail) ? [{ field: 'email', problem: 'not-an-email' }] : []),
    ...(form.success ? unknownCategory(form.data, demands) : []),
    ...(form.success && form.data.urgent !== undefined && !demands.urgent.includes(form.data.urgent)
      ? [{ field: 'urgent', problem: 'not-urgent' }]
      : []),
  ]
  if (form.success && problems.length === 0) return { form: form.data }
  return { problems: problems.filter(({ field }, i) => problems.findIndex((other) => other.field === field) === i) }
}

function unknownCategory({ category, field }: ReportForm, { categories }: Demands): FieldProblem[] {
  if (categories === undefined) return []
  const narrower = category === undefined ? [] : categories.get(category)
  if (narrower === undefined) return [{ field: 'category', problem: 'not-a-category' }]
  return field === undefined || narrower.includes(field) ? [] : [{ field: 'field', problem: 'not-a-category' }]
}

/** Text in which nothing is found; whatever is no text is the form's to refuse. */
function isNone(value: unknown, find: (text: string) => string | undefined): boolean {
  return typeof value === 'string' && !isBlank(value) && find(value) === undefined
}

function isBlank(value: unknown): boolean {
  if (typeof value !== 'string') return value === undefined || value === null
  return !VISIBLE_ASCII.test(value) && clean(value.slice(0, 20_000)).trim() === ''
}

/** What `clean` never takes away. Nearly every text has some, and cleaning four fields only to see that took 13 of a report's 210 µs. */
const VISIBLE_ASCII = /[!-~]/

export function submittedOf(form: ReportForm, envelope: Pick<Envelope, 'event' | 'files'>): Submitted {
  const contact: Contact = {
    ...(form.name !== undefined && { name: form.name }),
    ...(form.phone !== undefined && { phone: form.phone }),
    ...(form.email !== undefined && { email: form.email }),
  }
  return {
    item: 'submitted',
    event: envelope.event,
    keys: [envelope.event],
    sender: contact,
    ...(form.title !== undefined && { title: form.title }),
    content: form.content,
    ...(form.category !== undefined && { category: form.category }),
    ...(form.field !== undefined && { field: form.field }),
    ...(form.urgent !== undefined && { urgent: form.urgent }),
    ...(form.lat !== undefined && form.lng !== undefined && { point: { lat: form.lat, lng: form.lng } }),
    ...(form.address !== undefined && { address: form.address }),
    identitySecret: form.identitySecret,
    contentSecret: form.contentSecret,
    files: envelope.files,
  }
}

/** JSON as the client sent it; of a multipart form, the text fields as a JSON object (its files are in `envelope.files`). */
export function parseForm(envelope: Pick<Envelope, 'body'>): unknown {
  return JSON.parse(envelope.body.toString('utf8'))
}
