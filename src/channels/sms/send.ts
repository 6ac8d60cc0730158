import { splitText } from '../../normalize/split-text.ts'
import type { Sender } from '../channel.ts'
import { sendParts } from '../parts.ts'
import { byProvider } from './by-provider.ts'
import { fitsGateway, sendGateway } from './gateway/send.ts'
import type { SmsSettings } from './settings.ts'
import { textOf } from './text.ts'

export const sender: Sender<SmsSettings> = {
  to: 'phone',
  attempt: (notice, context) => {
    const { token, to } = notice
    const text = textOf(notice, context.settings)
    return byProvider(context, {
      twilio: async (ctx) => {
        const { fitsTwilio, sendTwilio } = await import('./twilio/send.ts')
        return sendParts(splitText(text, fitsTwilio), { ...ctx, token, send: (part) => sendTwilio(to, part, ctx) })
      },
      gateway: async (ctx) => {
        const { sending } = ctx.settings
        if (sending === undefined) return { sent: false, why: 'this number only takes messages' }
        const send = (part: string, at: number) =>
          sendGateway({ to, text: part, id: `${token}-${at + 1}` }, sending, ctx)
        return sendParts(splitText(text, fitsGateway(ctx.settings)), { ...ctx, token, send })
      },
    })
  },
  // A phone shows twice what comes twice, each costs, and who takes a message but loses the reply would be asked again every hour of a week.
  whenUnknown: 'leave',
}
