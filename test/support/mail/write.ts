import { simpleParser } from 'mailparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import type Mail from 'nodemailer/lib/mailer'

interface Letter {
  readonly from: string
  readonly to: string
  readonly subject?: string
  readonly text?: string
  readonly messageId?: string
  readonly date?: Date
}

function compose(mail: Mail.Options): Promise<Buffer> {
  return new MailComposer(mail).compile().build()
}

/** As a citizen writes it from a phone: a sentence, perhaps a photo. */
export function citizenMail({
  photo,
  subject = 'Ổ gà lớn trước cổng trường',
  text = 'Kính gửi phường, trước cổng trường có ổ gà rất sâu, trời mưa không nhìn thấy.\n\nNguyễn Văn An\n',
  ...letter
}: Letter & { readonly photo?: Buffer }): Promise<Buffer> {
  const attachments = photo && [{ filename: 'Ảnh hiện trường.jpg', content: photo, contentType: 'image/jpeg' }]
  return compose({ ...letter, subject, text, ...(attachments && { attachments }) })
}

/** As a mailbox whose owner is away answers by itself. */
export function autoReply({
  inReplyTo,
  subject = 'Trả lời tự động: Tôi đang đi vắng',
  text = 'Tôi đi vắng đến hết tuần.\n',
  ...letter
}: Letter & { readonly inReplyTo?: string }): Promise<Buffer> {
  const headers = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }
  return compose({ ...letter, subject, text, headers, ...(inReplyTo && { inReplyTo, references: inReplyTo }) })
}

/** As a mail program answers a mail: to its Reply-To, with what was written quoted below. */
export async function replyTo(
  raw: string | Buffer,
  { from, text, ...more }: Pick<Letter, 'from' | 'date' | 'messageId'> & { readonly text: string },
): Promise<Buffer> {
  const mail = await simpleParser(raw)
  const to = mail.replyTo ?? mail.from
  if (to === undefined) throw new Error('the mail says neither Reply-To nor From')
  const quoted = (mail.text ?? '').trimEnd().split('\n')
  const said = `Vào ${(mail.date ?? new Date()).toLocaleString('vi-VN')}, ${mail.from?.text ?? to.text} đã viết:`
  const subject = mail.subject ?? ''
  return compose({
    ...more,
    from,
    to: to.text,
    subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
    text: `${text}\n\n${said}\n\n${quoted.map((line) => `> ${line}`).join('\n')}\n`,
    ...(mail.messageId && {
      inReplyTo: mail.messageId,
      references: [mail.references ?? [], mail.messageId].flat(),
    }),
  })
}

/** As a broken program sends it: bytes outside of ASCII in a header, no Message-ID, a date that is none, base64 that breaks off, a multipart without an end. */
export function malformedMail({ from, to }: Pick<Letter, 'from' | 'to'>): Buffer {
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: Rác thải không thu gom',
    'Date: hôm qua',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="khong-dong"',
    '',
    '--khong-dong',
    'Content-Type: text/plain; charset=khong-ro',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Rác để ba ngày nay chưa thu gom.',
    '--khong-dong',
    'Content-Type: image/jpeg; name="anh.jpg"',
    'Content-Transfer-Encoding: base64',
    '',
    '/9j/4AAQSkZJRgABAQ',
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

/** Multiparts in multiparts: what no program of a person writes. Names outside of ASCII stand in their headers as they are. */
export function nestedMail({ from, to, depth }: Pick<Letter, 'from' | 'to'> & { readonly depth: number }): Buffer {
  const head = `From: ${from}\r\nTo: ${to}\r\nSubject: Rác thải\r\nMIME-Version: 1.0\r\n`
  const parts = Array.from(
    { length: depth },
    (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}`,
  )
  return Buffer.from(`${head}${[...parts, 'Content-Type: text/plain\r\n\r\nx', '--b0--'].join('\r\n')}\r\n`)
}
