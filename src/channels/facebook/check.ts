import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { Health } from '../channel.ts'
import { type GraphContext, graph } from './graph.ts'
import { Id } from './item.ts'

/** Without these nothing comes in. `message_edits`, `mention` and `message_deliveries` are of use and may be missing. */
const NEEDED = ['messages', 'feed']
const USEFUL = ['message_edits', 'mention', 'message_deliveries']

const Page = z.object({ id: Id, name: z.string().max(500).optional() })
/** https://developers.facebook.com/docs/graph-api/reference/debug_token : 0 means never. */
const Token = z.object({ data: z.object({ is_valid: z.boolean().optional(), expires_at: z.int().optional() }) })
/** https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps */
const Apps = z.object({ data: z.array(z.object({ subscribed_fields: z.array(z.string()).optional() })).max(1000) })

/** Does the token hold, is it that page's, until when, and does the page tell us anything? */
export async function check(ctx: GraphContext): Promise<Health | Fault> {
  const { pageId, pageToken } = ctx.settings
  const page = await graph(ctx, { method: 'GET', path: ['me'], params: { fields: 'id,name' } }, Page)
  if (isFault(page)) return page
  if (page.id !== pageId) return fault('config', `The token is not that of page ${pageId}`)
  const token = await graph(ctx, { method: 'GET', path: ['debug_token'], params: { input_token: pageToken } }, Token)
  const apps = await graph(ctx, { method: 'GET', path: [pageId, 'subscribed_apps'] }, Apps)
  if (isFault(apps)) return apps
  const subscribed = new Set(apps.data.flatMap(({ subscribed_fields = [] }) => subscribed_fields))
  const missing = NEEDED.filter((field) => !subscribed.has(field))
  if (missing.length > 0)
    return fault('config', `The page is not subscribed to ${missing.join(' and ')}: nothing of it comes in`)
  const wished = USEFUL.filter((field) => !subscribed.has(field))
  const notes = [
    `token of page ${page.id}`,
    untilWhen(isFault(token) ? undefined : token.data.expires_at),
    ...(wished.length > 0 ? [`not subscribed to ${wished.join(', ')}`] : []),
  ]
  return { ok: true, note: notes.join('; ') }
}

/** Whose token may ask differs from app to app: not to be told is no fault. */
function untilWhen(expires: number | undefined): string {
  if (expires === undefined) return 'until when is not told'
  return expires === 0
    ? 'never expires'
    : `expires ${new Date(Math.min(expires, 4e9) * 1000).toISOString().slice(0, 10)}`
}
