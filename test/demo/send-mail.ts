import { randomUUID } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { autoReply, citizenMail, nestedMail, replyTo } from '../support/mail/write.ts'
import { takePhotos } from './photos.ts'
import type { MailReport } from './report.ts'
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'

interface Written {
  readonly to: string
  readonly raw: Buffer
  readonly photos: readonly Buffer[]
}

/** By SMTP, as the sender's mail program does it. */
export async function sendMail(stage: Stage, report: MailReport): Promise<Sent> {
  const { smtp } = stage.world
  const messageId = `<${randomUUID()}@dan.example>`
  const { to, raw, photos } = await write(stage, { report, messageId })
  const transport = createTransport({ host: smtp.host, port: smtp.port, ignoreTLS: true })
  const { response } = await transport.sendMail({ envelope: { from: report.from.address, to }, raw })
  return { report, photos, reply: Number(response.slice(0, 3)), answers: [response], messageId }
}

async function write(
  { world, inboxes }: Stage,
  { report: { from: person, mail }, messageId }: { readonly report: MailReport; readonly messageId: string },
): Promise<Written> {
  const to = world.address
  const from = `${person.name} <${person.address}>`
  const signed = (text: string) => `${text}\n\nTrân trọng,\n${person.name}\nĐT: ${person.phone}`
  switch (mail.kind) {
    case 'letter': {
      const photos = mail.photoAt === undefined ? [] : await takePhotos(1, mail.photoAt)
      const [photo] = photos
      const { subject, text } = mail
      const letter = { from, to, subject, text: signed(text), messageId, ...(photo && { photo }) }
      return { to, photos, raw: await citizenMail(letter) }
    }
    case 'reply': {
      const [letter] = await inboxes.of(person.address)
      if (letter === undefined) throw new Error(`${person.address} has got no letter to answer`)
      const raw = await replyTo(Buffer.from(letter.raw, 'latin1'), { from, text: signed(mail.text), messageId })
      return { to: letter.replyTo, photos: [], raw }
    }
    case 'auto-reply':
      return { to, photos: [], raw: await autoReply({ from, to, messageId }) }
    case 'nested':
      return { to, photos: [], raw: nestedMail({ from, to, depth: 100 }) }
  }
}
