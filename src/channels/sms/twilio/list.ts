import type twilio from 'twilio'
import { z } from 'zod'
import { type Fault, isFault } from '../../../core/fault.ts'
import type { ChannelContext, Envelope, Reconciled } from '../../channel.ts'
import type { TwilioSettings } from '../settings.ts'
import { asked } from './client.ts'

type Context = ChannelContext<TwilioSettings>
type Message = Awaited<ReturnType<twilio.Twilio['messages']['list']>>[number]

/** Two messages of one moment may be listed in either order. */
const OVERLAP_MS = 5 * 60_000
/** https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources */
const PAGE = 1000

const Since = z.iso.datetime()
const Remembered = z.object({ listedSince: Since })

/**
 * What came to our number since then. Twilio calls once and gives up (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides),
 * so this is how a message is found that came while nobody answered.
 */
export async function* listTwilio(cursor: unknown, ctx: Context): AsyncIterable<Reconciled | Fault> {
  const since = Since.safeParse(cursor).data ?? (await firstSince(ctx))
  const { number } = ctx.settings
  const listed = await asked(ctx, ({ messages }) =>
    messages.list({
      dateSentAfter: new Date(Date.parse(since) - OVERLAP_MS),
      pageSize: PAGE,
      ...(number !== undefined && { to: number }),
    }),
  )
  if (isFault(listed)) return yield listed
  // Listed newest first.
  for (const message of listed.filter(({ direction }) => direction === 'inbound').reverse()) {
    const envelope = await envelopeOf(message, ctx)
    if (isFault(envelope)) return yield envelope
    yield { envelope, receivedAt: message.dateSent, cursor: message.dateSent.toISOString() }
  }
}

/** A number to which nobody has written yet has no cursor: then from when it was first asked. */
async function firstSince({ memory, at }: Context): Promise<string> {
  const known = Remembered.safeParse(await memory.read()).data
  if (known !== undefined) return known.listedSince
  const listedSince = at.toISOString()
  await memory.change(async (value) => ({ ...(typeof value === 'object' && value), listedSince }))
  return listedSince
}

/** Written as the webhook would have brought it, so that it is read into the same keys. */
async function envelopeOf(message: Message, ctx: Context): Promise<Envelope | Fault> {
  const media =
    Number(message.numMedia) > 0 ? await asked(ctx, ({ messages }) => messages(message.sid).media.list()) : []
  if (isFault(media)) return media
  const form = new URLSearchParams({
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    From: message.from,
    To: message.to,
    Body: message.body,
    NumMedia: String(media.length),
  })
  media.forEach(({ uri, contentType }, i) => {
    form.append(`MediaUrl${i}`, ctx.settings.apiUrl + uri.replace(/\.json$/, ''))
    form.append(`MediaContentType${i}`, contentType)
  })
  return {
    event: message.sid,
    contentType: 'application/x-www-form-urlencoded',
    body: Buffer.from(form.toString()),
    files: [],
  }
}
