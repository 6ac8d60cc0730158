import { z } from 'zod'
import { toEmail } from '../../normalize/email.ts'
import { toE164 } from '../../normalize/phone.ts'
import { clean } from '../../normalize/text.ts'
import type { Channel, Contact, Envelope, FieldProblem, Submitted } from '../channel.ts'
import { fieldProblems, PortalForm } from './form.ts'

const Settings = z.strictObject({
  /** What the profile demands at the least, a source may demand more of. */
  alsoRequired: z.array(z.enum(['email', 'address'])).default([]),
})
export type PortalSettings = z.output<typeof Settings>

/** The province's own web form. The way back is the reporter's view, so there is no `send`. */
export const portal: Channel<PortalSettings> = {
  kind: 'portal',
  settings: Settings,
  secrets: [],
  intakes: [{ intake: 'form', fields: PortalForm, check: checkForm }],
  read: async (envelope) => [readForm(envelope)],
}

/** All problems at once, the first of each field. */
function checkForm(body: unknown, required: readonly string[]): FieldProblem[] {
  const sent = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  const form = PortalForm.safeParse(sent, { reportInput: true })
  const problems = [
    ...required.filter((field) => isBlank(sent[field])).map((field) => ({ field, problem: 'missing' })),
    ...(form.success ? [] : fieldProblems(form.error)),
    ...(isNone(sent['phone'], toE164) ? [{ field: 'phone', problem: 'not-a-phone' }] : []),
    ...(isNone(sent['email'], toEmail) ? [{ field: 'email', problem: 'not-an-email' }] : []),
  ]
  return problems.filter(({ field }, i) => problems.findIndex((other) => other.field === field) === i)
}

/** Text in which nothing is found; whatever is no text is the form's to refuse. */
function isNone(value: unknown, find: (text: string) => string | undefined): boolean {
  return typeof value === 'string' && !isBlank(value) && find(value) === undefined
}

function isBlank(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'string' && clean(value.slice(0, 20_000)).trim() === '')
  )
}

function readForm(envelope: Envelope): Submitted {
  const form = PortalForm.parse(parseBody(envelope))
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
    ...(form.lat !== undefined && form.lng !== undefined && { point: { lat: form.lat, lng: form.lng } }),
    ...(form.address !== undefined && { address: form.address }),
    identitySecret: form.identitySecret,
    contentSecret: form.contentSecret,
    files: envelope.files,
  }
}

/** JSON as the client sent it; of a multipart form, the text fields as a JSON object (its files are in `envelope.files`). */
function parseBody(envelope: Pick<Envelope, 'body'>): unknown {
  return JSON.parse(envelope.body.toString('utf8'))
}
