import { afterEach, expect, it } from 'vitest'
import { makeReaders } from './readers.ts'

const settings = { address: 'phananh@dienbien.example', maxBytes: 100 * 1024 * 1024 }
const mail = (n: number, text = 'Đèn hỏng.\r\n') => ({
  event: String(n),
  contentType: 'message/rfc822',
  body: Buffer.from(`From: a@example.vn\r\nSubject: ${n}\r\n\r\n${text}`),
  files: [],
})

let readers: ReturnType<typeof makeReaders> | undefined
afterEach(() => readers?.close())

it('gives each what was made of it, whichever piece and thread it was in', async () => {
  readers = makeReaders()
  const read = await Promise.all(Array.from({ length: 50 }, (_, i) => readers!.read('email', mail(i), settings)))
  expect(read.map((items) => ('unreadable' in items ? items : items[0]))).toMatchObject(
    Array.from({ length: 50 }, (_, i) => ({ event: String(i), title: String(i), content: 'Đèn hỏng.' })),
  )
})

it('files come back whole, small and large', async () => {
  readers = makeReaders()
  const part = (bytes: Buffer) =>
    `--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}\r\n`
  const files = [Buffer.alloc(100, 1), Buffer.alloc(300_000, 2)]
  const head = 'From: a@example.vn\r\nSubject: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
  const body = Buffer.from(`${head}${files.map(part).join('')}--b--\r\n`)
  const read = await readers.read('email', { ...mail(0), body }, settings)
  const [item] = read as unknown as [{ attachments: readonly { bytes: Uint8Array }[] }]
  expect(item.attachments.map(({ bytes }) => Buffer.from(bytes).equals(files[bytes.length === 100 ? 0 : 1]!))).toEqual([
    true,
    true,
  ])
})

it('one that needs too much memory costs itself, not those that were handed over with it', async () => {
  readers = makeReaders({ seconds: 60, heapMb: 32 })
  const read = await Promise.all(
    [mail(0), mail(1), mail(2, 'a\n'.repeat(500_000)), mail(3)].map((each) => readers!.read('email', each, settings)),
  )
  expect(read.map((items) => 'unreadable' in items)).toEqual([false, false, true, false])
  expect(read[2]).toEqual({ unreadable: 'took more than 32 MB to read' })
})
