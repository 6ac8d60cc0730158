import { isFault } from '../../core/fault.ts'
import type { Channel } from '../channel.ts'
import { listener } from './listen.ts'
import { readMail } from './read.ts'
import { sender } from './send.ts'
import { EmailSettings, imapServer, smtpServer } from './settings.ts'

/** A mailbox: reads what citizens write to it, answers by letter in the same thread. */
export const email: Channel<EmailSettings> = {
  kind: 'email',
  settings: EmailSettings,
  secrets: ['imapPassword', 'smtpPassword'],
  intakes: [listener],
  read: readMail,
  send: sender,
  check: async ({ settings, mail }) => {
    const reading = await mail.verify(imapServer(settings), 'imap')
    if (isFault(reading)) return { ...reading, message: `IMAP: ${reading.message}` }
    const sending = await mail.verify(smtpServer(settings), 'smtp')
    if (isFault(sending)) return { ...sending, message: `SMTP: ${sending.message}` }
    return { ok: true, note: `signed in to ${settings.imap.host} (IMAP) and ${settings.smtp.host} (SMTP)` }
  },
}
