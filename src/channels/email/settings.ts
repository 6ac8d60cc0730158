import { z } from 'zod'
import type { MailServer } from '../../platform/mail/mail.ts'

const HOST = z.string().min(1).max(253).meta({ title: 'Host name' })
const PORT = z.int().min(1).max(65_535).meta({ title: 'Port' })
const SECURITY = z
  .enum(['tls', 'starttls', 'none'])
  .meta({ title: 'Encryption: tls from the first byte, starttls, or none on this machine or a private network' })
const USER = z.string().min(1).max(320).meta({ title: 'User name' })

/** RFC 8314 §3.3: encrypted from the first byte. */
const Imap = z.strictObject({ host: HOST, port: PORT.default(993), security: SECURITY.default('tls'), user: USER })
/** RFC 6409 §3.1. A server inside a network may ask for no name. */
const Smtp = z.strictObject({
  host: HOST,
  port: PORT.default(587),
  security: SECURITY.default('starttls'),
  user: USER.optional(),
})

export const EmailSettings = z.strictObject({
  address: z.email().max(254).toLowerCase().meta({ title: 'Address that citizens write to' }),
  fromName: z.string().min(1).max(100).meta({ title: 'Name that our letters come from' }),
  imap: Imap.meta({ title: 'Server that mail is read from (IMAP)' }),
  imapPassword: z.string().min(1).meta({ title: 'Password for reading', secret: true }),
  smtp: Smtp.meta({ title: 'Server that letters are sent through (SMTP)' }),
  smtpPassword: z.string().min(1).optional().meta({ title: 'Password for sending', secret: true }),
  folders: z.array(z.string().min(1).max(500)).min(1).max(50).default(['INBOX']).meta({ title: 'Folders to read' }),
  since: z.iso.datetime({ offset: true }).meta({ title: 'Take mail that arrived from then on' }),
  notifyBackfill: z
    .boolean()
    .default(false)
    .meta({ title: 'Also tell senders of mail that was more than a day old when it was taken in' }),
  plusAddresses: z
    .boolean()
    .default(true)
    .meta({ title: 'The mailbox also gets mail to name+anything@domain: answers and bounces find their report by it' }),
  // A file of 25 MB is 34.3 MB in Base64 with its line breaks (RFC 2045 §6.8).
  maxBytes: z
    .int()
    .min(64 * 1024)
    .max(100 * 1024 * 1024)
    .default(36 * 1024 * 1024)
    .meta({ title: 'Largest mail that is read, in bytes; a larger one is shown to an officer unread' }),
  pollSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(180)
    .meta({ title: 'Seconds between looks at the mailbox, beside being told by IDLE; 0: none' }),
  watchdogSeconds: z
    .int()
    .min(2)
    .max(600)
    .default(120)
    .meta({ title: 'Seconds without a sign of life after which the connection is made anew' }),
  dailyCap: z.int().min(1).max(1000).default(20).meta({ title: 'Most automatic letters to one address in a day' }),
})
export type EmailSettings = z.output<typeof EmailSettings>

export function imapServer({ imap, imapPassword }: EmailSettings): MailServer {
  return toServer(imap, imapPassword)
}

export function smtpServer({ smtp, smtpPassword }: EmailSettings): MailServer {
  return toServer(smtp, smtpPassword)
}

function toServer({ user, ...server }: z.output<typeof Smtp>, password: string | undefined): MailServer {
  return { ...server, ...(user !== undefined && { user }), ...(password !== undefined && { password }) }
}
