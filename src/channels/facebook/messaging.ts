import { z } from 'zod'
import type { Item, Submitted } from '../channel.ts'
import {
  bareMid,
  Id,
  ignored,
  Milliseconds,
  messageKey,
  type Person,
  person,
  remoteFile,
  submitted,
  Text,
} from './item.ts'
import type { FacebookSettings } from './settings.ts'

/** Keys of `locales/*\/aside.json`. */
type Aside = 'echo' | 'sticker' | 'watermark' | 'reaction' | 'other-page' | 'empty' | 'not-a-message'

/** `image`, `video`, `audio`, `file`, `location`, `sticker`; `fallback` and the like are what somebody shares: a link with a title. */
const Attachment = z.object({
  type: z.string().max(50),
  title: Text.optional(),
  url: z.string().max(4000).optional(),
  payload: z
    .object({
      url: z.string().max(4000).optional(),
      title: Text.optional(),
      sticker_id: Id.nullish(),
      coordinates: z.object({ lat: z.number().min(-90).max(90), long: z.number().min(-180).max(180) }).optional(),
    })
    .nullish(),
})
type Attachment = z.output<typeof Attachment>

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messages */
const Message = z.object({
  mid: Id,
  text: Text.optional(),
  is_echo: z.boolean().optional(),
  /** Documented of Instagram alone, which shares this form; where Messenger says it, it means the same. */
  is_deleted: z.boolean().optional(),
  attachments: z.array(Attachment).max(100).optional(),
})
type Message = z.output<typeof Message>

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/message-edits */
const Edit = z.object({ mid: Id, text: Text, num_edit: z.coerce.number().int().min(0).max(1000) })

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/message-deliveries */
const Mark = z.object({ mids: z.array(Id).max(1000).optional(), watermark: z.int().nonnegative() })

/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/message-reactions */
const Reaction = z.object({ mid: Id, action: z.string().max(20).optional() })

const MessagingEvent = z.object({
  sender: z.object({ id: Id }),
  recipient: z.object({ id: Id }),
  timestamp: Milliseconds.optional(),
  message: Message.optional(),
  message_edit: Edit.optional(),
  delivery: Mark.optional(),
  read: Mark.optional(),
  reaction: Reaction.optional(),
})
type MessagingEvent = z.output<typeof MessagingEvent>

/** @throws where it is none as documented. */
export function readMessaging(part: unknown, { pageId }: FacebookSettings): Item {
  const event = MessagingEvent.parse(part)
  const { sender, recipient, message, delivery, read, reaction } = event
  const aside = (name: string, reason: Aside): Item => ignored(name, reason)
  const of = `${sender.id}:${event.timestamp ?? ''}`
  if (sender.id === pageId || message?.is_echo) return aside(`echo:${message?.mid ?? of}`, 'echo')
  if (recipient.id !== pageId) return aside(`${message?.mid ?? of}`, 'other-page')
  if (message !== undefined) return readMessage(message, event)
  if (event.message_edit !== undefined) return readEdit(event.message_edit, event)
  if (delivery !== undefined) return readDelivery(delivery, sender.id)
  // Up to when, of nobody's messages by name: nothing to find ours by.
  if (read !== undefined) return aside(`read:${sender.id}:${read.watermark}`, 'watermark')
  if (reaction !== undefined) return aside(`reaction:${reaction.mid}:${of}`, 'reaction')
  return aside(`other:${of}`, 'not-a-message')
}

function readMessage(message: Message, { sender, timestamp }: MessagingEvent): Item {
  const event = `m:${bareMid(message.mid)}`
  const keys = [messageKey(message.mid)]
  if (message.is_deleted) return { item: 'deleted', event: `deleted:${event}`, keys, at: known(timestamp) }
  const written = messageOf({ mid: message.mid, from: { id: sender.id }, content: message.text ?? '' })
  const all = message.attachments ?? []
  // A sticker comes as an image of its own, too (until 30 August 2026, says the changelog); a thumb is one as well.
  const attachments = all.filter(
    ({ type, payload }) => type !== 'sticker' && (payload?.sticker_id ?? undefined) === undefined,
  )
  const whole: Submitted = { ...written, ...carried(attachments, written.content) }
  const said = whole.content !== '' || whole.remote !== undefined || whole.point !== undefined
  if (said || whole.context !== undefined) return whole
  return ignored(event, (all.length > 0 ? 'sticker' : 'empty') satisfies Aside, whole)
}

function carried(attachments: readonly Attachment[], content: string): Partial<Submitted> {
  const remote = attachments.flatMap(({ type, payload }) =>
    FILES.has(type) && payload?.url !== undefined ? [remoteFile(payload.url, type)] : [],
  )
  const place = attachments.find(({ type, payload }) => type === 'location' && payload?.coordinates !== undefined)
  const { lat, long } = place?.payload?.coordinates ?? {}
  const shared = attachments
    .filter(({ type }) => !FILES.has(type) && type !== 'location')
    .flatMap(({ title, url, payload }) => [payload?.title ?? title, payload?.url ?? url])
    .filter((line) => line !== undefined && line !== '')
  return {
    ...(content === '' && place?.title !== undefined && { content: place.title }),
    ...(remote.length > 0 && { remote }),
    ...(lat !== undefined && long !== undefined && { point: { lat, lng: long } }),
    ...(shared.length > 0 && { context: shared.join('\n') }),
  }
}

const FILES: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'file'])

function readEdit({ mid, text, num_edit }: z.output<typeof Edit>, { sender, timestamp }: MessagingEvent): Item {
  const now = messageOf({ mid, from: { id: sender.id }, content: text })
  return {
    item: 'revised',
    event: `edit:${bareMid(mid)}:${num_edit}`,
    keys: now.keys,
    how: 'edited',
    at: known(timestamp),
    now,
  }
}

/** `mids` is not always there; the watermark alone names nothing that we could find. */
function readDelivery({ mids, watermark }: z.output<typeof Mark>, of: string): Item {
  const event = `delivery:${of}:${watermark}`
  if (mids === undefined || mids.length === 0) return ignored(event, 'watermark' satisfies Aside)
  const providerIds = mids.map(bareMid)
  return { item: 'receipt', event, keys: [event], receipt: 'delivered', tokens: [], providerIds, text: 'delivered' }
}

/** Without its time a later word about a message cannot be told from an earlier one. */
function known(timestamp: string | undefined): string {
  if (timestamp === undefined) throw new Error('no timestamp')
  return timestamp
}

/** A message however it came to us: told by the webhook or asked for. */
export function messageOf(given: { readonly mid: string; readonly from: Person; readonly content: string }): Submitted {
  const key = messageKey(given.mid)
  return submitted({
    event: key,
    keys: [key],
    sender: person(given.from),
    content: given.content,
    thread: key,
    talk: given.from.id,
  })
}
