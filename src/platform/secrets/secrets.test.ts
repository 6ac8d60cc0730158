import { createDecipheriv, randomBytes } from 'node:crypto'
import { validate, version } from 'uuid'
import { describe, expect, it } from 'vitest'
import { makeSecrets, SecretsError } from './secrets.ts'

const secrets = makeSecrets(Buffer.alloc(32, 7))
const others = makeSecrets(Buffer.alloc(32, 8))
const { dataKey, wrapped } = secrets.newDataKey()

describe('data keys', () => {
  it('have a UUID v7 and 32 bytes of their own, and are never stored in the clear', () => {
    const next = secrets.newDataKey().dataKey
    expect(validate(dataKey.id) && version(dataKey.id)).toBe(7)
    expect(dataKey.key).toHaveLength(32)
    expect(next.key.equals(dataKey.key)).toBe(false)
    expect(wrapped.includes(dataKey.key)).toBe(false)
  })

  it('come back from their wrapped form, also in another process with the same root key', () => {
    expect(makeSecrets(Buffer.alloc(32, 7)).unwrap(dataKey.id, wrapped)).toEqual(dataKey)
  })

  it('do not unwrap under another root key, and the message shows neither key nor bytes', () => {
    const error = thrownBy(() => others.unwrap(dataKey.id, wrapped))
    expect(error).toBeInstanceOf(SecretsError)
    expect(error.message).toContain('PAHT_SECRET_KEY')
    expect(error.message).not.toContain(wrapped.toString('hex'))
  })

  it('do not unwrap for another submission: swapping two rows of the key table is noticed', () => {
    expect(() => secrets.unwrap(secrets.newDataKey().dataKey.id, wrapped)).toThrow(SecretsError)
  })
})

describe('seal and open', () => {
  it.each([
    ['text', 'Nguyễn Văn Thử, 0900 000 000'],
    ['nothing', ''],
    ['bytes', randomBytes(70_000)],
  ])('gives %s back', (_, plain) => {
    const opened = secrets.open(dataKey, secrets.seal(dataKey, plain, 'reporter.name'), 'reporter.name')
    expect(opened.equals(Buffer.from(plain))).toBe(true)
  })

  it('is AES-256-GCM with nonce first and tag last, so that the bytes can be read without this program', () => {
    const sealed = secrets.seal(dataKey, 'abc', 'context')
    const decipher = createDecipheriv('aes-256-gcm', dataKey.key, sealed.subarray(0, 12))
    decipher.setAAD(Buffer.from('context')).setAuthTag(sealed.subarray(-16))
    expect(decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('abc')
  })

  it('never gives the same bytes twice', () => {
    expect(secrets.seal(dataKey, 'abc', 'c').equals(secrets.seal(dataKey, 'abc', 'c'))).toBe(false)
  })

  it('refuses every changed byte, every cut and another context or key', () => {
    const sealed = secrets.seal(dataKey, 'abc', 'context')
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(() => secrets.open(dataKey, changed, 'context')).toThrow(SecretsError)
      expect(() => secrets.open(dataKey, sealed.subarray(0, at), 'context')).toThrow(SecretsError)
    }
    expect(() => secrets.open(dataKey, sealed, 'other')).toThrow(SecretsError)
    expect(() => secrets.open(secrets.newDataKey().dataKey, sealed, 'context')).toThrow(SecretsError)
  })

  it('keeps settings under the root key and by their context', () => {
    const sealed = secrets.sealSetting('mật khẩu', 'source.1.password')
    expect(secrets.openSetting(sealed, 'source.1.password')).toBe('mật khẩu')
    expect(() => secrets.openSetting(sealed, 'source.2.password')).toThrow(SecretsError)
    expect(() => others.openSetting(sealed, 'source.1.password')).toThrow(SecretsError)
  })
})

describe('index, history and tokens', () => {
  it('finds the same value again, and only for its kind and root key', () => {
    const found = secrets.index('phone', '+84900000000')
    expect(found).toHaveLength(32)
    expect(secrets.index('phone', '+84900000000')).toEqual(found)
    expect(secrets.index('email', '+84900000000')).not.toEqual(found)
    expect(secrets.index('phone+', '84900000000')).not.toEqual(found)
    expect(others.index('phone', '+84900000000')).not.toEqual(found)
  })

  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['ab'], ['a', 'b']],
    [['a', ''], ['a']],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [[], ['']],
  ])('a history of %j is not one of %j', (one, other) => {
    expect(secrets.historyMac(one)).not.toEqual(secrets.historyMac(other))
  })

  it('takes text and its UTF-8 bytes as the same part of a history', () => {
    expect(secrets.historyMac(['ổ gà'])).toEqual(secrets.historyMac([Buffer.from('ổ gà')]))
  })

  it('keeps its purposes apart: an index is no history and no token', () => {
    const macs = [secrets.index('a', 'b'), secrets.historyMac(['a', 'b'])].map((mac) =>
      mac.subarray(0, 16).toString('base64url'),
    )
    expect(new Set([...macs, secrets.token('a', 'b')]).size).toBe(3)
  })

  it('computes the same link again, 128 bits that fit into an address', () => {
    const token = secrets.token('track', 'report-1')
    expect(token).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(secrets.token('track', 'report-1')).toBe(token)
    expect(secrets.token('track', 'report-2')).not.toBe(token)
    expect(secrets.token('rate', 'report-1')).not.toBe(token)
  })

  it.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'abcd', false],
    ['', '', true],
    ['é', 'e', false],
  ])('sameToken(%j, %j) is %s', (a, b, same) => {
    expect(secrets.sameToken(a, b)).toBe(same)
  })

  it('derives one backup key a salt, and refuses a salt that is too short', () => {
    const salt = Buffer.alloc(16, 1)
    expect(secrets.backupKey(salt)).toHaveLength(32)
    expect(secrets.backupKey(salt)).toEqual(secrets.backupKey(salt))
    expect(secrets.backupKey(Buffer.alloc(16, 2))).not.toEqual(secrets.backupKey(salt))
    expect(() => secrets.backupKey(Buffer.alloc(15))).toThrow(SecretsError)
  })

  it('does not change what is stored: these values must stay the same in every version', () => {
    expect(secrets.index('phone', '+84900000000').toString('hex')).toMatchInlineSnapshot(
      `"296fa41153aa2ce3a87047c3d5ffadbb35d5e946431cae4ce83540170f29e307"`,
    )
    expect(secrets.historyMac(['a', 'b']).toString('hex')).toMatchInlineSnapshot(
      `"304413df9e031dfcf25af73d4243316b2fe1dd76e8d65983b23745cfa459484e"`,
    )
    expect(secrets.token('track', 'report-1')).toMatchInlineSnapshot(`"Q7xoLVsIWwbVCvkq2XKbng"`)
    expect(secrets.backupKey(Buffer.alloc(16, 1)).toString('hex')).toMatchInlineSnapshot(
      `"8bfa2a95ffe6bccd49b5ecacd88b01f18f0334673c6b16dc273bc0aa53440b77"`,
    )
  })
})

it.each([0, 16, 31, 33])('refuses a root key of %i bytes', (bytes) => {
  expect(() => makeSecrets(Buffer.alloc(bytes))).toThrow(SecretsError)
})

function thrownBy(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
