import { z } from 'zod'
import { type Fault, isFault } from '../../core/fault.ts'
import type { OutgoingNotice, Sender, Sent, ShutForNow } from '../channel.ts'
import { type GraphContext, graph } from './graph.ts'
import { isAnsweredBefore, isOutsideWindow } from './graph-fault.ts'
import { bareMid, Id } from './item.ts'
import type { FacebookSettings } from './settings.ts'
import { shorten, split } from './split.ts'

const HOUR_MS = 3_600_000
/** https://developers.facebook.com/documentation/business-messaging/messenger-platform/policy : the standard window. */
const WINDOW_MS = 24 * HOUR_MS
/** The same for the tag HUMAN_AGENT, and for a private reply to a comment or post. */
const LONG_WINDOW_MS = 7 * WINDOW_MS

/** What an officer wrote. The tag is for people's answers alone: with it on automatic messages a page loses it. */
const WRITTEN_BY_PEOPLE: ReadonlySet<string> = new Set(['asked', 'refused', 'interim', 'answer'])

export const sender: Sender<FacebookSettings> = {
  to: 'provider',
  attempt: (notice, ctx) => {
    const [, kind, id] = /^([cp]):(.+)$/.exec(notice.inReplyTo ?? '') ?? []
    return id === undefined
      ? writeTo(notice, ctx)
      : answer(notice, { kind: kind === 'c' ? 'comment' : 'post', id }, ctx)
  },
  // The Send API knows no key of ours: what it took once, it takes and shows a second time.
  whenUnknown: 'leave',
}

interface Thread {
  readonly kind: 'comment' | 'post'
  readonly id: string
}

/** In Messenger, as one says it there: the sentence, in which an answer stands whole. */
async function writeTo(notice: OutgoingNotice, ctx: GraphContext): Promise<Outcome> {
  const way = wayOpen(notice, ctx)
  if ('sent' in way) return way
  const providerIds: string[] = []
  for (const text of split(notice.short)) {
    const id = await message(ctx, { ...way, recipient: { id: notice.to }, text })
    if (typeof id === 'string') providerIds.push(id)
    // The parts before are there: from the first again, they would come twice.
    else return providerIds.length === 0 || !isFault(id) ? id : { ...id, outcomeUnknown: true }
  }
  return { sent: true, providerIds }
}

type Outcome = Sent | ShutForNow | Fault
type Way =
  | { readonly messaging_type: 'RESPONSE' }
  | { readonly messaging_type: 'MESSAGE_TAG'; readonly tag: 'HUMAN_AGENT' }

function wayOpen({ event, lastHeard }: OutgoingNotice, { at, settings }: GraphContext): Way | ShutForNow {
  const age = at.getTime() - lastHeard.getTime()
  if (age < WINDOW_MS) return { messaging_type: 'RESPONSE' }
  const byPerson = settings.outsideWindow === 'human-agent' && WRITTEN_BY_PEOPLE.has(event)
  if (byPerson && age < LONG_WINDOW_MS) return { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
  return { sent: false, why: `outside-window: last heard of ${Math.floor(age / HOUR_MS)} hours ago` }
}

/**
 * A comment or post can be answered in private once, within seven days; then publicly, that there is news and nothing of it. What comes later
 * reaches its writer where they have written back:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/discovery/private-replies
 */
async function answer(notice: OutgoingNotice, thread: Thread, ctx: GraphContext): Promise<Outcome> {
  if (notice.earlier.length > 0) return writeTo(notice, ctx)
  if (ctx.at.getTime() - notice.lastHeard.getTime() >= LONG_WINDOW_MS)
    return { sent: false, why: 'outside-window: written more than seven days ago' }
  const recipient = thread.kind === 'comment' ? { comment_id: thread.id } : { post_id: thread.id }
  const id = await message(ctx, { messaging_type: 'RESPONSE', recipient, text: shorten(notice.short) })
  if (typeof id !== 'string') return isFault(id) && isAnsweredBefore(id) ? writeTo(notice, ctx) : id
  // The notice itself has arrived: whether this one does changes nothing about it.
  await graph(ctx, { method: 'POST', path: [thread.id, 'comments'], params: { message: notice.publicly } }, Commented)
  return { sent: true, providerIds: [id] }
}

/** https://developers.facebook.com/docs/graph-api/reference/object/comments#publish */
const Commented = z.object({ id: Id })

/** https://developers.facebook.com/docs/messenger-platform/reference/send-api/#response */
const Taken = z.object({ message_id: Id })

type OneMessage = Way & { readonly recipient: Readonly<Record<string, string>>; readonly text: string }

/** Its id at Meta. */
async function message(ctx: GraphContext, { text, ...rest }: OneMessage): Promise<string | ShutForNow | Fault> {
  const params = { ...rest, message: { text } }
  const taken = await graph(ctx, { method: 'POST', path: [ctx.settings.pageId, 'messages'], params }, Taken)
  if (!isFault(taken)) return bareMid(taken.message_id)
  return isOutsideWindow(taken) ? { sent: false, why: taken.message } : taken
}
