import { z } from 'zod'
import { allowSetting, signatureSetting } from '../webhook-settings.ts'

export const FacebookSettings = z
  .strictObject({
    pageId: z
      .string()
      .regex(/^\d{1,30}$/)
      .meta({ title: 'Id of the page, digits alone' }),
    pageToken: z.string().min(1).max(1000).meta({ title: 'Access token of the page', secret: true }),
    appSecret: z.string().min(1).max(200).meta({ title: 'Secret of the app, with which Meta signs', secret: true }),
    verifyToken: z
      .string()
      .min(8)
      .max(200)
      .meta({ title: 'Word that Meta says when the webhook is set up; made up by you', secret: true }),
    graphUrl: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .default('https://graph.facebook.com')
      .meta({ title: 'Address of the Graph API' }),
    graphVersion: z
      .string()
      .regex(/^v\d{1,3}\.\d{1,2}$/)
      .default('v24.0')
      .meta({ title: 'Version of the Graph API' }),
    signature: signatureSetting,
    allow: allowSetting,
    outsideWindow: z.enum(['other-channel', 'human-agent']).default('other-channel').meta({
      title:
        'Who wrote more than 24 hours ago: other-channel writes by another way; human-agent still tells what an officer wrote, for seven days, once Meta has granted Human Agent',
    }),
  })
  .refine(({ allow, graphUrl }) => graphUrl.toLowerCase().startsWith('https:') || allow.length > 0, {
    path: ['graphUrl'],
    error: 'http sends the token in clear text: only into a private network that the source names',
  })
export type FacebookSettings = z.output<typeof FacebookSettings>
