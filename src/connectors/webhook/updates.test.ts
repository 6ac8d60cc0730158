import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { WebhookSettings } from './settings.ts'
import { updates } from './updates.ts'

const AT = new Date('2026-08-20T03:00:00Z')
const SECRET = `whsec_${Buffer.from('an invented secret of 32 bytes!!').toString('base64')}`
const CALLBACK_SECRET = `whsec_${Buffer.from('another one, for the way back :)').toString('base64')}`
const SCRIPT = '<script>alert(1)</script>'

const SETTINGS: WebhookSettings = { url: 'https://office.example/', secret: SECRET, callbackSecret: CALLBACK_SECRET }

function hmac(secret: string, signed: { id: string; stamp: string; body: string }): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${signed.id}.${signed.stamp}.${signed.body}`).digest('base64')}`
}

describe('an update', () => {
  const STAMP = AT.getTime() / 1000
  const BODY = '{"event":"e1","of":"VP-1","kind":"taken","at":"2026-08-20T10:00:00+07:00"}'

  const signedHeaders = (body = BODY, { id = 'e1', stamp = String(STAMP), secret = CALLBACK_SECRET } = {}) => ({
    'webhook-id': id,
    'webhook-timestamp': stamp,
    'webhook-signature': hmac(secret, { id, stamp, body }),
  })
  const verify = (headers: Record<string, string | undefined>, body: string | Buffer = BODY, at = AT) =>
    updates.verify(headers, Buffer.from(body), SETTINGS, at)

  it.each<[string, string]>([
    ['plain', BODY],
    ['with emoji and escapes', '{"text":"\\u0110ã xong 👍🏽","event":"e1"}'],
    ['with spaces and line ends', '{ "event" : "e1" }\r\n'],
    ['empty', ''],
  ])('is verified on its bytes: %s', (_, body) => {
    expect(verify(signedHeaders(body), body)).toBeUndefined()
  })

  it('is verified with any of the signatures of a changing secret', () => {
    const headers = signedHeaders()
    const several = `v1a,AAAA v1,${'A'.repeat(43)}= ${headers['webhook-signature']}`
    expect(verify({ ...headers, 'webhook-signature': several })).toBeUndefined()
  })

  it.each<[string, Record<string, string | undefined>, string?]>([
    ['another secret', signedHeaders(BODY, { secret: SECRET })],
    ['another body', signedHeaders(), BODY.replace('VP-1', 'VP-2')],
    ['the same body written anew', signedHeaders(), JSON.stringify(JSON.parse(BODY), null, 1)],
    ['another id', { ...signedHeaders(), 'webhook-id': 'e2' }],
    ['another time', { ...signedHeaders(), 'webhook-timestamp': String(STAMP + 1) }],
    ['an id that swallows part of the body', signedHeaders(BODY, { id: `e1.${STAMP}` })],
    ['no id', { ...signedHeaders(), 'webhook-id': undefined }],
    ['no time', { ...signedHeaders(), 'webhook-timestamp': undefined }],
    ['no signature', { ...signedHeaders(), 'webhook-signature': undefined }],
    ['an empty signature', { ...signedHeaders(), 'webhook-signature': '' }],
    ['half a signature', { ...signedHeaders(), 'webhook-signature': 'v1' }],
    [
      'a signature without its version',
      { ...signedHeaders(), 'webhook-signature': signedHeaders()['webhook-signature'].slice(3) },
    ],
    ['a time that is not one', signedHeaders(BODY, { stamp: `${STAMP}abc` })],
    ['a time beyond any', signedHeaders(BODY, { stamp: '9'.repeat(30) })],
  ])('is refused with %s', (_, headers, body) => {
    expect(verify(headers, body)).toMatchObject({ fault: 'rejected' })
  })

  it('is refused where its bytes are no UTF-8, though they decode to what was signed', () => {
    const shown = '{"text":"\uFFFD"}'
    const raw = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff]), Buffer.from('"}')])
    expect(raw.toString()).toBe(shown)
    expect(verify(signedHeaders(shown), raw)).toMatchObject({ fault: 'rejected' })
  })

  it.each([
    [-301, false],
    [-300, true],
    [300, true],
    [301, false],
  ])('made %i s away from our clock, whatever the machine says: %s', (off, holds) => {
    const found = verify(signedHeaders(), BODY, new Date(AT.getTime() - off * 1000))
    expect(found === undefined).toBe(holds)
  })

  it('needs a secret in the settings', () => {
    const { callbackSecret: _, ...without } = SETTINGS
    expect(updates.verify(signedHeaders(), Buffer.from(BODY), without, AT)).toMatchObject({ fault: 'config' })
  })

  const ONE = { event: 'e1', of: 'VP-1', kind: 'answer', at: '2026-08-20T10:00:00+07:00', text: 'Xong' }
  const readAll = (value: unknown) =>
    updates.read(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))

  it('is read alone and in a list', () => {
    const expected = { ...ONE, at: AT, rawCode: 'answer' }
    expect(readAll(ONE)).toEqual([expected])
    expect(readAll([ONE, { ...ONE, event: 'e2' }])).toEqual([expected, { ...expected, event: 'e2' }])
    expect(readAll(Array.from({ length: 100 }, () => ONE))).toHaveLength(100)
  })

  it.each(['taken', 'refused', 'in-progress', 'answer'])('of the kind %s is known', (kind) => {
    expect(readAll({ ...ONE, kind })).toMatchObject([{ kind, rawCode: kind }])
  })

  it.each(['closed', 'Taken', 'đã xử lý', 'unknown', '__proto__'])(
    'of the kind "%s" is unknown, not an error',
    (kind) => {
      expect(readAll({ ...ONE, kind })).toMatchObject([{ kind: 'unknown', rawCode: kind }])
    },
  )

  it.each<[string, string, string]>([
    ['a script', SCRIPT, SCRIPT],
    ['markup', '<b>&amp;</b>', '<b>&amp;</b>'],
    ['a NUL, which no text column keeps', 'a\0b', 'ab'],
    ['half a surrogate pair', 'a\uD800b', 'a\uFFFDb'],
  ])('keeps text as text: %s', (_, text, kept) => {
    expect(readAll({ ...ONE, text })).toMatchObject([{ text: kept }])
  })

  it('may lack its text and may carry fields of its own', () => {
    const { text: _, ...bare } = ONE
    expect(readAll({ ...bare, version: 2 })).toEqual([{ ...bare, at: AT, text: '', rawCode: 'answer' }])
  })

  it.each<[string, unknown, string]>([
    ['no JSON', 'taken', 'JSON'],
    ['half a JSON', '{"event":', 'JSON'],
    ['nothing', '', 'JSON'],
    ['null', 'null', 'body'],
    ['a number', '7', 'body'],
    ['an empty list', [], 'body'],
    ['101 updates', Array.from({ length: 101 }, () => ONE), 'body'],
    ['a list in a list', [[ONE]], '0'],
    ['no event', { ...ONE, event: '' }, 'event'],
    ['an event with a NUL', { ...ONE, event: 'e\0' }, 'event'],
    ['an endless event', { ...ONE, event: 'e'.repeat(201) }, 'event'],
    ['nothing it is of', { ...ONE, of: undefined }, 'of'],
    ['an object for a kind', { ...ONE, kind: {} }, 'kind'],
    ['a time without its zone', { ...ONE, at: '2026-08-20T10:00:00' }, 'at'],
    ['a day that does not exist', { ...ONE, at: '2026-02-30T10:00:00Z' }, 'at'],
    ['a number for a time', { ...ONE, at: 1787194800 }, 'at'],
    ['endless text', { ...ONE, text: 'x'.repeat(20_001) }, 'text'],
    ['a second one that is malformed', [ONE, { ...ONE, kind: 5 }], '1.kind'],
    ['a nest without end', '['.repeat(100_000), 'JSON'],
    ['a closed nest', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, '0'],
  ])('is refused as %s, and the office learns where', (_, value, where) => {
    expect(readAll(value)).toMatchObject({ fault: 'rejected', message: expect.stringContaining(where) })
  })
})
