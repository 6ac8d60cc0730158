import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { ZALO } from '../../../test/support/zalo/account.ts'
import { ZaloSettings } from './settings.ts'
import { verifyZalo } from './verify.ts'

const SETTINGS = ZaloSettings.parse(ZALO)
const AT = new Date('2026-11-23T01:00:00Z')
/** As Zalo writes it, some letters escaped; an emoji as it is and as its two halves. */
const BODY = `{"event_name":"user_send_text", "app_id":"${ZALO.appId}","message":{"text":"\\u0110\\u01b0\\u1eddng h\u1ecfng 🚧 \\ud83d\\udea7","msg_id":"m1"},"timestamp":"1795395600000"}`
const STAMP = '1795395600000'
const sha256 = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('')).digest('hex')
const good = sha256(ZALO.appId, BODY, STAMP, ZALO.secretKey)
const rewritten = JSON.stringify(JSON.parse(BODY))

it.each<readonly [what: string, headers: Record<string, string>, body: string, fault: string | undefined]>([
  ['as documented', { 'x-zevent-signature': `mac=${good}` }, BODY, undefined],
  ['in capitals, with a blank', { 'x-zevent-signature': `mac = ${good.toUpperCase()}` }, BODY, undefined],
  ['without its name', { 'x-zevent-signature': good }, BODY, undefined],
  [
    'a number as timestamp',
    { 'x-zevent-signature': `mac=${sha256(ZALO.appId, '{"timestamp":17}', '17', ZALO.secretKey)}` },
    '{"timestamp":17}',
    undefined,
  ],
  [
    'the timestamp in a header',
    { 'x-zevent-signature': `mac=${sha256(ZALO.appId, '{}', STAMP, ZALO.secretKey)}`, 'x-zevent-timestamp': STAMP },
    '{}',
    undefined,
  ],
  ['none', {}, BODY, 'rejected'],
  ['an empty one', { 'x-zevent-signature': 'mac=' }, BODY, 'rejected'],
  ['the JSON written anew', { 'x-zevent-signature': `mac=${good}` }, rewritten, 'rejected'],
  [
    'signed over the JSON written anew',
    { 'x-zevent-signature': `mac=${sha256(ZALO.appId, rewritten, STAMP, ZALO.secretKey)}` },
    BODY,
    'rejected',
  ],
  [
    'an HMAC',
    { 'x-zevent-signature': `mac=${createHmac('sha256', ZALO.secretKey).update(BODY).digest('hex')}` },
    BODY,
    'rejected',
  ],
  [
    "another account's key",
    { 'x-zevent-signature': `mac=${sha256(ZALO.appId, BODY, STAMP, 'another-secret-key')}` },
    BODY,
    'rejected',
  ],
  [
    "another application's id",
    { 'x-zevent-signature': `mac=${sha256('1', BODY, STAMP, ZALO.secretKey)}` },
    BODY,
    'rejected',
  ],
  [
    "the application's secret",
    { 'x-zevent-signature': `mac=${sha256(ZALO.appId, BODY, STAMP, ZALO.appSecret)}` },
    BODY,
    'rejected',
  ],
  ['no timestamp', { 'x-zevent-signature': `mac=${sha256(ZALO.appId, '{}', ZALO.secretKey)}` }, '{}', 'rejected'],
  [
    'a timestamp that is none',
    { 'x-zevent-signature': `mac=${sha256(ZALO.appId, '{"timestamp":"x"}', 'x', ZALO.secretKey)}` },
    '{"timestamp":"x"}',
    'rejected',
  ],
  ['no JSON', { 'x-zevent-signature': `mac=${sha256(ZALO.appId, 'x', ZALO.secretKey)}` }, 'x', 'rejected'],
])('a mac: %s', (_, headers, body, fault) => {
  const call = { url: 'https://paht.example/hooks/sources/zalo', headers, body: Buffer.from(body), at: AT }
  expect(verifyZalo(call, SETTINGS)?.fault).toBe(fault)
})
