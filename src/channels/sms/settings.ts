import { z } from 'zod'
import { allowSetting, signatureSetting } from '../webhook-settings.ts'
import { isTemplate } from './gateway/template.ts'

/** Whatever carries the messages. */
const COMMON = {
  signature: signatureSetting,
  allow: allowSetting,
  accents: z
    .boolean()
    .default(false)
    .meta({ title: 'Send with accents: less than half as much fits into a message, and carriers may refuse it' }),
  // Twilio itself stops sending to who writes one of the English ones: https://help.twilio.com/articles/223134027
  optOut: z
    .array(z.string().trim().min(1).max(40))
    .max(50)
    .default([...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'], ...['TU CHOI', 'TC']])
    .meta({ title: 'Words that, alone in a message, say "write to me no more"; accents and case do not count' }),
  dailyCap: z.int().min(1).max(1000).default(20).meta({ title: 'Most automatic messages to one number in a day' }),
} as const

/** In the place of a secret that the other provider has. */
const NONE = z.never().optional()

const ApiUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .overwrite((address) => address.replace(/\/+$/, ''))
const E164 = z.string().regex(/^\+[1-9]\d{7,14}$/)
const Secret = z.string().min(16).max(500)

const Twilio = z
  .strictObject({
    provider: z.literal('twilio').meta({ title: 'Provider: Twilio' }),
    accountSid: z
      .string()
      .regex(/^AC[0-9a-f]{32}$/)
      .meta({ title: 'Account SID' }),
    authToken: Secret.meta({ title: 'Auth token', secret: true }),
    number: E164.optional().meta({ title: 'Number that citizens write to and hear from' }),
    messagingServiceSid: z
      .string()
      .regex(/^MG[0-9a-f]{32}$/)
      .optional()
      .meta({ title: 'Messaging service that sends, instead of a number' }),
    apiUrl: ApiUrl.default('https://api.twilio.com').meta({ title: 'Address of the API' }),
    hookSecret: NONE,
    sendSecret: NONE,
    ...COMMON,
  })
  .refine(({ number, messagingServiceSid }) => number !== undefined || messagingServiceSid !== undefined, {
    path: ['number'],
    error: 'a number or a messaging service must send',
  })
  .refine(({ apiUrl, allow }) => isPrivateEnough(apiUrl, allow), {
    path: ['apiUrl'],
    error: 'http only into a network that `allow` names',
  })
export type TwilioSettings = z.output<typeof Twilio>

/** Where in a JSON body a value stands: `data.messages.0.id`; in a form, the field's name. */
const Path = z.string().regex(/^[^\p{Cc}]{1,200}$/u)
const HeaderName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^`|~\w-]+$/)
  .toLowerCase()
const Template = z
  .string()
  .max(5000)
  .refine(isTemplate, 'unknown {{…}}: there are to, toDigits, toNational, text, id and secret')

const Fields = z
  .strictObject({
    id: Path.optional().meta({ title: "The gateway's id of the message" }),
    from: Path.meta({ title: "The sender's number" }),
    text: Path.meta({ title: 'The text' }),
    time: Path.optional().meta({ title: 'When it was sent; needed where there is no id' }),
  })
  .refine(
    ({ id, time }) => id !== undefined || time !== undefined,
    'without an id, the time tells two equal messages apart',
  )

const Sending = z.strictObject({
  url: Template.meta({ title: 'Address that takes messages' }),
  method: z.enum(['POST', 'PUT', 'GET']).default('POST').meta({ title: 'Method' }),
  headers: z.record(HeaderName, Template).default({}).meta({ title: 'Headers' }),
  body: Template.default('').meta({ title: 'Body, escaped as the content-type header says' }),
  success: z
    .strictObject({ path: Path, equals: z.array(z.string().max(200)).min(1).max(20) })
    .optional()
    .meta({ title: 'What stands where in an answer that means success; else any 2xx does' }),
  id: Path.optional().meta({ title: "Where in the answer the gateway's id of the message stands" }),
  faults: z
    .record(z.string().max(200), z.enum(['closed', 'throttled', 'config', 'rejected', 'unreachable']))
    .default({})
    .meta({ title: 'What other values there, or HTTP statuses, mean' }),
})

const Gateway = z
  .strictObject({
    provider: z.literal('gateway').meta({ title: 'Provider: a gateway that speaks HTTP' }),
    hook: z
      .enum(['header', 'hmac-sha256'])
      .default('header')
      .meta({ title: 'How the gateway proves itself: the secret in a header, or the HMAC of the body under it' }),
    hookHeader: HeaderName.default('x-api-key').meta({ title: 'Header in which it does' }),
    hookSecret: Secret.meta({ title: 'Secret of the gateway', secret: true }),
    fields: Fields.meta({ title: 'Where in a message from the gateway what stands' }),
    sending: Sending.optional().meta({ title: 'How to send; without, the number only takes messages' }),
    sendSecret: Secret.optional().meta({ title: 'Secret with which we send: {{secret}} in a template', secret: true }),
    maxSegments: z.int().min(1).max(10).default(3).meta({ title: 'Most segments of one message' }),
    authToken: NONE,
    ...COMMON,
  })
  .refine(({ sending, allow }) => sending === undefined || isPrivateEnough(sending.url, allow), {
    path: ['sending', 'url'],
    error: 'http only into a network that `allow` names',
  })
export type GatewaySettings = z.output<typeof Gateway>

export const SmsSettings = z.discriminatedUnion('provider', [Twilio, Gateway])
export type SmsSettings = z.output<typeof SmsSettings>

function isPrivateEnough(address: string, allow: readonly string[]): boolean {
  return address.toLowerCase().startsWith('https://') || allow.length > 0
}
