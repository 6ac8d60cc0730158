import { expect, it } from 'vitest'
import { TRACE_BYTES, tracer } from './trace.ts'

const SECRET = 'whsec_k+/9"ê='

function traced(
  body: string,
  { secrets = [SECRET], cut = false, headers = {}, line = 'POST https://office.example/' } = {},
) {
  return tracer(secrets)({ line, headers, body: Buffer.from(body), cut })
}

it.each([
  ['as it is', SECRET],
  ['inside JSON', JSON.stringify({ token: SECRET })],
  ['percent-encoded', encodeURIComponent(SECRET)],
  ['in a form', new URLSearchParams({ token: SECRET }).toString()],
  ['in Base64', Buffer.from(SECRET).toString('base64')],
])('takes a secret out %s', (_, body) => {
  const { body: shown, line } = traced(`before ${body} after`, { line: `GET https://office.example/?q=${body}` })
  expect(shown).toMatch(/^before .*\[redacted\].* after$/)
  for (const part of [shown, line]) expect(part).not.toContain('k+/9')
})

it.each([
  'authorization',
  'Proxy-Authorization',
  'cookie',
  'set-cookie',
  'webhook-signature',
  'x-hub-signature-256',
  'x-api-key',
  'X-Auth-Token',
])('shows nothing of the header %s', (name) => {
  expect(traced('', { headers: { [name]: 'abc' } }).headers).toBe(`${name}: [redacted]`)
})

it('caps every part at 20,000 bytes and breaks no character', () => {
  const long = 'ệ'.repeat(TRACE_BYTES)
  const shown = traced(long, { line: long, headers: { 'x-long': long } })
  for (const part of [shown.line, shown.headers, shown.body]) {
    expect(Buffer.byteLength(part)).toBeLessThanOrEqual(TRACE_BYTES)
    expect(Buffer.byteLength(part)).toBeGreaterThan(TRACE_BYTES - 4)
    expect(part).not.toContain('\uFFFD')
  }
})

it('shows no part of a secret wherever the cap or a broken connection halves it', () => {
  const secret = 'S3CR3T-0123456789-ABCDEFGHIJ'
  for (let before = TRACE_BYTES - 60; before <= TRACE_BYTES + 5; before += 1) {
    const { body } = traced(`${'.'.repeat(before)}${secret}${'.'.repeat(500)}`, { secrets: [secret] })
    expect(body).not.toContain('S3C')
  }
  // Earlier redactions shorten the text: what stood beyond the cap moves into view.
  const crowded = `${secret.repeat(710)}..${secret.repeat(50)}`
  expect(traced(crowded, { secrets: [secret] }).body).not.toContain('S3C')
  for (let kept = 1; kept < secret.length; kept += 1) {
    expect(traced(`answer ${secret.slice(0, kept)}`, { secrets: [secret], cut: true }).body).not.toContain('S3C')
  }
})

it('takes the longer of two secrets out whole, and an empty one is none', () => {
  expect(traced('key-long key', { secrets: ['', 'key', 'key-long'] }).body).toBe('[redacted] [redacted]')
})
