import type twilio from 'twilio'
import { type Fault, fault, isFault } from '../../../core/fault.ts'
import { faultOfAnswer } from '../../../core/fault-of-answer.ts'
import type { FaultCode } from '../../../core/words.ts'
import type { HttpAnswer, HttpCall } from '../../../platform/outgoing/http.ts'
import type { ChannelContext } from '../../channel.ts'
import type { TwilioSettings } from '../settings.ts'

type Context = ChannelContext<TwilioSettings>
type Request = Parameters<twilio.RequestClient['request']>[0]

/** Asks Twilio by its own client, whose every request goes through our one way out; a refusal comes back as a fault. */
export async function asked<T>(ctx: Context, ask: (client: twilio.Twilio) => Promise<T>): Promise<T | Fault> {
  const { accountSid, authToken } = ctx.settings
  // Loaded when it is first needed: a tenth of a second and 21 MB, in every process.
  const { default: sdk } = await import('twilio')
  try {
    return await ask(sdk(accountSid, authToken, { httpClient: guarded(sdk.RequestClient, ctx) }))
  } catch (error) {
    if (error instanceof Refused) return error.fault
    // A 2xx that is no JSON: a login page, say.
    if (error instanceof SyntaxError)
      return fault('config', 'Twilio’s address answered what Twilio does not', { outcomeUnknown: true })
    throw error
  }
}

class Refused extends Error {
  readonly fault: Fault
  constructor(why: Fault) {
    super(why.message)
    this.fault = why
  }
}

function guarded(RequestClient: typeof twilio.RequestClient, ctx: Context): twilio.RequestClient {
  class GuardedClient extends RequestClient {
    override async request<T>(asking: Request) {
      const answer = await ctx.http.request(toCall(asking, ctx.settings))
      const refused = isFault(answer) ? answer : faultOf(answer, ctx.at)
      if (refused !== undefined) throw new Refused(refused)
      const { status, headers, body } = answer as HttpAnswer
      // The client parses the JSON itself.
      return { statusCode: status, headers, body: body.toString() as T }
    }
  }
  return new GuardedClient()
}

function toCall(
  { method, uri, params, data, headers }: Request,
  { accountSid, authToken, apiUrl }: TwilioSettings,
): HttpCall {
  const { pathname, searchParams } = new URL(uri)
  for (const [name, value] of given(params)) searchParams.append(name, value)
  const query = searchParams.toString()
  return {
    method: method.toUpperCase() as HttpCall['method'],
    url: `${apiUrl}${pathname}${query === '' ? '' : `?${query}`}`,
    headers: { ...(headers as Record<string, string>), Authorization: basic(accountSid, authToken) },
    ...(data !== undefined && { body: new URLSearchParams(given(data as object)).toString() }),
  }
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** Without what was left unsaid. */
function given(fields: object | null | undefined): [string, string][] {
  return Object.entries(fields ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
}

/**
 * https://www.twilio.com/docs/api/errors. Twilio's own words name the number that was written to: they go no further than here.
 */
const FAULTS: Readonly<Record<number, readonly [FaultCode, string]>> = {
  20003: ['config', 'account SID or auth token are wrong'],
  20005: ['config', 'the account is not active'],
  20429: ['throttled', 'too many requests'],
  21211: ['closed', 'not a valid number'],
  21217: ['closed', 'not a valid number'],
  21408: ['config', 'the account may not send to this country'],
  21606: ['config', 'our number cannot send'],
  21609: ['config', 'the address for status callbacks is not one that Twilio can call'],
  21610: ['closed', 'opted out'],
  21611: ['throttled', 'our number has too many messages waiting'],
  21612: ['closed', 'not reachable from our number'],
  21614: ['closed', 'not a mobile number'],
  21659: ['config', 'our number does not belong to the account'],
  21660: ['config', 'our number does not belong to the account'],
  21703: ['config', 'the messaging service has no number'],
}

function faultOf(answer: HttpAnswer, at: Date): Fault | undefined {
  const byStatus = faultOfAnswer(answer, at)
  if (byStatus === undefined) return undefined
  const code = codeIn(answer.body)
  const known = code === undefined ? undefined : FAULTS[code]
  if (known === undefined)
    return code === undefined ? byStatus : { ...byStatus, message: `${byStatus.message} (Twilio error ${code})` }
  const { retryAfterSeconds } = byStatus
  return fault(
    known[0],
    `Twilio error ${code}: ${known[1]}`,
    known[0] === 'throttled' && retryAfterSeconds !== undefined ? { retryAfterSeconds } : {},
  )
}

function codeIn(body: Buffer): number | undefined {
  try {
    const { code } = JSON.parse(body.toString()) as { code?: unknown }
    return typeof code === 'number' ? code : undefined
  } catch {
    return undefined
  }
}
