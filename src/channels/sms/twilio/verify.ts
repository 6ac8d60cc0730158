import { isUtf8 } from 'node:buffer'
// This part of the package alone: the whole takes 150 ms and 22 MB, in every thread that reads messages.
import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js'
import { type Fault, fault } from '../../../core/fault.ts'
import type { HookCall } from '../../channel.ts'
import type { TwilioSettings } from '../settings.ts'
import { formOf } from './form.ts'

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
export function verifyTwilio({ url, headers, body }: HookCall, { authToken }: TwilioSettings): Fault | undefined {
  const signature = headers['x-twilio-signature']
  if (!signature) return fault('rejected', 'X-Twilio-Signature is missing')
  // Decoded, what is no UTF-8 would be as good as what it decodes to.
  if (!isUtf8(body)) return fault('rejected', 'The body is not UTF-8')
  const holds = /^application\/json\b/i.test(headers['content-type'] ?? '')
    ? validateRequestWithBody(authToken, signature, url, body.toString())
    : validateRequest(authToken, signature, url, formOf(body))
  return holds
    ? undefined
    : fault(
        'rejected',
        'X-Twilio-Signature does not match: is the auth token the right one, and the address the one configured there?',
      )
}
