import { fault } from '../../core/fault.ts'
import type { Channel } from '../channel.ts'
import { byProvider } from './by-provider.ts'
import { readGateway } from './gateway/read.ts'
import { checkGateway } from './gateway/send.ts'
import { verifyGateway } from './gateway/verify.ts'
import { sender } from './send.ts'
import { SmsSettings } from './settings.ts'
import { readTwilio } from './twilio/read.ts'
import { verifyTwilio } from './twilio/verify.ts'

/** Text messages: by Twilio, or by any gateway of a Vietnamese carrier that speaks HTTP. Twilio's client is loaded when it is first asked something. */
export const sms: Channel<SmsSettings> = {
  kind: 'sms',
  settings: SmsSettings,
  secrets: ['authToken', 'hookSecret', 'sendSecret'],
  intakes: [
    {
      intake: 'webhook',
      // A message of ten parts, every letter of them escaped, is 20 KB.
      maxBytes: 64 * 1024,
      verify: (call, settings) =>
        settings.provider === 'twilio' ? verifyTwilio(call, settings) : verifyGateway(call, settings),
      // Twilio reads TwiML: nothing to say back. https://www.twilio.com/docs/messaging/twiml
      reply: { contentType: 'text/xml', body: '<Response/>' },
    },
  ],
  read: async (envelope, settings) =>
    settings.provider === 'twilio' ? readTwilio(envelope, settings) : readGateway(envelope, settings),
  // A file by MMS has 5 MB at most (https://www.twilio.com/docs/messaging/guides/accepted-mime-types), a page of Twilio's list 3 MB.
  maxAnswerBytes: 8 * 1024 * 1024,
  fetchFile: (file, context) =>
    byProvider(context, {
      twilio: async (ctx) => (await import('./twilio/media.ts')).fetchMedia(file, ctx),
      gateway: async () => fault('rejected', 'A gateway brings no files'),
    }),
  reconcile: (cursor, context) =>
    byProvider(context, {
      twilio: async function* (ctx) {
        yield* (await import('./twilio/list.ts')).listTwilio(cursor, ctx)
      },
      // A gateway keeps no list that we know of.
      gateway: async function* () {},
    }),
  send: sender,
  check: (context) =>
    byProvider(context, {
      twilio: async (ctx) => (await import('./twilio/send.ts')).checkTwilio(ctx),
      gateway: async ({ settings }) => checkGateway(settings),
    }),
}
