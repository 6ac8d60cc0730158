import { type Fault, fault, isFault } from '../../../core/fault.ts'
import { faultOfAnswer } from '../../../core/fault-of-answer.ts'
import type { HttpAnswer } from '../../../platform/outgoing/http.ts'
import type { ChannelContext, FetchedFile, RemoteFile } from '../../channel.ts'
import type { TwilioSettings } from '../settings.ts'
import { basic } from './client.ts'

/** Where Twilio keeps the bytes, for links that hold for four hours: https://help.twilio.com/articles/223183748 */
const STORES = /(?:^|\.)(?:twilio\.com|twiliocdn\.com|amazonaws\.com)$/

/** https://www.twilio.com/docs/messaging/api/media-resource: the API answers with a link to the bytes. */
export async function fetchMedia(
  { ref }: RemoteFile,
  ctx: ChannelContext<TwilioSettings>,
): Promise<FetchedFile | Fault> {
  const { accountSid, authToken, apiUrl } = ctx.settings
  const path = URL.canParse(ref) ? new URL(ref).pathname : ''
  if (!PATH.test(path)) return fault('rejected', 'No address of a file at Twilio')
  // The path alone is taken from the message: the password goes nowhere but to the API.
  const url = apiUrl + path
  const first = await ctx.http.request({ method: 'GET', url, headers: { authorization: basic(accountSid, authToken) } })
  if (isFault(first) || first.status < 300 || first.status >= 400) return fileOf(first, ctx.at)
  const store = storeOf(first.headers['location'], url)
  if (store === undefined) return fault('config', 'Twilio sends us for a file to where it keeps none')
  return fileOf(await ctx.http.request({ method: 'GET', url: store }), ctx.at)
}

const PATH = /^\/2010-04-01\/Accounts\/\w+\/Messages\/\w+\/Media\/\w+$/

function storeOf(location: string | undefined, from: string): string | undefined {
  if (location === undefined || !URL.canParse(location, from)) return undefined
  const to = new URL(location, from)
  const known = to.protocol === 'https:' && STORES.test(to.hostname)
  return known || to.origin === new URL(from).origin ? to.href : undefined
}

function fileOf(answer: HttpAnswer | Fault, at: Date): FetchedFile | Fault {
  if (isFault(answer)) return answer
  if (answer.status === 404 || answer.status === 410) return fault('rejected', 'Twilio does not keep the file any more')
  return (
    faultOfAnswer(answer, at) ?? {
      bytes: answer.body,
      type: answer.headers['content-type'] ?? 'application/octet-stream',
    }
  )
}
