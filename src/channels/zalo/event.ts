import { z } from 'zod'

const Id = z.union([z.string().min(1).max(200), z.int().transform(String)])
const Person = z.object({ id: Id })
const Text = z.string().max(20_000)
const Figure = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,3}(\.\d{1,20})?$/)
    .transform(Number),
])

const Payload = z.object({
  url: z.string().max(2000).optional(),
  name: Text.optional(),
  title: Text.optional(),
  description: Text.optional(),
  coordinates: z.object({ latitude: Figure, longitude: Figure }).optional().catch(undefined),
})
export type Payload = z.output<typeof Payload>

/** More than Zalo's own program lets a person pick at once. */
const MOST_ATTACHMENTS = 50

const Attachment = z.object({ type: z.string().max(40), payload: Payload.optional().catch(undefined) })

/** What the documents show; what else there is, or is otherwise, counts for nothing. */
export const ZaloEvent = z.object({
  event_name: z.string().min(1).max(100),
  sender: Person.optional().catch(undefined),
  recipient: Person.optional().catch(undefined),
  message: z
    .object({
      msg_id: Id.optional().catch(undefined),
      msg_ids: z.array(Id).max(1000).optional().catch(undefined),
      text: Text.optional().catch(undefined),
      attachments: z
        .array(z.unknown())
        .transform((all) => all.slice(0, MOST_ATTACHMENTS).flatMap((each) => Attachment.safeParse(each).data ?? []))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  /** What a person gives who fills in the account's form. */
  info: z
    .object({ name: Text, phone: Id, address: Text, ward: Text, district: Text, city: Text })
    .partial()
    .optional()
    .catch(undefined),
})
export type ZaloEvent = z.output<typeof ZaloEvent>
