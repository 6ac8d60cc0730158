import { z } from 'zod'
import { allowSetting, signatureSetting } from '../webhook-settings.ts'

const Id = z.string().regex(/^\d{5,30}$/)
const Secret = z.string().min(10).max(2000)
const Url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .overwrite((address) => address.replace(/\/+$/, ''))

export const ZaloSettings = z
  .strictObject({
    oaId: Id.meta({ title: 'Official Account: its id' }),
    appId: Id.meta({ title: 'Application that the account is tied to: its id' }),
    secretKey: Secret.meta({ title: 'Secret key of the Official Account: with it Zalo signs', secret: true }),
    appSecret: Secret.meta({ title: 'Secret key of the application', secret: true }),
    refreshToken: Secret.meta({
      title: 'Refresh token, as the account’s consent gave it; those that follow are kept by us',
      secret: true,
    }),
    windowHours: z
      .int()
      .min(1)
      .max(24 * 30)
      .default(7 * 24)
      .meta({ title: 'Hours after the last message of a person in which we write: 48 cost nothing, 168 are the most' }),
    apiUrl: Url.default('https://openapi.zalo.me').meta({ title: 'Address of the API' }),
    oauthUrl: Url.default('https://oauth.zaloapp.com').meta({ title: 'Address that gives tokens' }),
    dailyCap: z.int().min(1).max(1000).default(20).meta({ title: 'Most automatic messages to one person in a day' }),
    signature: signatureSetting,
    allow: allowSetting,
  })
  .refine(({ apiUrl, oauthUrl, allow }) => allow.length > 0 || [apiUrl, oauthUrl].every(isEncrypted), {
    path: ['apiUrl'],
    error: 'http only into a network that `allow` names',
  })
export type ZaloSettings = z.output<typeof ZaloSettings>

function isEncrypted(url: string): boolean {
  return url.toLowerCase().startsWith('https://')
}
