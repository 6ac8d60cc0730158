import { type Fault, fault, isFault } from '../../../core/fault.ts'
import { faultOfAnswer } from '../../../core/fault-of-answer.ts'
import { measure } from '../../../normalize/sms-segments.ts'
import type { HttpAnswer } from '../../../platform/outgoing/http.ts'
import type { ChannelContext, Health, Sent } from '../../channel.ts'
import type { GatewaySettings } from '../settings.ts'
import { fill, inBody, inHeader, inUrl, type Values } from './template.ts'
import { parsed, valueAt } from './value.ts'

type Sending = NonNullable<GatewaySettings['sending']>

export function fitsGateway({ maxSegments }: GatewaySettings): (text: string) => boolean {
  return (text) => measure(text).segments <= maxSegments
}

export async function sendGateway(
  message: Omit<Values, 'secret'>,
  sending: Sending,
  { settings, http, at }: ChannelContext<GatewaySettings>,
): Promise<Sent | Fault> {
  const values = { ...message, secret: settings.sendSecret ?? '' }
  const headers = Object.fromEntries(
    Object.entries(sending.headers).map(([name, value]) => [name, fill(value, values, inHeader)]),
  )
  const answer = await http.request({
    method: sending.method,
    url: fill(sending.url, values, inUrl),
    headers,
    ...(sending.body !== '' && { body: fill(sending.body, values, inBody(headers['content-type'] ?? '')) }),
  })
  return isFault(answer) ? answer : (faultIn(answer, sending, at) ?? sentOf(answer, sending))
}

/** Many gateways say 200 to everything and what they mean inside. */
function faultIn(answer: HttpAnswer, { success, faults }: Sending, at: Date): Fault | undefined {
  const byStatus = faultOfAnswer(answer, at)
  const said = success && valueAt(parsed(answer.body), success.path)
  if (byStatus === undefined && (success === undefined || (said !== undefined && success.equals.includes(said)))) {
    return undefined
  }
  // A gateway's own code is a few letters; anything longer may name who was written to.
  const code = said !== undefined && /^[\w.-]{1,20}$/.test(said) ? said : undefined
  const meant = (code === undefined ? undefined : faults[code]) ?? faults[String(answer.status)]
  const message = `The gateway answered ${answer.status}${code === undefined ? '' : `, ${code}`}`
  if (meant !== undefined) return { ...byStatus, ...fault(meant, message) }
  return byStatus ?? fault('rejected', code === undefined ? `${message}, without a word on success` : message)
}

function sentOf({ body }: HttpAnswer, { id }: Sending): Sent {
  const providerId = id === undefined ? undefined : valueAt(parsed(body), id)
  return { sent: true, ...(providerId !== undefined && { providerIds: [providerId.slice(0, 200)] }) }
}

/** Every call of a gateway that we know of sends, so nothing is asked. */
export function checkGateway({ sending }: GatewaySettings): Health {
  return { ok: true, note: sending === undefined ? 'takes messages only' : 'a gateway can only be tried by a message' }
}
