import { createHmac } from 'node:crypto'

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security: the URL, then each parameter by name, its name and value. */
export function sign(token: string, url: string, form: URLSearchParams): string {
  const named = [...form].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  const text = url + named.map(([name, value]) => name + value).join('')
  return createHmac('sha1', token).update(text).digest('base64')
}
