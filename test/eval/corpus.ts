import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const Files = z.array(z.looseObject({ mime: z.string().optional(), type: z.string().optional() }))
const text = z.string()

/** What each channel hands over of one submission. */
const RAW = {
  email: z.object({
    from_name: text.optional(),
    from: text,
    to: text,
    subject: text.default(''),
    text: text.optional(),
    html: text.optional(),
    in_reply_to: text.nullish(),
    message_id: text,
    attachments: Files.default([]),
  }),
  facebook: z.object({
    surface: z.enum(['messenger', 'comment', 'post']),
    sender_id: text,
    sender_name: text,
    text,
    attachments: Files.default([]),
    post_text: text.optional(),
  }),
  sms: z.object({ from: text, body: text, media: Files.default([]) }),
  hotline: z.object({
    call_id: text,
    caller: text.nullish(),
    started_at: text,
    turns: z.array(z.object({ speaker: text, at: z.number(), text })),
  }),
  portal: z.object({
    name: text.default(''),
    phone: text.default(''),
    email: text.optional(),
    address: text.optional(),
    lat: z.number().nullish(),
    lng: z.number().nullish(),
    category: text.optional(),
    title: text.optional(),
    content: text,
    confidential: z.boolean().default(false),
    attachments: Files.default([]),
  }),
} as const

const Gold = z.object({
  incident: text.nullable(),
  kind: z.enum(['report', 'followup', 'petition', 'praise', 'question', 'spam']),
  category: text.nullable(),
  urgent: z.boolean(),
  abusive: z.boolean(),
  ward: text.nullable(),
  district: text.nullable(),
  occurred_at: text.nullable(),
  reporter_name: text.nullable(),
  reporter_phone: text.nullable(),
  reporter_email: text.nullable(),
  confidential: z.boolean(),
  missing: z.array(z.enum(['name', 'phone', 'place', 'content'])),
})
export type Gold = z.output<typeof Gold>

const base = { id: text, profile: text, received_at: z.iso.datetime({ offset: true }), gold: Gold }
const Line = z.discriminatedUnion('channel', [
  z.object({ ...base, channel: z.literal('email'), raw: RAW.email }),
  z.object({ ...base, channel: z.literal('facebook'), raw: RAW.facebook }),
  z.object({ ...base, channel: z.literal('sms'), raw: RAW.sms }),
  z.object({ ...base, channel: z.literal('hotline'), raw: RAW.hotline }),
  z.object({ ...base, channel: z.literal('portal'), raw: RAW.portal }),
])
export type Line = z.output<typeof Line>
export type LineOf<C extends Line['channel']> = Extract<Line, { channel: C }>

/** The lines of a corpus file, in the order in which they came. */
export async function readCorpus(file: string): Promise<Line[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return lines
    .map((line) => Line.parse(JSON.parse(line)))
    .sort((one, other) => Date.parse(one.received_at) - Date.parse(other.received_at))
}
