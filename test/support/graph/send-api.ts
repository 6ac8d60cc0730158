import { z } from 'zod'
import { lastWrote, newMid, type Page } from './page.ts'
import { refusals } from './refusal.ts'

const HOUR_MS = 3_600_000
/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/policy */
const STANDARD_WINDOW_MS = 24 * HOUR_MS
/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/message-tags */
const HUMAN_AGENT_WINDOW_MS = 7 * 24 * HOUR_MS
/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/discovery/private-replies */
const PRIVATE_REPLY_MS = 7 * 24 * HOUR_MS
/** https://developers.facebook.com/docs/messenger-platform/reference/send-api/#message */
const MOST_LETTERS = 2000

const Body = z.object({
  recipient: z.strictObject({
    id: z.string().optional(),
    comment_id: z.string().optional(),
    post_id: z.string().optional(),
  }),
  messaging_type: z.enum(['RESPONSE', 'UPDATE', 'MESSAGE_TAG']).optional(),
  tag: z.string().optional(),
  message: z.object({ text: z.string() }),
})

export interface TakenMessage {
  readonly recipient_id: string
  readonly message_id: string
}

/** @throws {Refusal} where Messenger refuses. */
export function takeMessage(page: Page, given: unknown, now: Date): TakenMessage {
  const parsed = Body.safeParse(given)
  if (!parsed.success) throw refusals.parameter(`Invalid parameter: ${parsed.error.issues[0]?.path.join('.')}`)
  const { recipient, messaging_type, tag, message } = parsed.data
  if (Object.values(recipient).filter(Boolean).length !== 1) throw refusals.parameter('Param recipient is ambiguous')
  if (message.text === '') throw refusals.parameter('Param message[text] must be a non-empty UTF-8 encoded string')
  if (message.text.length > MOST_LETTERS)
    throw refusals.parameter('Length of param message[text] must be less than or equal to 2000')
  const talk =
    recipient.id === undefined
      ? privately(page, recipient.comment_id ?? recipient.post_id ?? '', now)
      : inWindow(page, { psid: recipient.id, messaging_type, tag }, now)
  const id = newMid()
  page.messages.push({ id, from: page.person, at: now, text: message.text, files: [], talk })
  return { recipient_id: talk, message_id: id }
}

/** One message to whoever wrote the comment or post, whether they ever wrote in Messenger or not. */
function privately(page: Page, id: string, now: Date): string {
  const about = page.comments.get(id) ?? page.posts.get(id)
  if (about === undefined) throw refusals.noObject(id)
  if (about.from.id === page.person.id) throw refusals.cannotReply()
  if (page.repliedTo.has(id)) throw refusals.repliedTo()
  if (now.getTime() - about.at.getTime() > PRIVATE_REPLY_MS) throw refusals.cannotReply()
  page.repliedTo.add(id)
  return about.from.id
}

interface To {
  readonly psid: string
  readonly messaging_type: string | undefined
  readonly tag: string | undefined
}

function inWindow(page: Page, { psid, messaging_type, tag }: To, now: Date): string {
  const last = lastWrote(page, psid)
  const commented = [...page.comments.values(), ...page.posts.values()].some(({ from }) => from.id === psid)
  if (last === undefined && !commented) throw refusals.noUser()
  if (messaging_type === 'MESSAGE_TAG' && tag !== 'HUMAN_AGENT') throw refusals.parameter('Invalid tag')
  const window = messaging_type === 'MESSAGE_TAG' ? HUMAN_AGENT_WINDOW_MS : STANDARD_WINDOW_MS
  if (last === undefined || now.getTime() - last.getTime() > window) throw refusals.window()
  return psid
}
