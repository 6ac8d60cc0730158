import { z } from 'zod'
import { allowSetting } from '../webhook-settings.ts'

/** Without a colon, which ends it in HTTP Basic (RFC 7617 §2). */
const ClientId = z.string().regex(/^[A-Za-z0-9][\w.-]{2,80}$/, 'letters, digits, dots, dashes and underscores')

/** As long as one that cannot be guessed, in letters that every program writes alike. */
const ClientSecret = z.string().regex(/^[\w.~+/=-]{32,200}$/, 'at least 32 letters, digits and ._~+/=-')

/** Standard Webhooks: `whsec_` and the Base64 of 24 to 64 random bytes. */
const WebhookSecret = z
  .string()
  .min(38)
  .max(94)
  .regex(/^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'whsec_ and Base64')

export const PortalSettings = z
  .strictObject({
    alsoRequired: z
      .array(z.enum(['email', 'address']))
      .default([])
      .meta({ title: 'What the profile demands at the least, a source may demand more of' }),
    phoneHourly: z.int().min(1).max(1000).default(5).meta({
      title:
        'What comes above this from one telephone number (of an app’s user without one: from that user) in any hour is held for a glance',
    }),
    addressMinutely: z.int().min(1).max(1000).default(60).meta({
      title:
        'The same from one network address in any minute, of those who give no number; an app’s server is not counted so',
    }),
    clientId: ClientId.optional().meta({ title: 'Id of the app that this source is of' }),
    clientSecret: ClientSecret.optional().meta({ title: 'Secret with which the app gets its tokens', secret: true }),
    webhookUrl: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional()
      .meta({ title: 'Address of the app’s server that is told of each change' }),
    webhookSecret: WebhookSecret.optional().meta({ title: 'Secret with which we sign that', secret: true }),
    webhookSecretBefore: WebhookSecret.optional().meta({
      title: 'The secret before, with which we sign beside while the app’s server changes over',
      secret: true,
    }),
    allow: allowSetting,
  })
  .check(({ value, issues }) => {
    const { clientId, clientSecret, webhookUrl, webhookSecret, webhookSecretBefore, allow } = value
    const wrong = (path: keyof typeof value, message: string) =>
      issues.push({ code: 'custom', path: [path], message, input: value[path] })
    if (clientId === undefined && clientSecret !== undefined)
      wrong('clientId', 'a client secret is an app’s, which has an id')
    if (clientId !== undefined && clientSecret === undefined)
      wrong('clientSecret', 'an app needs a secret to get its tokens')
    if (clientId === undefined && webhookUrl !== undefined) wrong('clientId', 'only an app is told of changes')
    if (webhookUrl !== undefined && webhookSecret === undefined) wrong('webhookSecret', 'what is told must be signed')
    if (webhookUrl === undefined && webhookSecret !== undefined)
      wrong('webhookUrl', 'without an address nothing is signed')
    if (webhookSecret === undefined && webhookSecretBefore !== undefined)
      wrong('webhookSecret', 'the secret of now is missing')
    if (webhookUrl !== undefined && !webhookUrl.toLowerCase().startsWith('https:') && allow.length === 0)
      wrong('webhookUrl', 'http only into a private network that `allow` names')
  })
export type PortalSettings = z.output<typeof PortalSettings>
