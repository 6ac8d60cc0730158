import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { simpleParser } from 'mailparser'
import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../core/fault.ts'
import { scripted } from './fixture/scripted.ts'
import { DOT, scriptedSmtp } from './fixture/smtp.ts'
import type { MailServer, OutgoingMail } from './mail.ts'
import { makeMail } from './make-mail.ts'

const mail = makeMail({ patience: { connectMs: 500, answerMs: 500, idleMs: 500 } })
const closing: (() => unknown)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const letter: OutgoingMail = {
  from: { name: 'Phản ánh hiện trường', address: 'phananh@dienbien.example' },
  envelopeFrom: 'phananh+t@dienbien.example',
  to: 'dan@example.vn',
  subject: 'Đã nhận: cột đèn hỏng',
  text: 'Xin chào,\n.\nđã nhận.',
  messageId: '<t@dienbien.example>',
  inReplyTo: '<a@example.vn>',
  references: ['<a@example.vn>', '<b@dienbien.example>'],
  headers: { 'Auto-Submitted': 'auto-replied', 'X-Broken': 'a\r\nBcc: khac@example.vn' },
}

async function smtp(...given: Parameters<typeof scriptedSmtp>) {
  const server = await scriptedSmtp(...given)
  closing.push(server.close)
  const at = (more: Partial<MailServer> = {}): MailServer => ({
    ...{ host: '127.0.0.1', port: server.port, security: 'none' },
    ...more,
  })
  return { ...server, at }
}

describe('a letter', () => {
  it('arrives as given', async () => {
    const { at, heard } = await smtp(() => false)
    expect(await mail.send(letter, at())).toEqual({ sent: true, providerId: '4ABC' })
    expect(heard.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([
      expect.stringContaining('MAIL FROM:<phananh+t@dienbien.example>'),
      'RCPT TO:<dan@example.vn>',
    ])
    const body = heard.slice(heard.indexOf('DATA') + 1, heard.lastIndexOf(DOT))
    const read = await simpleParser(body.map((line) => line.replace(/^\.\./, '.')).join('\r\n'))
    expect(read).toMatchObject({
      subject: letter.subject,
      messageId: letter.messageId,
      inReplyTo: letter.inReplyTo,
      references: letter.references,
      from: { value: [letter.from] },
    })
    expect(read.text?.trimEnd()).toBe(letter.text)
    expect([read.headers.get('auto-submitted'), read.bcc, read.headers.has('x-mailer')]).toEqual([
      'auto-replied',
      undefined,
      false,
    ])
  })

  it('goes out under no sender where none is wanted', async () => {
    const { at, heard } = await smtp(() => false)
    await mail.send({ ...letter, envelopeFrom: '' }, at())
    expect(heard.some((line) => line.startsWith('MAIL FROM:<>'))).toBe(true)
  })

  it('to what looks like two addresses goes to neither', async () => {
    const { at, heard } = await smtp(({ text, say }) => {
      if (!text.includes(',')) return false
      say('501 5.1.3 no address')
      return true
    })
    expect(await mail.send({ ...letter, to: 'dan@example.vn,khac@example.vn' }, at())).toMatchObject({
      fault: 'closed',
    })
    expect(heard.filter((line) => line.startsWith('RCPT')).length).toBeLessThan(2)
  })
})

describe('whose fault a refusal is', () => {
  it.each<[at: string, reply: string, code: Fault['fault']]>([
    ['RCPT', '550 5.1.1 <dan@example.vn>: User unknown', 'closed'],
    ['RCPT', '550 no such user dan@example.vn', 'closed'],
    ['RCPT', '551 5.1.6 moved', 'closed'],
    ['RCPT', '553 5.1.3 bad address', 'closed'],
    ['RCPT', '550 5.2.1 disabled', 'closed'],
    ['RCPT', '550 5.7.1 not by our policy', 'rejected'],
    ['RCPT', '450 4.2.0 <dan@example.vn>: greylisted', 'throttled'],
    ['RCPT', '451 4.7.1 too fast', 'throttled'],
    ['RCPT', '451 4.3.0 queue file write error', 'unreachable'],
    ['MAIL', '421 4.3.2 shutting down', 'unreachable'],
    ['MAIL', '553 5.7.1 not your address', 'config'],
    ['MAIL', '530 5.7.0 sign in first', 'config'],
    [DOT, '554 5.7.1 spam, says dan@example.vn', 'rejected'],
    [DOT, '552 5.3.4 too big', 'rejected'],
    [DOT, '452 4.3.1 disk full', 'unreachable'],
  ])('%s: %s', async (where, reply, code) => {
    const { at } = await smtp(({ text, say }) => {
      if (!text.startsWith(where)) return false
      say(reply)
      return true
    })
    const said = (await mail.send(letter, at())) as Fault
    expect(said.fault).toBe(code)
    expect(said.outcomeUnknown).toBeUndefined()
    expect(`${said.message} ${said.cause}`).not.toContain('dan@')
  })

  it.each<[reply: string, code: Fault['fault']]>([
    ['535 5.7.8 wrong, ba.nguyen@example.vn', 'config'],
    ['454 4.7.0 later', 'unreachable'],
  ])('signing in: %s', async (reply, code) => {
    const { at } = await smtp(
      ({ text, say }) => {
        if (!text.startsWith('AUTH')) return false
        say(reply)
        return true
      },
      ['AUTH PLAIN'],
    )
    const as = at({ user: 'ba.nguyen@example.vn', password: 'bi-mat' })
    const said = (await mail.send(letter, as)) as Fault
    expect(said.fault).toBe(code)
    expect(`${said.message} ${said.cause}`).not.toMatch(/nguyen|bi-mat/)
    expect(await mail.verify(as, 'smtp')).toMatchObject({ fault: code })
  })

  it('a user for a server that lets nobody sign in', async () => {
    const { at } = await smtp(() => false)
    expect(await mail.send(letter, at({ user: 'u', password: 'p' }))).toMatchObject({ fault: 'config' })
  })

  it('STARTTLS that is demanded and not offered, and a certificate that does not hold', async () => {
    const { at } = await smtp(() => false)
    expect(await mail.send(letter, at({ security: 'starttls' }))).toMatchObject({ fault: 'config' })
    const port = await selfSigned()
    expect(await mail.send(letter, at({ port, security: 'tls' }))).toMatchObject({ fault: 'config' })
  })
})

describe('whether it is known what became of it', () => {
  it.each<[at: string, unknown: boolean | undefined]>([
    ['EHLO', undefined],
    ['MAIL', undefined],
    ['RCPT', undefined],
    ['DATA', undefined],
    [DOT, true],
  ])('the line breaks, or nothing more is heard, at %s', async (where, outcomeUnknown) => {
    for (const breaks of [true, false]) {
      const { at } = await smtp(({ text, hangUp }) => {
        if (!text.startsWith(where)) return false
        if (breaks) hangUp()
        return true
      })
      const said = (await mail.send(letter, at())) as Fault
      expect([said.fault, said.outcomeUnknown]).toEqual(['unreachable', outcomeUnknown])
    }
  })

  it('nobody greets', async () => {
    const silent = await scripted(undefined, () => undefined)
    closing.push(silent.close)
    const said = (await mail.send(letter, { host: '127.0.0.1', port: silent.port, security: 'none' })) as Fault
    expect([said.fault, said.outcomeUnknown]).toEqual(['unreachable', undefined])
  })
})

async function selfSigned(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'paht-certificate-'))
  const [keyout, out] = [join(folder, 'key'), join(folder, 'certificate')]
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=mail.example', '-days', '2']
  execFileSync('openssl', [...request, '-keyout', keyout, '-out', out], { stdio: 'ignore' })
  const server = createServer({ key: readFileSync(keyout), cert: readFileSync(out) })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  return (server.address() as { port: number }).port
}
