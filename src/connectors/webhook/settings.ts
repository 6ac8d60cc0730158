import { z } from 'zod'

/** Standard Webhooks: `whsec_` and the Base64 of 24 to 64 random bytes. */
const Secret = z
  .string()
  .min(38)
  .max(94)
  .regex(/^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)

const HttpUrl = z.url({ protocol: /^https?$/ })

/** `{key}` in the path or the query stands for the key of a delivery. */
const LookupUrl = HttpUrl.regex(/^https?:\/\/[^/{]+\/.*\{key\}/i)

export const WebhookSettings = z
  .strictObject({
    url: HttpUrl.meta({ title: 'Address that takes our deliveries' }),
    secret: Secret.meta({ title: 'Secret with which we sign', secret: true }),
    callbackSecret: Secret.meta({ title: 'Secret with which the office signs its updates', secret: true }).optional(),
    lookupUrl: LookupUrl.meta({ title: 'Address at which we ask for a delivery, with {key} in it' }).optional(),
    allow: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .meta({ title: 'Private networks that this link may reach' })
      .optional(),
  })
  .refine(({ allow, ...link }) => isEncrypted(link.url) || Boolean(allow?.length), {
    path: ['url'],
    error: 'http sends reports in clear text: only into a private network that the link names',
  })
  .refine(({ allow, lookupUrl }) => lookupUrl === undefined || isEncrypted(lookupUrl) || Boolean(allow?.length), {
    path: ['lookupUrl'],
    error: 'http only into a private network that the link names',
  })
export type WebhookSettings = z.output<typeof WebhookSettings>

function isEncrypted(url: string): boolean {
  return url.toLowerCase().startsWith('https:')
}
