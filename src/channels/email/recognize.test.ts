import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ADDRESS, fixture, type Head, MAX_BYTES, mail, read, submitted, TOKEN } from '../../../test/support/email.ts'
import { makeCode } from '../../normalize/code.ts'
import type { Item, Submitted } from '../channel.ts'

describe('marks of ours', () => {
  const code = makeCode({ prefix: 'DB', year: 2026, random: () => 3 })
  it.each<readonly [what: string, head: Head, answers: Submitted['answers']]>([
    ['In-Reply-To', { 'In-Reply-To': `<paht.${TOKEN}@dienbien.example>` }, { tokens: [TOKEN], codes: [] }],
    ['References', { References: `<a@b>\r\n <paht.${TOKEN}@dienbien.example>` }, { tokens: [TOKEN], codes: [] }],
    [
      'To, in capitals',
      { To: `<PHANANH+PAHT.${TOKEN.toUpperCase()}@dienbien.example>` },
      { tokens: [TOKEN], codes: [] },
    ],
    ['Delivered-To', { 'Delivered-To': `phananh+paht.${TOKEN}@dienbien.example` }, { tokens: [TOKEN], codes: [] }],
    ['X-Original-To', { 'X-Original-To': `phananh+paht.${TOKEN}@dienbien.example` }, { tokens: [TOKEN], codes: [] }],
    ['a code in the subject', { Subject: `Re: [${code}] x` }, { tokens: [], codes: [code] }],
    [
      'a code as people type it',
      { Subject: `bổ sung ${code.replaceAll('-', '').toLowerCase()}` },
      { tokens: [], codes: [code] },
    ],
    ['a code with a slip', { Subject: `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}` }, undefined],
    ['a token one letter short', { To: `phananh+paht.${TOKEN.slice(1)}@dienbien.example` }, undefined],
  ])('%s', async (_, head, answers) => {
    expect((await submitted(mail(head, 'x'))).answers).toEqual(answers)
  })
})

describe('no report', () => {
  it.each<[what: string, head: Head, reason: string, body?: string]>([
    ['RFC 3834', { 'Auto-Submitted': 'auto-replied (vacation)' }, 'auto-reply'],
    [
      'RFC 3834, to a letter of ours',
      { 'Auto-Submitted': 'auto-replied', To: `phananh+paht.${TOKEN}@dienbien.example` },
      'auto-reply',
    ],
    ['X-Autoreply', { 'X-Autoreply': 'yes' }, 'auto-reply'],
    ['Precedence: auto_reply', { Precedence: 'auto_reply' }, 'auto-reply'],
    ['Exchange', { 'X-Auto-Response-Suppress': 'All', Subject: 'Out of office' }, 'auto-reply'],
    ['a Vietnamese absence note', { Subject: 'Trả lời tự động: Đã tiếp nhận' }, 'auto-reply'],
    [
      'a receipt of reading',
      { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=q' },
      'auto-reply',
      '--q\r\n\r\nread\r\n--q--',
    ],
    ['a list', { 'List-Id': '<tin.example.vn>' }, 'list'],
    ['a newsletter that names us', { 'List-Unsubscribe': `<https://news.example/u?a=${ADDRESS}>` }, 'list'],
    ['Precedence: bulk', { Precedence: 'bulk' }, 'list'],
    ['a letter of ours, or of another deployment', { 'X-PAHT-Notice': '1' }, 'own-mail'],
    ['our own address', { From: 'PhanAnh+x@dienbien.example' }, 'own-mail'],
    ['postmaster', { From: 'postmaster@example.vn' }, 'system'],
    ['no-reply', { From: 'Bank <no-reply@bank.example>' }, 'system'],
    ['nothing', { Subject: undefined }, 'empty', ' \r\n'],
  ])('%s', async (_, head, reason, body = 'x') => {
    const item = await read(mail(head, body))
    expect(item).toMatchObject({ item: 'ignored', reason })
    if (reason !== 'empty')
      expect(item).toMatchObject({ as: { item: 'submitted', content: body.includes('read') ? 'read' : 'x' } })
  })

  it.each<readonly [what: string, head: Head]>([
    ['Auto-Submitted: no', { 'Auto-Submitted': 'no' }],
    ['a person behind Exchange', { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' }],
    [
      'a group that is our own address',
      { 'List-Id': '<phananh.dienbien.example>', 'List-Unsubscribe': '<x>', Precedence: 'list' },
    ],
    ['an answer that went through a list', { 'List-Id': '<a.b>', 'In-Reply-To': `<paht.${TOKEN}@dienbien.example>` }],
    ['vắng mặt as a matter', { Subject: 'Vắng mặt cán bộ ở bộ phận một cửa' }],
  ])('but a report: %s', async (_, head) => {
    await expect(submitted(mail(head, 'x'))).resolves.toMatchObject({ content: 'x' })
  })
})

describe('what mail servers say of our letters', () => {
  const dsn = (status: string): Buffer =>
    mail(
      { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=q' },
      `--q\r\nContent-Type: message/delivery-status\r\n\r\n${status}\r\n--q--`,
    )
  it.each<readonly [what: string, bytes: Buffer, holds: Readonly<Record<string, unknown>>]>([
    [
      'Postfix: failed',
      fixture('bounce-postfix'),
      {
        receipt: 'bounced',
        tokens: [TOKEN],
        text: '5.1.1 smtp; 550 5.1.1 <●●●>: Recipient address rejected: User unknown',
      },
    ],
    [
      'Postfix: delayed',
      fixture('delay-postfix'),
      {
        receipt: 'delayed',
        tokens: [TOKEN],
        text: '4.4.1 smtp; connect to mx.mail.example[192.0.2.9]:25: Connection timed out',
      },
    ],
    [
      'qmail',
      fixture('bounce-qmail'),
      { receipt: 'bounced', tokens: [TOKEN], text: 'Sorry, no mailbox here by that name. (#5.1.1)' },
    ],
    ['given up after days', dsn('Action: failed\r\nStatus: 4.4.7'), { receipt: 'bounced', tokens: [] }],
    ['no action', dsn('Status: 5.2.1'), { receipt: 'bounced' }],
    [
      'Gmail',
      mail(
        { From: 'x@y', 'X-Failed-Recipients': 'lan@example.vn', 'In-Reply-To': `<paht.${TOKEN}@dienbien.example>` },
        'Address not found',
      ),
      { receipt: 'bounced', tokens: [TOKEN] },
    ],
  ])('%s', async (_, bytes, holds) => {
    expect(await read(bytes)).toMatchObject({ item: 'receipt', ...holds })
  })
  it('one that it arrived is none', async () => {
    expect(await read(dsn('Action: delivered\r\nStatus: 2.0.0'))).toMatchObject({ item: 'ignored', reason: 'system' })
  })
})

describe('keys', () => {
  const keyOf = async (bytes: Buffer): Promise<string> => ((await read(bytes)) as Item).keys[1]!
  const same = mail({}, 'Ổ gà')
  it.each<readonly [what: string, bytes: Buffer]>([
    [
      'other trace headers',
      mail({ Received: 'from a', 'Delivered-To': 'x@y', 'DKIM-Signature': 'v=1', 'X-Spam-Score': '1' }, 'Ổ gà'),
    ],
    [
      'another transfer encoding',
      mail({ 'Content-Transfer-Encoding': 'base64' }, Buffer.from('Ổ gà').toString('base64')),
    ],
    [
      'a header folded and encoded anew',
      mail({ Subject: '=?utf-8?Q?=E1=BB=94_g=C3=A0?=', From: 'Lan\r\n <lan@example.vn>' }, 'Ổ gà'),
    ],
  ])('the same by %s', async (_, bytes) => {
    expect(await keyOf(bytes)).toBe(await keyOf(same))
  })
  it.each<readonly [what: string, head: Head, body: string]>([
    ['another text under the same Message-ID', {}, 'Rác'],
    ['another sender', { From: 'Pan <pan@example.vn>' }, 'Ổ gà'],
    ['another date', { Date: 'Mon, 23 Nov 2026 09:15:01 +0700' }, 'Ổ gà'],
  ])('another by %s', async (_, head, body) => {
    expect(await keyOf(mail(head, body))).not.toBe(await keyOf(same))
    const none = { 'Message-ID': undefined }
    expect(await keyOf(mail({ ...head, ...none }, body))).not.toBe(await keyOf(mail(none, 'Ổ gà')))
  })
  it('names the place in the mailbox too, so that what could not be read is found again', async () => {
    expect((await submitted(same)).keys[0]).toBe('uid:7:INBOX:1')
  })
})

describe('hostile bytes', () => {
  let nested = ''
  for (let i = 0; i < 100; i++) nested += `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`
  it.each<readonly [what: string, bytes: Buffer, why: RegExp]>([
    ['a hundred deep', mail({ 'Content-Type': 'multipart/mixed; boundary=b0' }, nested), /deep/],
    [
      'a thousand parts',
      mail({ 'Content-Type': 'multipart/mixed; boundary=q' }, '--q\r\n\r\nx\r\n'.repeat(1000)),
      /parts/,
    ],
    [
      'a thousand attachments',
      mail(
        { 'Content-Type': 'multipart/mixed; boundary=q' },
        '--q\r\nContent-Type: image/png\r\n\r\nx\r\n'.repeat(1000),
      ),
      /parts/,
    ],
    ['a flood of headers', mail({ 'X-A': `${'b\r\n c'.repeat(400_000)}` }, 'x'), /header/],
    ['too large', Buffer.alloc(MAX_BYTES + 1), /bytes/],
  ])('%s: unreadable', async (_, bytes, why) => {
    expect(await read(bytes)).toEqual({ unreadable: expect.stringMatching(why) })
  })

  const line = fc.oneof(
    fc.constantFrom(
      '--q',
      '--q--',
      '',
      'Content-Type: multipart/mixed; boundary=q',
      'Content-Type: text/html',
      '> x',
      '-- ',
    ),
    fc.constantFrom(
      'Content-Type: message/delivery-status',
      'Content-Transfer-Encoding: base64',
      'From: MAILER-DAEMON@x',
      'On 1:00 a@b wrote:',
    ),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  it('never throws, and reads the same bytes alike', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array)),
      fc
        .array(line, { maxLength: 40 })
        .map((lines) => mail({ 'Content-Type': 'multipart/mixed; boundary=q' }, lines.join('\r\n'))),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (each) => {
        expect(await read(each)).toEqual(await read(Buffer.from(each)))
      }),
      { numRuns: 300 },
    )
  })
})
