import { Transform, type TransformCallback } from 'node:stream'

const PAD = -2
/** What a byte of Base64 (RFC 4648 §4) stands for; -1: nothing. */
const VALUES = new Int8Array(256).fill(-1)
for (const [value, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[digit.charCodeAt(0)] = value
VALUES['='.charCodeAt(0)] = PAD

/**
 * Takes Base64 off as MailParser's own decoder does: what is no digit is skipped (RFC 2045 §6.8), and after padding a new group begins. From
 * bytes to bytes, where its own makes three strings as long as the file in between: they cost more than all else, most of it in collecting them.
 */
export class Base64Decoder extends Transform {
  /** Digits of a group that is not full yet. */
  #digits = 0
  #bits = 0

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    // Not from the pool: it can be handed to another thread.
    const decoded = Buffer.allocUnsafeSlow(Math.ceil(((chunk.length + this.#digits) * 3) / 4) + 2)
    const length = this.#decode(chunk, decoded)
    if (length > 0) this.push(decoded.subarray(0, length))
    done()
  }

  override _flush(done: TransformCallback): void {
    const rest = Buffer.alloc(2)
    const length = this.#endGroup(rest, 0)
    done(null, length > 0 ? rest.subarray(0, length) : undefined)
  }

  #decode(chunk: Buffer, into: Buffer): number {
    let at = 0
    for (let i = 0; i < chunk.length; ) {
      if (this.#digits === 0) {
        // Whole groups of four, as lines hold them.
        for (; i + 4 <= chunk.length; i += 4) {
          const a = VALUES[chunk[i]!]!
          const b = VALUES[chunk[i + 1]!]!
          const c = VALUES[chunk[i + 2]!]!
          const d = VALUES[chunk[i + 3]!]!
          if ((a | b | c | d) < 0) break
          into[at] = (a << 2) | (b >> 4)
          into[at + 1] = (b << 4) | (c >> 2)
          into[at + 2] = (c << 6) | d
          at += 3
        }
        if (i >= chunk.length) break
      }
      const value = VALUES[chunk[i++]!]!
      if (value === PAD) at = this.#endGroup(into, at)
      if (value < 0) continue
      this.#bits = (this.#bits << 6) | value
      this.#digits++
      if (this.#digits < 4) continue
      at = into.writeUIntBE(this.#bits, at, 3)
      this.#digits = 0
      this.#bits = 0
    }
    return at
  }

  /** Two digits are a byte, three are two; one alone is nothing. */
  #endGroup(into: Buffer, from: number): number {
    let at = from
    if (this.#digits >= 2) into[at++] = this.#bits >> (this.#digits === 2 ? 4 : 10)
    if (this.#digits === 3) into[at++] = this.#bits >> 2
    this.#digits = 0
    this.#bits = 0
    return at
  }
}
