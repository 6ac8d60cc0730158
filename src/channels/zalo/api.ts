import { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { FaultCode } from '../../core/words.ts'
import type { HttpAnswer } from '../../platform/outgoing/http.ts'
import type { ChannelContext } from '../channel.ts'
import { parsed } from './parsed.ts'
import type { ZaloSettings } from './settings.ts'
import { accessToken } from './tokens.ts'

type Context = ChannelContext<ZaloSettings>

interface Call {
  readonly path: string
  /** JSON; with it a POST, without a GET. */
  readonly body?: object
}

/** Zalo's own word on why not, in `error` of a 200. */
export interface Refusal extends Fault {
  readonly error?: number
}

/** The `data` of an answer. A token that Zalo no longer takes is asked anew, once. */
export async function askZalo(call: Call, ctx: Context): Promise<unknown> {
  const token = await accessToken(ctx)
  if (isFault(token)) return token
  const first = await request(call, token, ctx)
  if (!isFault(first) || !IS_TOKEN.has((first as Refusal).error ?? 0)) return first
  const renewed = await accessToken(ctx, token)
  return isFault(renewed) ? renewed : request(call, renewed, ctx)
}

const IS_TOKEN: ReadonlySet<number> = new Set([-216, -220])

async function request({ path, body }: Call, token: string, ctx: Context): Promise<unknown> {
  const answer = await ctx.http.request({
    method: body === undefined ? 'GET' : 'POST',
    url: ctx.settings.apiUrl + path,
    headers: { access_token: token, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return isFault(answer) ? answer : dataOf(answer, ctx.at)
}

const Answer = z.object({ error: z.int(), data: z.unknown().optional() })

function dataOf(answer: HttpAnswer, at: Date): unknown {
  const byStatus = faultOfAnswer(answer, at)
  if (byStatus !== undefined) return byStatus
  const { error, data } = Answer.safeParse(parsed(answer.body)).data ?? {}
  if (error === undefined)
    return fault('config', 'Zalo’s address answered what Zalo does not', { outcomeUnknown: true })
  return error === 0 ? data : refusal(error)
}

/** https://developers.zalo.me/docs/official-account/phu-luc/ma-loi */
const FAULTS: Readonly<Record<number, readonly [FaultCode, string]>> = {
  [-32]: ['throttled', 'too many requests'],
  [-204]: ['config', 'the account was deleted'],
  [-205]: ['config', 'there is no such account'],
  [-209]: ['config', 'the application may not use this'],
  [-212]: ['config', 'the account may not use this'],
  [-213]: ['closed', 'the person does not follow the account'],
  [-216]: ['config', 'the access token is not taken'],
  [-217]: ['closed', 'the person has blocked the account'],
  [-219]: ['config', 'the application was switched off'],
  [-220]: ['config', 'the access token is not taken'],
  [-221]: ['config', 'the account is not verified'],
  [-224]: ['config', 'the account’s package does not allow this'],
  [-227]: ['closed', 'the person’s own account is not in use'],
  [-244]: ['closed', 'the person has shut this account off'],
}

/** Zalo's own words may name the person; they go no further. */
function refusal(error: number): Refusal {
  const [code, why] = FAULTS[error] ?? (['rejected', 'not taken'] as const)
  return { ...fault(code, `Zalo error ${error}: ${why}`), error }
}
