import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { autoReply, citizenMail, malformedMail, replyTo } from './write.ts'

const CITIZEN = 'an@dan.example'

describe('the mails', () => {
  const to = 'phananh@dienbien.example'

  it('of a citizen carry their photo', async () => {
    const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0])
    const mail = await simpleParser(await citizenMail({ from: 'Nguyễn Văn An <an@dan.example>', to, photo }))
    expect(mail.from?.value).toEqual([{ name: 'Nguyễn Văn An', address: CITIZEN }])
    expect(mail.attachments).toMatchObject([{ filename: 'Ảnh hiện trường.jpg', contentType: 'image/jpeg' }])
    expect(mail.attachments[0]?.content).toEqual(photo)
  })

  it('that answer go to the Reply-To and name the whole thread', async () => {
    const first = await citizenMail({ from: to, to: CITIZEN, subject: 'Đã tiếp nhận', messageId: '<1@x.example>' })
    const withReplyTo = Buffer.concat([Buffer.from('Reply-To: phananh+abc@dienbien.example\r\n'), first])
    const answer = await replyTo(withReplyTo, { from: CITIZEN, text: 'Cảm ơn', messageId: '<2@dan.example>' })
    const last = await simpleParser(await replyTo(answer, { from: to, text: 'Không có gì' }))
    const mail = await simpleParser(answer)
    expect(mail.to).toMatchObject({ text: 'phananh+abc@dienbien.example' })
    expect([mail.subject, mail.inReplyTo, mail.references]).toEqual([
      'Re: Đã tiếp nhận',
      '<1@x.example>',
      '<1@x.example>',
    ])
    expect(mail.text).toMatch(/^Cảm ơn\n\nVào .* đã viết:\n\n> Kính gửi phường/)
    expect([last.subject, last.inReplyTo]).toEqual(['Re: Đã tiếp nhận', '<2@dan.example>'])
    expect(last.references).toEqual(['<1@x.example>', '<2@dan.example>'])
  })

  it('that nobody wrote say so', async () => {
    const mail = await simpleParser(await autoReply({ from: CITIZEN, to, inReplyTo: '<1@x.example>' }))
    expect([mail.headers.get('auto-submitted'), mail.inReplyTo]).toEqual(['auto-replied', '<1@x.example>'])
  })

  it('that are broken have no Message-ID, no end and bytes outside of ASCII in the header', () => {
    const raw = malformedMail({ from: CITIZEN, to })
    expect(raw.toString()).not.toMatch(/message-id|--khong-dong--/i)
    expect(raw.toString()).toContain('Subject: Rác thải')
  })
})
