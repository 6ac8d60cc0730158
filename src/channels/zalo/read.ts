import { findCodes } from '../../normalize/code.ts'
import type { Envelope, Item, Receipt, RemoteFile, Submitted, Unreadable } from '../channel.ts'
import { type Payload, ZaloEvent } from './event.ts'
import { parsed } from './parsed.ts'
import type { ZaloSettings } from './settings.ts'

/** One call is one event: https://developers.zalo.me/docs/official-account/webhook/tong-quan */
export function readZalo({ event: id, body }: Envelope, settings: ZaloSettings): readonly Item[] | Unreadable {
  const event = ZaloEvent.safeParse(parsed(body)).data
  if (event === undefined) return { unreadable: 'no event of Zalo' }
  const name = event.event_name
  const [, kind] = /^(?:user|anonymous)_send_(\w+)$/.exec(name) ?? []
  if (kind !== undefined) return [messageOf(event, kind, { id, settings })]
  const receipt = RECEIPTS[name]
  const base = { event: id, keys: [id] }
  if (receipt !== undefined) return receiptsOf(event, receipt, base)
  if (name === 'user_submit_info') return [contactOf(event, base)]
  const reason: Aside = REASONS[name] ?? (name.startsWith('oa_send_') ? 'echo' : 'not-a-message')
  return [{ ...base, item: 'ignored', reason }]
}

/** Why something is set aside: a key of `locales/*\/aside.json`. */
type Aside =
  | 'other-page'
  | 'empty'
  | 'echo'
  | 'not-a-message'
  | 'follow'
  | 'unfollow'
  | 'reaction'
  | 'sticker'
  | 'group'
  | 'contact'

interface Base {
  readonly event: string
  readonly keys: readonly string[]
}

/** Of what is nobody's message. */
const REASONS: Readonly<Record<string, Aside>> = {
  follow: 'follow',
  unfollow: 'unfollow',
  user_reacted_message: 'reaction',
}

/** Of messages that are no report by themselves, though an officer may see one in them. */
const ASIDE: Readonly<Record<string, Aside>> = { sticker: 'sticker', gif: 'sticker' }

function messageOf(event: ZaloEvent, kind: string, { id, settings }: { id: string; settings: ZaloSettings }): Item {
  const { message, recipient } = event
  const base = { event: message?.msg_id ?? id, keys: [message?.msg_id ?? id] }
  const submitted = submittedOf(event, base)
  const reason: Aside | undefined =
    recipient !== undefined && recipient.id !== settings.oaId
      ? 'other-page'
      : (ASIDE[kind] ?? (kind.startsWith('group_') ? 'group' : undefined) ?? (isEmpty(submitted) ? 'empty' : undefined))
  if (reason === undefined) return submitted
  return { ...base, item: 'ignored', reason, ...(reason !== 'empty' && { as: submitted }) }
}

function submittedOf({ sender, message }: ZaloEvent, base: Base): Submitted {
  const attachments = message?.attachments ?? []
  const content = [
    message?.text ?? '',
    ...attachments.flatMap(({ type, payload }) => (type === 'link' ? linkOf(payload) : [])),
  ]
    .filter((line) => line.trim() !== '')
    .join('\n')
  const place = attachments.flatMap(({ payload }) => payload?.coordinates ?? []).find(isPlace)
  const remote = attachments.flatMap(({ type, payload }, i) => fileOf(type, payload, i + 1))
  const codes = findCodes(content)
  return {
    ...base,
    item: 'submitted',
    sender: sender === undefined ? {} : { provider: sender.id },
    content,
    // With a place Zalo sends its name as the text.
    ...(place !== undefined && {
      point: { lat: place.latitude, lng: place.longitude },
      ...(content !== '' && { address: content.slice(0, 500) }),
    }),
    identitySecret: false,
    contentSecret: false,
    files: [],
    ...(remote.length > 0 && { remote }),
    ...(codes.length > 0 && { answers: { tokens: [], codes } }),
    ...(sender !== undefined && { talk: sender.id }),
  }
}

function isEmpty({ content, point, remote }: Submitted): boolean {
  return content === '' && point === undefined && remote === undefined
}

function isPlace({ latitude, longitude }: NonNullable<Payload['coordinates']>): boolean {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

/** A link, or the card of somebody: it says what it is in words. */
function linkOf(payload: Payload | undefined): string[] {
  return [payload?.title, payload?.description, payload?.url].filter((line) => line !== undefined)
}

/** Only files have names at Zalo. */
const ENDINGS: Readonly<Record<string, string>> = {
  ...{ image: 'jpg', photo: 'jpg', gif: 'gif' },
  ...{ audio: 'aac', voice: 'aac', video: 'mp4', file: 'bin' },
}

function fileOf(type: string, payload: Payload | undefined, number: number): RemoteFile[] {
  const ending = ENDINGS[type]
  if (ending === undefined || payload?.url === undefined) return []
  return [{ ref: payload.url, name: payload.name?.slice(0, 200) || `zalo-${number}.${ending}` }]
}

/** What became of messages of ours: https://developers.zalo.me/docs/official-account/webhook/tin-nhan */
const RECEIPTS: Readonly<Record<string, Receipt['receipt']>> = {
  user_received_message: 'delivered',
  user_seen_message: 'read',
}

function receiptsOf(
  { event_name: text, message }: ZaloEvent,
  receipt: Receipt['receipt'],
  base: Base,
): readonly Item[] {
  const providerIds = message?.msg_ids ?? (message?.msg_id === undefined ? [] : [message.msg_id])
  if (providerIds.length === 0) return [{ ...base, item: 'ignored', reason: 'watermark' }]
  return [{ ...base, item: 'receipt', receipt, tokens: [], providerIds, text }]
}

/** No message, but whom it is from: an officer may make a report of it, or add it to one. */
function contactOf({ sender, info = {} }: ZaloEvent, base: Base): Item {
  const address = [info.address, info.ward, info.district, info.city].filter((part) => part?.trim()).join(', ')
  const as: Submitted = {
    ...base,
    item: 'submitted',
    sender: {
      ...(sender !== undefined && { provider: sender.id }),
      ...(info.name !== undefined && { name: info.name }),
      ...(info.phone !== undefined && { phone: info.phone }),
    },
    content: address,
    identitySecret: false,
    contentSecret: false,
    files: [],
  }
  return { ...base, item: 'ignored', reason: 'contact', as }
}
