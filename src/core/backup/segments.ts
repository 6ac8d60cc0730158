import { createCipheriv, createDecipheriv } from 'node:crypto'
import { CIPHER, NONCE_BYTES, SecretsError, TAG_BYTES } from '../../platform/secrets/secrets.ts'

/**
 * One AES-256-GCM message ends at 64 GiB (NIST SP 800-38D §5.2.1.1), and nothing of it may be used before its last byte has come. So a
 * backup is a row of messages under a key of its own: the nonce counts them and marks the last one, so that none can be changed, left
 * out, repeated or reordered, and the end cannot be cut off.
 */
const SEGMENT_BYTES = 256 * 1024

/** `key` seals this one stream and no other: the nonces begin at 0. */
export async function* sealSegments(key: Buffer, clear: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { piece, nonce } of numbered(cut(clear, SEGMENT_BYTES))) {
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
}

/** Every byte that comes out is one that was sealed, in its place. Throws `SecretsError` otherwise, at the latest before the end. */
export async function* openSegments(key: Buffer, sealed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { piece, nonce } of numbered(cut(sealed, SEGMENT_BYTES + TAG_BYTES))) {
    if (piece.length < TAG_BYTES) throw new SecretsError('The stream is cut off.')
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(piece.subarray(-TAG_BYTES))
    const clear = decipher.update(piece.subarray(0, -TAG_BYTES))
    try {
      decipher.final()
    } catch (cause) {
      throw new SecretsError('A segment does not open: bytes were changed or cut off, or the key is another one.', {
        cause,
      })
    }
    yield clear
  }
}

/** Pieces of exactly `size` bytes, the last one shorter. */
export async function* cut(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    parts.push(chunk)
    length += chunk.length
    if (length < size) continue
    const all = Buffer.concat(parts)
    const whole = length - (length % size)
    for (let at = 0; at < whole; at += size) yield all.subarray(at, at + size)
    parts = [all.subarray(whole)]
    length -= whole
  }
  if (length > 0) yield Buffer.concat(parts)
}

/** An empty stream has one empty piece, so that it has an end that can be checked. */
async function* numbered(pieces: AsyncIterable<Buffer>): AsyncGenerator<{ piece: Buffer; nonce: Buffer }> {
  let number = 0
  let held: Buffer | undefined
  for await (const piece of pieces) {
    if (held !== undefined) yield { piece: held, nonce: nonceOf(number++, false) }
    held = piece
  }
  yield { piece: held ?? Buffer.alloc(0), nonce: nonceOf(number, true) }
}

/** 2^32 segments are 1 PiB; beyond it `writeUInt32BE` throws. */
function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUInt32BE(number)
  nonce[NONCE_BYTES - 1] = last ? 1 : 0
  return nonce
}
