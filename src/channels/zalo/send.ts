import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { splitText } from '../../normalize/split-text.ts'
import { clean } from '../../normalize/text.ts'
import type { ChannelContext, Health, OutgoingNotice, Sender, Sent, ShutForNow } from '../channel.ts'
import { sendParts } from '../parts.ts'
import { askZalo, type Refusal } from './api.ts'
import type { ZaloSettings } from './settings.ts'

type Context = ChannelContext<ZaloSettings>

const HOUR_MS = 3_600_000
/** https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban */
const MOST_LETTERS = 2000

/** No word from the person for too long, or the account's messages are used up. */
const SHUT: ReadonlySet<number> = new Set([-211, -218, -230, -232])

export const sender: Sender<ZaloSettings> = {
  to: 'provider',
  attempt,
  // Zalo knows no key of ours: what comes twice is shown twice.
  whenUnknown: 'leave',
}

async function attempt(notice: OutgoingNotice, ctx: Context): Promise<Sent | ShutForNow | Fault> {
  const hours = (ctx.at.getTime() - notice.lastHeard.getTime()) / HOUR_MS
  if (hours >= ctx.settings.windowHours) {
    return { sent: false, why: `outside-window: last heard of ${Math.floor(hours)} hours ago` }
  }
  const parts = splitText(clean(notice.short), (part) => part.length <= MOST_LETTERS)
  const sent = await sendParts(parts, { ...ctx, token: notice.token, send: (text) => sendOne(notice.to, text, ctx) })
  const { error } = sent as Refusal
  return isFault(sent) && error !== undefined && SHUT.has(error)
    ? { sent: false, why: `outside-window: Zalo error ${error}` }
    : sent
}

const Taken = z.object({ message_id: z.string().min(1).max(200) })

async function sendOne(user: string, text: string, ctx: Context): Promise<Sent | Fault> {
  const body = { recipient: { user_id: user }, message: { text } }
  const data = await askZalo({ path: '/v3.0/oa/message/cs', body }, ctx)
  if (isFault(data)) return data
  const id = Taken.safeParse(data).data?.message_id
  return { sent: true, ...(id !== undefined && { providerIds: [id] }) }
}

const Account = z.object({ oa_id: z.coerce.string() })

/** https://developers.zalo.me/docs/official-account/quan-ly/quan-ly-thong-tin-oa/lay-thong-tin-zalo-official-account */
export async function checkZalo(ctx: Context): Promise<Health | Fault> {
  const data = await askZalo({ path: '/v2.0/oa/getoa' }, ctx)
  if (isFault(data)) return data
  const oaId = Account.safeParse(data).data?.oa_id
  return oaId === ctx.settings.oaId
    ? { ok: true, note: 'Zalo knows the account, and the tokens hold' }
    : fault('config', 'The tokens are of another Official Account')
}
