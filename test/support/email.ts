import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Submitted } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/list.ts'

const EMAIL = channels.find(({ kind }) => kind === 'email')!
const FIXTURES = join(import.meta.dirname, '../../src/channels/email/fixtures')

export const TOKEN = `h3k2m9q7x1${'a'.repeat(15)}b2c3d4e5f6g7h2i3`
export const ADDRESS = 'phananh@dienbien.example'
export const MAX_BYTES = 36 * 1024 * 1024
const SETTINGS = EMAIL.settings.parse({
  address: ADDRESS,
  fromName: 'Phản ánh hiện trường',
  imap: { host: 'mail.example', user: 'phananh' },
  imapPassword: 'x',
  smtp: { host: 'mail.example' },
  since: '2026-11-01T00:00:00+07:00',
  maxBytes: MAX_BYTES,
})

export const fixture = (name: string): Buffer => readFileSync(join(FIXTURES, `${name}.eml`))

const HEAD = {
  From: 'Lan <lan@example.vn>',
  To: ADDRESS,
  Subject: 'Ổ gà',
  Date: 'Mon, 23 Nov 2026 09:15:00 +0700',
  'Message-ID': '<1@example.vn>',
}
export type Head = Readonly<Record<string, string | undefined>>

/** A mail with these headers besides the usual ones; undefined takes one away. */
export function mail(head: Head, ...body: readonly (string | Buffer)[]): Buffer {
  const lines = Object.entries({ ...HEAD, ...head }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}\r\n`],
  )
  return Buffer.concat([...lines, '\r\n', ...body].map((part) => Buffer.from(part as string)))
}

export const multipart = (
  kind: string,
  ...parts: readonly (readonly [head: string, body: string | Buffer])[]
): Buffer =>
  mail(
    { 'Content-Type': `multipart/${kind}; boundary=q` },
    ...parts.flatMap(([head, body]) => [`--q\r\n${head}\r\n\r\n`, body, '\r\n']),
    '--q--\r\n',
  )

export async function read(body: Buffer, event = '7:INBOX:1') {
  const envelope = { event, contentType: 'message/rfc822', body, files: [] }
  const items = await EMAIL.read(envelope, SETTINGS)
  return 'unreadable' in items ? items : items[0]!
}

export async function submitted(body: Buffer): Promise<Submitted> {
  const item = await read(body)
  if (!('item' in item) || item.item !== 'submitted') throw new Error(`not a report: ${JSON.stringify(item)}`)
  return item
}

export const text = (charset: string, ...bytes: readonly number[]): Buffer =>
  mail({ 'Content-Type': `text/plain; charset=${charset}` }, Buffer.from(bytes))

export const html = (source: string): Buffer => mail({ 'Content-Type': 'text/html' }, source)

export const bytesOf = (latin1: string): number[] => [...Buffer.from(latin1, 'latin1')]
