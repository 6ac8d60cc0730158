import { z } from 'zod'
import { allowSetting } from '../webhook-settings.ts'

export const Open311Settings = z.strictObject({
  jurisdictionId: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,80}$/, 'letters, digits, dots, dashes and underscores')
    .meta({ title: 'Jurisdiction that the client names (jurisdiction_id)' }),
  apiKey: z.string().min(16).max(200).meta({ title: 'Key that the client sends (api_key)', secret: true }),
  hideCategories: z
    .array(z.string().min(1).max(60))
    .max(200)
    .default([])
    .meta({ title: 'Categories that this client is not offered' }),
  readFrom: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(50)
    .default([])
    .meta({
      title: 'Networks from which it may read without its key: many programs send the key only where they write',
    }),
  extendedStatuses: z
    .boolean()
    .default(false)
    .meta({ title: 'Updates tell more than open and closed: in_progress, no_further_action' }),
  allow: allowSetting,
})
export type Open311Settings = z.output<typeof Open311Settings>
