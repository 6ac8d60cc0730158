import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { SecretsError } from '../../platform/secrets/secrets.ts'
import { openSegments, sealSegments } from './segments.ts'

const key = randomBytes(32)
const SEGMENT = 256 * 1024
const SEALED = SEGMENT + 16

const stream = (bytes: Buffer, chunk = 65_536) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) => bytes.subarray(i * chunk, (i + 1) * chunk)),
  )
const seal = (clear: Buffer) => buffer(sealSegments(key, stream(clear)))
const open = (sealed: Buffer, chunk?: number) => buffer(openSegments(key, stream(sealed, chunk)))

describe('a sealed stream', () => {
  it.each([0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 3 * SEGMENT + 7])(
    'opens again, however it was cut into chunks: %i bytes',
    async (bytes) => {
      const clear = randomBytes(bytes)
      const sealed = await seal(clear)
      for (const chunk of [1009, 65_536, 1_000_000]) expect((await open(sealed, chunk)).equals(clear)).toBe(true)
    },
  )

  it.each<readonly [string, (sealed: Buffer) => Buffer]>([
    ['with a bit changed in the first segment', (s) => changed(s, 100)],
    ['with a bit changed in the last tag', (s) => changed(s, s.length - 1)],
    ['without its last byte', (s) => s.subarray(0, -1)],
    ['without its last segment, cut exactly between two', (s) => s.subarray(0, 2 * SEALED)],
    ['without its first segment', (s) => s.subarray(SEALED)],
    [
      'with two segments in the other order',
      (s) => Buffer.concat([s.subarray(SEALED, 2 * SEALED), s.subarray(0, SEALED), s.subarray(2 * SEALED)]),
    ],
    ['with a segment twice', (s) => Buffer.concat([s.subarray(0, SEALED), s])],
    ['with a byte more at the end', (s) => Buffer.concat([s, Buffer.alloc(1)])],
    ['with nothing in it', () => Buffer.alloc(0)],
  ])('is refused %s', async (_, tamper) => {
    const sealed = await seal(randomBytes(2 * SEGMENT + 5000))
    await expect(open(tamper(sealed))).rejects.toThrow(SecretsError)
  })
})

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 1
  return copy
}
