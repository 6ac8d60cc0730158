import type { OutgoingMail } from '../../platform/mail/mail.ts'
import type { OutgoingNotice, Sender } from '../channel.ts'
import { messageIdOf, NOTICE_HEADER, plusAddress } from './marks.ts'
import { type EmailSettings, smtpServer } from './settings.ts'

/** Mail programs follow a thread by its ends; a long one needs no more than these of its middle. */
const MOST_EARLIER = 20

export const sender: Sender<EmailSettings> = {
  to: 'email',
  attempt: (notice, { settings, mail }) => mail.send(toMail(notice, settings), smtpServer(settings)),
  // Sent twice it has the same Message-ID twice, which mail programs show once.
  whenUnknown: 'again',
}

function toMail(notice: OutgoingNotice, settings: EmailSettings): OutgoingMail {
  const { address, fromName, plusAddresses } = settings
  const answerTo = plusAddresses ? plusAddress(address, notice.token) : undefined
  const earlier = notice.earlier.slice(-MOST_EARLIER).map((token) => messageIdOf(token, address))
  const parent = notice.inReplyTo ?? earlier.at(-1)
  return {
    from: { name: fromName, address },
    // RFC 3834 §3.3 allows an empty one; then nothing would tell that an address is dead. A bounce is never answered, so there is no loop.
    envelopeFrom: answerTo ?? address,
    ...(answerTo !== undefined && { replyTo: answerTo }),
    to: notice.to,
    subject: notice.subject.replace(/\s+/g, ' ').trim(),
    text: notice.text,
    messageId: messageIdOf(notice.token, address),
    ...(parent !== undefined && { inReplyTo: parent }),
    references: notice.inReplyTo === undefined ? earlier : [notice.inReplyTo, ...earlier],
    headers: {
      // RFC 3834 §5. No `Precedence`: filters take it for advertising.
      'Auto-Submitted': 'auto-generated',
      // Exchange: no absence notes and no receipts to this. Not `All`, which would also keep back its bounces ([MS-OXCMAIL] §2.1.3.2).
      'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply',
      [NOTICE_HEADER]: '1',
    },
  }
}
