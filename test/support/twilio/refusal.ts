/** https://www.twilio.com/docs/api/errors: status, code and words as Twilio answers them. */
export interface Refusal {
  readonly status: number
  readonly code: number
  readonly message: string
}

const refusal = (status: number, code: number, message: string): Refusal => ({ status, code, message })

export const WRONG_CREDENTIALS = refusal(401, 20003, 'Authenticate')
export const NOT_FOUND = refusal(404, 20404, 'The requested resource was not found')
export const TOO_MANY = refusal(429, 20429, 'Too Many Requests')
export const UNAVAILABLE = refusal(503, 20503, 'Service Unavailable')

export interface Asked {
  readonly form: URLSearchParams
  readonly numbers: readonly string[]
  readonly services: readonly string[]
  readonly optedOut: readonly string[]
  readonly landlines: readonly string[]
}

/** Why a message is not taken; in the order in which Twilio looks. */
export function whyNot({ form, numbers, services, optedOut, landlines }: Asked): Refusal | undefined {
  const [to, from, service, body] = ['To', 'From', 'MessagingServiceSid', 'Body'].map((name) => form.get(name))
  if (!to) return refusal(400, 21604, "A 'To' phone number is required.")
  if (!/^\+[1-9]\d{7,14}$/.test(to)) return refusal(400, 21211, `The 'To' number ${to} is not a valid phone number.`)
  if (!from && !service) return refusal(400, 21603, "A 'From' phone number is required.")
  if (service && !services.includes(service)) return refusal(404, 20404, `The service ${service} was not found`)
  if (from && !numbers.includes(from)) {
    return refusal(400, 21660, `Mismatch between the 'From' number ${from} and the account`)
  }
  if (!body) return refusal(400, 21602, 'Message body is required.')
  if (body.length > 1600) return refusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit.')
  const callback = form.get('StatusCallback')
  if (callback !== null && !/^https?:\/\/[^/]+\.[^/]+/.test(callback)) {
    return refusal(400, 21609, `The StatusCallback URL ${callback} is not a valid URL.`)
  }
  if (optedOut.includes(to)) return refusal(400, 21610, `Attempt to send to unsubscribed recipient ${to}`)
  if (landlines.includes(to)) return refusal(400, 21614, `${to} is not a mobile number`)
  return undefined
}
