import type { ChannelContext } from '../channel.ts'
import type { GatewaySettings, SmsSettings, TwilioSettings } from './settings.ts'

/** What is done differently with each provider. */
export function byProvider<T>(
  ctx: ChannelContext<SmsSettings>,
  does: {
    readonly twilio: (ctx: ChannelContext<TwilioSettings>) => T
    readonly gateway: (ctx: ChannelContext<GatewaySettings>) => T
  },
): T {
  const { settings } = ctx
  return settings.provider === 'twilio' ? does.twilio({ ...ctx, settings }) : does.gateway({ ...ctx, settings })
}
