import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { webhook } from './hook.ts'
import { FacebookSettings } from './settings.ts'

const GIVEN = { pageId: '104', pageToken: 'EAAG', appSecret: 'bí mật', verifyToken: 'điện-biên-26' }
const SETTINGS = FacebookSettings.parse(GIVEN)

const sign = (body: Buffer, secret = GIVEN.appSecret) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

const verify = (body: Buffer, signature: string | undefined) =>
  webhook.verify(
    {
      url: 'https://paht.example/hooks/sources/fb',
      headers: { 'x-hub-signature-256': signature },
      body,
      at: new Date(0),
    },
    SETTINGS,
  )

it.each([
  ['letters', '{"text":"Ổ gà"}'],
  ['an emoji as it is', '{"text":"Ổ gà 🕳️"}'],
  // As Meta writes them: https://github.com/octokit/webhooks.js/issues/1155 is what becomes of those who write it anew.
  ['escapes and an escaped slash', String.raw`{"text":"\u1ed4 g\u00e0 \ud83d\udd73","url":"https:\/\/fb.example"}`],
  ['blanks that a rewriting would lose', '{ "text" :  "x" }\n'],
  ['nothing', ''],
])('takes %s by the bytes as they came', (_, text) => {
  const body = Buffer.from(text)
  expect(verify(body, sign(body))).toBeUndefined()
})

const BODY = Buffer.from(String.raw`{"text":"\u1ed4 g\u00e0"}`)
it.each<[string, Buffer, string | undefined]>([
  ['no signature', BODY, undefined],
  ['an empty one', BODY, ''],
  ['the digest without its name', BODY, sign(BODY).slice('sha256='.length)],
  ['the old one, SHA-1', BODY, `sha1=${createHmac('sha1', GIVEN.appSecret).update(BODY).digest('hex')}`],
  ['one in capitals', BODY, sign(BODY).toUpperCase()],
  ['that of another app', BODY, sign(BODY, 'another')],
  ['the same text written anew', Buffer.from(JSON.stringify(JSON.parse(BODY.toString()))), sign(BODY)],
  ['one byte more', Buffer.concat([BODY, Buffer.from(' ')]), sign(BODY)],
  ['what is no ASCII', BODY, 'ế'.repeat(71)],
])('refuses %s', (_, body, signature) => {
  expect(verify(body, signature)).toMatchObject({ fault: 'rejected' })
})

const ASKED = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': GIVEN.verifyToken }
it.each<[string, Record<string, string>, string | undefined]>([
  ['the right word', ASKED, '1158201444'],
  ['a wrong word', { ...ASKED, 'hub.verify_token': 'điện-biên-25' }, undefined],
  ['no word', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }, undefined],
  ['an empty word', { ...ASKED, 'hub.verify_token': '' }, undefined],
  ['another mode', { ...ASKED, 'hub.mode': 'unsubscribe' }, undefined],
  ['no mode', { 'hub.challenge': '1', 'hub.verify_token': GIVEN.verifyToken }, undefined],
  ['nothing to say back', { 'hub.mode': 'subscribe', 'hub.verify_token': GIVEN.verifyToken }, undefined],
])('asked whether the address is ours with %s', (_, query, answer) => {
  expect(webhook.challenge!(query, SETTINGS)).toBe(answer)
})

it.each<[string, object, boolean]>([
  ['what must be said', {}, true],
  ['a page that is no number', { pageId: 'ubnd' }, false],
  ['a field that nobody knows', { token: 'x' }, false],
  ['clear text to anywhere', { graphUrl: 'http://graph.example' }, false],
  ['clear text into a named network', { graphUrl: 'http://10.0.0.4/', allow: ['10.0.0.0/8'] }, true],
  ['a version that is none', { graphVersion: '24' }, false],
])('settings: %s', (_, more, good) => {
  expect(FacebookSettings.safeParse({ ...GIVEN, ...more }).success).toBe(good)
})

it('asks Meta itself unless told otherwise, and enforces signatures', () => {
  expect(SETTINGS).toMatchObject({
    graphUrl: 'https://graph.facebook.com',
    graphVersion: 'v24.0',
    signature: 'enforce',
    allow: [],
    outsideWindow: 'other-channel',
  })
})
