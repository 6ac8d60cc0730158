import { type Fault, isFault } from '../../../core/fault.ts'
import { measure } from '../../../normalize/sms-segments.ts'
import type { ChannelContext, Health, Sent } from '../../channel.ts'
import type { TwilioSettings } from '../settings.ts'
import { asked } from './client.ts'

/** https://www.twilio.com/docs/api/errors/21617; a letter of two septets may count as two. */
const MOST_UNITS = 1600

export function fitsTwilio(text: string): boolean {
  return measure(text).units <= MOST_UNITS
}

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
export async function sendTwilio(to: string, body: string, ctx: ChannelContext<TwilioSettings>): Promise<Sent | Fault> {
  const { messagingServiceSid, number } = ctx.settings
  const from = messagingServiceSid === undefined ? { from: number! } : { messagingServiceSid }
  const message = await asked(ctx, ({ messages }) =>
    messages.create({ to, body, ...from, statusCallback: ctx.hookUrl }),
  )
  return isFault(message) ? message : { sent: true, providerIds: [message.sid] }
}

export async function checkTwilio(ctx: ChannelContext<TwilioSettings>): Promise<Health | Fault> {
  const account = await asked(ctx, ({ api }) => api.v2010.accounts(ctx.settings.accountSid).fetch())
  if (isFault(account)) return account
  return account.status === 'active'
    ? { ok: true, note: 'signed in to Twilio; the account is active' }
    : { fault: 'config', message: `The Twilio account is ${account.status}` }
}
