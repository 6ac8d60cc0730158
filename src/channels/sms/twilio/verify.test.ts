import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { TWILIO } from '../../../../test/support/sms.ts'
import type { HookCall } from '../../channel.ts'
import { sms } from '../index.ts'
import { SmsSettings } from '../settings.ts'

const SETTINGS = SmsSettings.parse(TWILIO)
const HOOK = 'https://paht.dienbien.example/hooks/sources/tin-nhan'
const FORM = 'Body=%C4%90%C6%B0%E1%BB%9Dng%20h%E1%BB%8Fng%20%F0%9F%9A%A7&From=%2B84912345678&MessageSid=SM1'

/** As the documents say it, with nothing of the plug: the URL, then the sorted parameters. */
function sign(url: string, body = '', token = TWILIO.authToken): string {
  const sorted = [...new URLSearchParams(body)].sort(([one], [other]) => (one < other ? -1 : 1))
  return createHmac('sha1', token)
    .update(url + sorted.flat().join(''))
    .digest('base64')
}

function verify(call: Partial<HookCall>, settings = SETTINGS) {
  const [webhook] = sms.intakes
  if (webhook?.intake !== 'webhook') throw new Error('no webhook')
  const whole = { url: HOOK, headers: {}, body: Buffer.from(FORM), at: new Date('2026-11-23T01:00:00Z'), ...call }
  return webhook.verify(whole, settings)?.fault
}

const signed = (signature: string, type = 'application/x-www-form-urlencoded') => ({
  'x-twilio-signature': signature,
  'content-type': type,
})

it('knows the example of the documents', () => {
  // https://www.twilio.com/docs/usage/security#validating-requests
  const call = {
    url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    headers: signed('RSOYDt4T1cUTdK1PDd93/VVr8B8='),
    body: Buffer.from(
      'Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
    ),
  }
  expect(verify(call, { ...SETTINGS, authToken: '12345' } as SmsSettings)).toBeUndefined()
})

describe('behind any proxy it is the configured address that counts', () => {
  it.each<readonly [configured: string, hub: string]>([
    [HOOK, HOOK],
    ['https://paht.dienbien.example:443/hooks/sources/tin-nhan', HOOK],
    [HOOK, 'https://paht.dienbien.example:443/hooks/sources/tin-nhan'],
    [
      'https://paht.dienbien.example:8443/hooks/sources/tin-nhan',
      'https://paht.dienbien.example:8443/hooks/sources/tin-nhan',
    ],
    ['http://10.1.2.3:8080/hooks/sources/tin-nhan', 'http://10.1.2.3:8080/hooks/sources/tin-nhan'],
    ['https://tinh.example/cong/paht/hooks/sources/tin-nhan', 'https://tinh.example/cong/paht/hooks/sources/tin-nhan'],
    [`${HOOK}?so=1022&ten=%C4%90i%E1%BB%87n%20Bi%C3%AAn`, `${HOOK}?so=1022&ten=%C4%90i%E1%BB%87n%20Bi%C3%AAn`],
    [`${HOOK}?a=b+c&a=d`, `${HOOK}?a=b+c&a=d`],
  ])('configured as %s, seen as %s', (configured, url) => {
    expect(verify({ url, headers: signed(sign(configured, FORM)) })).toBeUndefined()
  })

  it.each<readonly [signedOver: string, seen: string]>([
    [HOOK.replace('https', 'http'), HOOK],
    [`${HOOK}/`, HOOK],
    [HOOK, `${HOOK}?so=1022`],
    [`${HOOK}?so=1022`, HOOK],
    [HOOK.replace('tin-nhan', 'tin-nhan-2'), HOOK],
    ['http://127.0.0.1:3000/hooks/sources/tin-nhan', HOOK],
  ])('signed over %s, seen as %s: refused', (over, url) => {
    expect(verify({ url, headers: signed(sign(over, FORM)) })).toBe('rejected')
  })
})

describe('what does not hold', () => {
  it.each<readonly [what: string, call: Partial<HookCall>]>([
    ['no signature', {}],
    ['an empty one', { headers: signed('') }],
    ['half of one', { headers: signed(sign(HOOK, FORM).slice(0, 20)) }],
    ["another account's", { headers: signed(sign(HOOK, FORM, 'another-auth-token')) }],
    ['another body', { headers: signed(sign(HOOK, FORM)), body: Buffer.from(`${FORM}1`) }],
    ['a parameter more', { headers: signed(sign(HOOK, FORM)), body: Buffer.from(`${FORM}&x=1`) }],
    ['an emoji changed', { headers: signed(sign(HOOK, FORM)), body: Buffer.from(FORM.replace('%A7', '%A8')) }],
    ['bytes that are no UTF-8', { headers: signed(sign(HOOK, 'a=\uFFFD')), body: Buffer.from([0x61, 0x3d, 0xff]) }],
    ['the address signed alone', { headers: signed(sign(HOOK)) }],
  ])('%s', (_, call) => {
    expect(verify(call)).toBe('rejected')
  })

  it('takes a parameter of any name and any number of values', () => {
    const body = '__proto__=1&constructor=2&b=2&b=1'
    const signature = createHmac('sha1', TWILIO.authToken).update(`${HOOK}__proto__1b1b2constructor2`).digest('base64')
    expect(verify({ headers: signed(signature), body: Buffer.from(body) })).toBeUndefined()
  })
})

describe('JSON is signed by its hash in the address', () => {
  const body = Buffer.from('{"text":"Đường hỏng 🚧 \\u0110"}')
  const url = `${HOOK}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
  const headers = signed(sign(url), 'application/json; charset=utf-8')

  it('over the bytes as they came', () => {
    expect(verify({ url, headers, body })).toBeUndefined()
    expect(verify({ url, headers, body: Buffer.from(JSON.stringify(JSON.parse(body.toString()))) })).toBe('rejected')
    expect(verify({ url: HOOK, headers: signed(sign(HOOK), 'application/json'), body })).toBe('rejected')
  })
})
