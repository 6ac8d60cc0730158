import { describe, expect, it } from 'vitest'
import { readMail } from './read.ts'
import { EmailSettings } from './settings.ts'

const settings = EmailSettings.parse({
  address: 'phananh@dienbien.vn',
  fromName: 'x',
  since: '2026-11-01T00:00:00Z',
  imap: { host: 'h', user: 'u' },
  imapPassword: 'x',
  smtp: { host: 'h' },
})
const read = (body: Buffer | string) =>
  readMail({ event: '7:INBOX:1', contentType: 'message/rfc822', body: Buffer.from(body), files: [] }, settings)

const HEAD = 'From: a@example.vn\r\nTo: phananh@dienbien.vn\r\nSubject: x\r\n'
const html = (text: string) => `${HEAD}Content-Type: text/html\r\n\r\n${text}`
const plain = (text: string) => `${HEAD}Content-Type: text/plain\r\n\r\n${text}`

describe('costly mail is read in little time', () => {
  const many = (text: string, count: number) => text.repeat(count)
  it.each<[string, string]>([
    ['five thousand recipients', `${HEAD}Cc: ${many('Người <nguoi@example.vn>,\r\n ', 5000)} b@x.vn\r\n\r\nx`],
    ['elements in elements', html(`${many('<b>', 200_000)}x`)],
    ['closed by names that were never opened', html(many('<b></x>', 100_000))],
    ['quotes in quotes', html(`${many('<blockquote>', 450)}${many('x ', 1000)}`)],
    ['lists in lists', html(`${many('<ul><li>', 100_000)}x`)],
    ['tables in tables', html(`${many('<table><tr><td>', 100_000)}x`)],
    ['open angle brackets', html(many('<', 900_000))],
    ['open comments', html(many('<!--', 200_000))],
    ['attributes', html(`<a ${many('a=b ', 200_000)}>x</a>`)],
    ['entities', html(many('&', 500_000))],
    ['blanks', plain(many(' ', 900_000))],
    ['blanks before line ends', plain(many(`${many(' ', 1000)}x\n`, 900))],
    ['empty lines', plain(many('\n', 900_000))],
    ['dashes', plain(many('-', 900_000))],
    ['lines of dashes', plain(many('-----\n', 150_000))],
    ['delimiters', plain(many('-- \n', 200_000))],
    ['angle brackets', plain(many('> ', 400_000))],
    ['lines like a header', plain(many('Từ: a@b\n\n', 90_000))],
    ['lines like an attribution', plain(many('On 1:00 a@b <\n', 60_000))],
    ['marks', plain(`a${many('\u0301\u0323', 200_000)}`)],
    ['prefixes', `From: a@x.vn\r\nSubject: ${many('Re: ', 200_000)}\r\n\r\nx`],
    ['encoded words', `From: a@x.vn\r\nSubject: ${many('=?utf-8?Q?=C4?=\r\n ', 20_000)}\r\n\r\nx`],
    ['a name of brackets', `From: ${many('"(<', 100_000)}\r\n\r\nx`],
    ['parameters', `From: a@x.vn\r\nContent-Type: text/plain; ${many('a*0*=x;', 60_000)}\r\n\r\nx`],
    ['a code without end', `From: a@x.vn\r\nSubject: ${many('DB-26-', 100_000)}\r\n\r\nx`],
    ['tokens', `From: a@x.vn\r\nReferences: ${many('<paht.a', 100_000)}\r\n\r\nx`],
    ['flowed', `${HEAD}Content-Type: text/plain; format=flowed\r\n\r\n${many('x \n', 300_000)}`],
    ['data addresses', html(many('<img src="data:image/png;base64,', 30_000))],
  ])('%s', async (_, body) => {
    const before = performance.now()
    await read(body)
    expect(performance.now() - before).toBeLessThan(3000)
  })
})
