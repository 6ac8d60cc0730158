import { z } from 'zod'
import { allowSetting, signatureSetting } from '../webhook-settings.ts'
import known from './locales/labels.json' with { type: 'json' }

const Labels = z.array(z.string().trim().min(1).max(60)).max(100)

export const HotlineSettings = z.strictObject({
  secret: z
    .string()
    .min(16)
    .max(200)
    .optional()
    .meta({ title: 'Secret with which the call centre signs (HMAC-SHA256 of the body)', secret: true }),
  signatureHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/)
    .toLowerCase()
    .default('x-signature')
    .meta({ title: 'Header that its signature comes in' }),
  signature: signatureSetting,
  allow: allowSetting,
  folder: z
    .string()
    .regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\0]{0,1000}$/, 'a whole path')
    .optional()
    .meta({ title: 'Folder that the call centre puts its files into' }),
  complete: z.enum(['quiet', 'marked']).default('quiet').meta({
    title: 'A file is whole once it has not changed between two looks (quiet), or once NAME.done lies beside it',
  }),
  pollSeconds: z.number().min(0.1).max(3600).default(5).meta({ title: 'Seconds between looks at the folder' }),
  since: z.iso
    .datetime({ offset: true })
    .default('1970-01-01T00:00:00Z')
    .meta({ title: 'Take files that were put there from then on' }),
  switchboards: z
    .array(z.string().min(2).max(40))
    .max(200)
    .default([])
    .meta({ title: 'Numbers of our own switchboards: who calls through one has not given theirs' }),
  citizenLabels: Labels.default(known.citizen).meta({ title: 'How transcripts name the citizen' }),
  operatorLabels: Labels.default(known.operator).meta({ title: 'How transcripts name our side' }),
  recordingHosts: z
    .array(z.string().regex(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/))
    .max(20)
    .default([])
    .meta({ title: 'Hosts that recordings are fetched from; of no other' }),
  recordingAuthorization: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .meta({ title: 'Authorization header for fetching recordings', secret: true }),
})
export type HotlineSettings = z.output<typeof HotlineSettings>
