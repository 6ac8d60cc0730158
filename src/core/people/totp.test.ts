import { Secret } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { newTotpSecret, stepOf, totpUri } from './totp.ts'

/** RFC 6238, appendix B, SHA-1, cut to six digits. */
const SECRET = Secret.fromUTF8('12345678901234567890').base32
const at = (seconds: number) => new Date(seconds * 1000)

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i s is the one of RFC 6238: %s', (seconds, code) => {
    expect(stepOf(SECRET, code, at(seconds), null)).toBe(Math.floor(seconds / 30))
  })

  it('is taken one step early or late, and no more', () => {
    const code = '050471' // of step 37037037, 1111111110 to 1111111139
    for (const seconds of [1111111080, 1111111110, 1111111139, 1111111169])
      expect(stepOf(SECRET, code, at(seconds), null)).toBe(37037037)
    for (const seconds of [1111111079, 1111111170]) expect(stepOf(SECRET, code, at(seconds), null)).toBeUndefined()
  })

  it('is never taken twice, nor one before it', () => {
    const now = at(1111111111)
    expect(stepOf(SECRET, '050471', now, 37037036)).toBe(37037037)
    expect(stepOf(SECRET, '050471', now, 37037037)).toBeUndefined()
    expect(stepOf(SECRET, '081804', now, 37037037)).toBeUndefined()
  })

  it.each(['', '05047', '0504710', 'abcdef', '050 471', '０５０４７１'])('is six digits: %s', (code) => {
    expect(stepOf(SECRET, code, at(1111111111), null)).toBeUndefined()
  })
})

it('a secret has 160 bits, and is shown as authenticators read it', () => {
  const secret = newTotpSecret()
  expect(Secret.fromBase32(secret).bytes).toHaveLength(20)
  expect(totpUri(secret, 'lò.mẫu')).toMatch(/^otpauth:\/\/totp\/PAHT%20Hub:/)
  expect(totpUri(secret, 'x')).toContain(`secret=${secret}`)
})
