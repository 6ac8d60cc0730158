import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { ChannelContext } from '../channel.ts'
import { parsed } from './parsed.ts'
import type { ZaloSettings } from './settings.ts'

type Context = ChannelContext<ZaloSettings>

const Tokens = z.object({
  access: z.string(),
  refresh: z.string(),
  until: z.iso.datetime(),
  /** Of the consent that they come from: a new one in the settings begins anew. */
  consent: z.string(),
})
type Tokens = z.output<typeof Tokens>
const Remembered = z.object({ tokens: Tokens })

/** Asked anew before it ends: a clock may be off, and a call takes time. */
const MARGIN_MS = 5 * 60_000

/**
 * The access token, which holds for 25 hours. A refresh token is good for **one** use, so one process at a time asks, under the memory's lock, and
 * what comes is committed, both together, before anybody uses it. `refused`: the one that Zalo no longer takes.
 */
export async function accessToken(ctx: Context, refused?: string): Promise<string | Fault> {
  const good = (known: unknown): Tokens | undefined => {
    const tokens = tokensOf(known, ctx)
    const holds = tokens !== undefined && Date.parse(tokens.until) - MARGIN_MS > ctx.at.getTime()
    return holds && tokens.access !== refused ? tokens : undefined
  }
  const before = good(await ctx.memory.read())
  if (before !== undefined) return before.access
  let outcome: Tokens | Fault | undefined
  await ctx.memory.change(async (known) => {
    // Whoever held the lock before has asked already.
    outcome = good(known) ?? (await refresh(tokensOf(known, ctx)?.refresh ?? ctx.settings.refreshToken, ctx))
    return { ...(typeof known === 'object' && known), ...(!isFault(outcome) && { tokens: outcome }) }
  })
  // Whatever became of the question, no message has left.
  return isFault(outcome) ? { ...outcome, outcomeUnknown: false } : outcome!.access
}

function tokensOf(known: unknown, { settings }: Context): Tokens | undefined {
  const tokens = Remembered.safeParse(known).data?.tokens
  return tokens?.consent === consentOf(settings) ? tokens : undefined
}

function consentOf({ refreshToken }: ZaloSettings): string {
  return createHash('sha256').update(refreshToken).digest('hex')
}

const Given = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
})

/** https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new */
async function refresh(token: string, { settings, http, at }: Context): Promise<Tokens | Fault> {
  const { appId, appSecret, oauthUrl } = settings
  const answer = await http.request({
    method: 'POST',
    url: `${oauthUrl}/v4/oa/access_token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', secret_key: appSecret },
    body: new URLSearchParams({ refresh_token: token, app_id: appId, grant_type: 'refresh_token' }).toString(),
  })
  if (isFault(answer)) return answer
  const refused = faultOfAnswer(answer, at)
  if (refused !== undefined) return refused
  const json = parsed(answer.body)
  const given = Given.safeParse(json).data
  if (given === undefined) return refusalOf(json)
  return {
    access: given.access_token,
    refresh: given.refresh_token,
    until: new Date(at.getTime() + given.expires_in * 1000).toISOString(),
    consent: consentOf(settings),
  }
}

/** -14014 and -14020: not a refresh token, or one that was used. Only the account's consent gives another. */
function refusalOf(json: unknown): Fault {
  const { error } = z.object({ error: z.int() }).safeParse(json).data ?? {}
  return fault(
    'config',
    error === undefined
      ? 'Zalo gave no token'
      : `Zalo gives no token (error ${error}): the account must consent anew, and its refresh token go into the settings`,
  )
}
