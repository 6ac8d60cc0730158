import { expect, it } from 'vitest'
import { channelContext } from '../../../test/support/channel-context.ts'
import { fault } from '../../core/fault.ts'
import type { Mail, MailMessage, MailServer, OutgoingMail } from '../../platform/mail/mail.ts'
import type { Handed, OutgoingNotice } from '../channel.ts'
import { email } from './index.ts'
import { listener } from './listen.ts'
import { isOurAddress, plusAddress } from './marks.ts'
import { EmailSettings } from './settings.ts'

const TOKEN = `${'a1'.repeat(20)}z`
const OLDER = `${'b2'.repeat(20)}y`
const GIVEN = {
  address: 'PhanAnh@DienBien.example',
  fromName: 'Phản ánh hiện trường',
  imap: { host: 'imap.example', port: 993, user: 'phananh' },
  imapPassword: 'đọc',
  smtp: { host: 'smtp.example', port: 587, security: 'starttls' },
  since: '2026-11-01T00:00:00+07:00',
}
const SETTINGS = EmailSettings.parse(GIVEN)
const NOTICE: OutgoingNotice = {
  token: TOKEN,
  event: 'received',
  code: 'DB-26-7K3M-9QXT',
  at: new Date('2026-11-22T00:00:00Z'),
  sentence: 'Đã tiếp nhận.',
  to: 'lan@example.vn',
  subject: '[DB-26-7K3M-9QXT] Đã tiếp nhận\r\nBcc: all@example.vn',
  text: 'Kính gửi ông/bà,',
  short: 'Đã tiếp nhận.',
  publicly: 'Đã nhắn riêng.',
  earlier: [],
  lastHeard: new Date('2026-11-22T00:00:00Z'),
}

/** Mail that does as it is told; what is not given must not be asked for. */
const mailThat = (does: Partial<Mail>): Mail => does as Mail

async function sent(notice: OutgoingNotice, settings: EmailSettings = SETTINGS) {
  const out: { message: OutgoingMail; server: MailServer }[] = []
  const mail = mailThat({
    send: async (message, server) => {
      out.push({ message, server })
      return { sent: true }
    },
  })
  expect(await email.send!.attempt(notice, channelContext(settings, { mail }))).toEqual({ sent: true })
  return out[0]!
}

it('writes a letter that answers and bounces bring back', async () => {
  const { message, server } = await sent({ ...NOTICE, inReplyTo: '<m1@mail.example>', earlier: [OLDER] })
  expect(server).toEqual({ host: 'smtp.example', port: 587, security: 'starttls' })
  expect(message).toEqual({
    from: { name: 'Phản ánh hiện trường', address: 'phananh@dienbien.example' },
    envelopeFrom: `phananh+paht.${TOKEN}@dienbien.example`,
    replyTo: `phananh+paht.${TOKEN}@dienbien.example`,
    to: 'lan@example.vn',
    subject: '[DB-26-7K3M-9QXT] Đã tiếp nhận Bcc: all@example.vn',
    text: 'Kính gửi ông/bà,',
    messageId: `<paht.${TOKEN}@dienbien.example>`,
    inReplyTo: '<m1@mail.example>',
    references: ['<m1@mail.example>', `<paht.${OLDER}@dienbien.example>`],
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply',
      'X-PAHT-Notice': '1',
    },
  })
})

it('to somebody who wrote by another channel begins a thread, and goes on in it', async () => {
  const first = (await sent(NOTICE)).message
  expect(first).toMatchObject({ references: [] })
  expect(first.inReplyTo).toBeUndefined()
  const next = (await sent({ ...NOTICE, earlier: [OLDER] })).message
  expect(next.inReplyTo).toBe(`<paht.${OLDER}@dienbien.example>`)
})

it('uses the bare address where the mailbox knows no other', async () => {
  const { message } = await sent(NOTICE, EmailSettings.parse({ ...GIVEN, plusAddresses: false }))
  expect(message.envelopeFrom).toBe('phananh@dienbien.example')
  expect(message.replyTo).toBeUndefined()
  expect(plusAddress(`${'a'.repeat(17)}@b.vn`, TOKEN)).toHaveLength(64 + 5)
  expect(plusAddress(`${'a'.repeat(18)}@b.vn`, TOKEN)).toBeUndefined()
})

it('hands a fault of the server on as it is', async () => {
  const closed = fault('closed', 'smtp.example answers 550 5.1.1')
  const mail = mailThat({ send: async () => closed })
  expect(await email.send!.attempt(NOTICE, channelContext(SETTINGS, { mail }))).toBe(closed)
})

it('knows its own address behind any plus', () => {
  expect(isOurAddress(`PHANANH+PAHT.${TOKEN}@dienbien.example`, SETTINGS.address)).toBe(true)
  expect(isOurAddress('phananh2@dienbien.example', SETTINGS.address)).toBe(false)
})

const MESSAGE: MailMessage = {
  folder: 'Thư rác: cũ',
  cursor: { uidValidity: '1700', uid: 12 },
  receivedAt: new Date('2026-11-23T01:00:00Z'),
  size: 5,
  source: Buffer.from('x: y'),
  tooLarge: false,
}
const HANDED: Handed = {
  envelope: { event: '1700:Thư rác: cũ:12', contentType: 'message/rfc822', body: MESSAGE.source, files: [] },
  receivedAt: MESSAGE.receivedAt,
  place: 'Thư rác: cũ',
  cursor: MESSAGE.cursor,
}

it('hands mail over with its place; what is too large unread', async () => {
  const taken: Handed[] = []
  const { signal } = new AbortController()
  const cursors = new Map([['INBOX', { uidValidity: '1700', uid: 3 }]])
  const ended = await listener.run({
    ...{ cursors, signal, caughtUp: () => undefined },
    take: async (handed) => void taken.push(...handed),
    ...channelContext(SETTINGS, {
      mail: mailThat({
        watch: async (watch) => {
          expect(watch).toMatchObject({
            server: { host: 'imap.example', port: 993, security: 'tls', user: 'phananh', password: 'đọc' },
            folders: ['INBOX'],
            cursors,
            since: new Date('2026-10-31T17:00:00Z'),
            signal,
          })
          await watch.take([MESSAGE, { ...MESSAGE, size: 99_000_000, source: Buffer.alloc(0), tooLarge: true }])
          return undefined
        },
      }),
    }),
  })
  expect(ended).toBeUndefined()
  expect(taken).toMatchObject([HANDED, { unreadable: expect.stringContaining('99000000') }])
})

it('looks before it is switched on, and names the folder for junk', async () => {
  const mail = mailThat({
    survey: async () => ({
      folders: [{ name: 'INBOX' }, { name: 'Thư rác', use: '\\Junk' }],
      waiting: [{ folder: 'INBOX', count: 3 }],
      newest: [MESSAGE],
    }),
  })
  expect(await listener.preview(channelContext(SETTINGS, { mail }), 1)).toEqual({
    waiting: [{ place: 'INBOX', count: 3 }],
    places: [{ place: 'INBOX' }, { place: 'Thư rác', use: '\\Junk' }],
    newest: [HANDED],
  })
})

it('says which of the two servers refuses', async () => {
  const refused = fault('config', 'user or password')
  const mail = mailThat({ verify: async (_, protocol) => (protocol === 'smtp' ? refused : undefined) })
  expect(await email.check!(channelContext(SETTINGS, { mail }))).toMatchObject({ message: 'SMTP: user or password' })
  const both = mailThat({ verify: async () => undefined })
  expect(await email.check!(channelContext(SETTINGS, { mail: both }))).toMatchObject({ ok: true })
})
