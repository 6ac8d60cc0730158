import { Transform, type TransformCallback } from 'node:stream'
import libmime from 'libmime'
import { repairTcvn3, vietnameseWords } from '../../normalize/legacy-vietnamese.ts'

/** One byte a letter: every sequence of bytes is valid in them, so a wrong label does not show. */
const SINGLE_BYTE = /^(?:iso-?8859|windows-|win-?\d|cp-?125|latin|koi8|viscii|tcvn|macintosh|x-mac|x-user)/i
const NONE = /^(?:(?:us-?|x-)?ascii|ansi_x3\.4.*|utf-?8|unknown.*|default|x-unknown|binary)?$/i
const TCVN = /^(?:x-viet-)?tcvn/i

export function saysNothing(label: string | undefined): boolean {
  return NONE.test(label?.trim() ?? '')
}

/** Takes the place of the class `Iconv` of the package `iconv`: the whole of a text must be seen before its code is known. */
export class GuessingDecoder extends Transform {
  readonly #label: string
  readonly #chunks: Buffer[] = []

  constructor(label: string) {
    super()
    this.#label = label
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#chunks.push(chunk)
    done()
  }

  override _flush(done: TransformCallback): void {
    decodeText(Buffer.concat(this.#chunks), this.#label).then((text) => done(null, text), done)
  }
}

/** Letters of Vietnamese that no code of one byte a letter can be mistaken for. */
const VIETNAMESE = /[\u1ea0-\u1ef9]/

/** A text part as text. A label is believed unless the bytes are plainly something else. */
async function decodeText(bytes: Buffer, label: string): Promise<string> {
  const name = label.trim()
  if (saysNothing(name)) return repaired(guess(bytes))
  if (SINGLE_BYTE.test(name) && isUtf8(bytes)) return bytes.toString('utf8')
  if (TCVN.test(name)) return repairTcvn3(bytes.toString('latin1'))
  const decoder = libmime.createDecodeStream(name)
  // A name that nobody knows, or one that is refused (UTF-7).
  if (!decoder.supported) return repairTcvn3(guess(bytes))
  decoder.end(bytes)
  const text = Buffer.concat(await decoder.toArray()).toString('utf8')
  const meant = SINGLE_BYTE.test(name) ? guess(bytes) : text
  return vietnameseWords(meant) > vietnameseWords(text) + 1 ? meant : text
}

/** Counting words takes as long as all else; most mail shows at once that it is sound. */
function repaired(text: string): string {
  return VIETNAMESE.test(text) ? text : repairTcvn3(text)
}

/** ISO-2022-JP (RFC 1468) shows itself by its escapes. */
const JAPANESE = ['\x1b$@', '\x1b$B']

/** Bytes without a label: UTF-8, or the Vietnamese code in which they hold more words. */
export function guess(bytes: Buffer): string {
  if (JAPANESE.some((sign) => bytes.includes(sign))) return new TextDecoder('iso-2022-jp').decode(bytes)
  const utf8 = bytes.toString('utf8')
  const broken = utf8.match(/\uFFFD/g)?.length ?? 0
  // Cut or damaged in a few places, it is UTF-8 all the same.
  if (broken === 0 || (utf8.match(/[\u0080-\u{10FFFF}]/gu)?.length ?? 0) > 4 * broken) return utf8
  const windows = new TextDecoder('windows-1258').decode(bytes).normalize('NFC')
  const tcvn3 = repairTcvn3(bytes.toString('latin1'))
  return vietnameseWords(tcvn3) > vietnameseWords(windows) ? tcvn3 : windows
}

function isUtf8(bytes: Buffer): boolean {
  try {
    return /[\u0080-\uffff]/.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return false
  }
}
