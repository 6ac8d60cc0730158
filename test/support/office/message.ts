import { z } from 'zod'

const text = z.string().min(1)
const named = z.strictObject({ code: text, name: text })

const Delivery = z.strictObject({
  key: text,
  caseId: text,
  assignmentId: text,
  code: text,
  agency: named,
  title: z.string(),
  text: z.string(),
  address: text.optional(),
  point: z.strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) }).optional(),
  unit: named.optional(),
  urgent: z.boolean(),
  receivedAt: z.iso.datetime(),
  dueAt: z.iso.datetime().optional(),
  reportCount: z.int().positive(),
  reporter: z.strictObject({ name: text.optional(), phone: text.optional(), email: text.optional() }).optional(),
  files: z.array(z.strictObject({ name: text, type: text, size: z.int().nonnegative(), url: z.url() })),
})

const timestamp = z.iso.datetime()

/** What an office was told it would get, read strictly: a field more than documented is a leak, a field less breaks it. */
export const Message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('link.test'), timestamp, data: z.strictObject({ key: text }) }),
  z.strictObject({
    type: z.enum(['case.forwarded', 'case.addition', 'case.replacement', 'case.withdrawal', 'case.reminder']),
    timestamp,
    data: Delivery,
  }),
])
export type Delivery = z.output<typeof Delivery>

/** `case.forwarded` is the delivery of a case; the others are named as they are. */
export function kindOf(type: string): string {
  return type === 'case.forwarded' ? 'case' : type.replace('case.', '')
}
