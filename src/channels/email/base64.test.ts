import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { Base64Decoder } from './base64.ts'

/** The one that MailParser has. */
const libbase64 = createRequire(import.meta.resolve('mailparser'))('libbase64') as {
  readonly Decoder: new () => NodeJS.ReadWriteStream
}

const through = async (decoder: NodeJS.ReadWriteStream, chunks: readonly Buffer[]): Promise<string> => {
  for (const chunk of chunks) decoder.write(chunk)
  decoder.end()
  const decoded: Buffer[] = []
  for await (const chunk of decoder) decoded.push(chunk as Buffer)
  return Buffer.concat(decoded).toString('hex')
}

describe('decodes as the decoder of MailParser', () => {
  it.each<[string, string]>([
    ['a line', 'xJDDqG4gxJHGsOG7nW5n\r\n'],
    ['lines that end within a group', 'YW\r\nJjZ\nA=\r\n='],
    ['no padding', 'YWI'],
    ['one digit too many', 'YWJjY'],
    ['two texts after each other', 'YWI=YWI=YQ==YQ=='],
    ['padding alone', '===='],
    ['bytes that are no digits', 'Y\u00e9W*J-j_ZA\u0000=='],
    ['nothing', ''],
  ])('%s', async (_, text) => {
    const bytes = Buffer.from(text, 'latin1')
    const expected = await through(new libbase64.Decoder(), [bytes])
    expect(await through(new Base64Decoder(), [bytes])).toBe(expected)
    const each = Array.from(bytes, (byte) => Buffer.from([byte]))
    expect(await through(new Base64Decoder(), each)).toBe(expected)
  })

  it('files, however they were cut into lines and chunks', async () => {
    for (let size = 0; size < 300; size += 7) {
      const file = randomBytes(size)
      const lines = Buffer.from(file.toString('base64').replace(/.{1,62}/g, '$&\r\n'))
      const cut = Math.floor(lines.length / 3)
      expect(await through(new Base64Decoder(), [lines.subarray(0, cut), lines.subarray(cut)])).toBe(
        file.toString('hex'),
      )
    }
  })
})
