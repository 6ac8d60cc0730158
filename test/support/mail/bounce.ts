import { randomUUID } from 'node:crypto'

const MTA = 'mx.dienbien.example'

/** What an MTA sends back to the sender of a mail that it has taken and cannot deliver (RFC 3464), with the headers of that mail. */
export function bounceOf({
  raw,
  to,
  from,
  status = '5.1.1',
}: {
  readonly raw: string
  readonly to: string
  readonly from: string
  readonly status?: string
}): string {
  const [headers = ''] = raw.split(/\r?\n\r?\n/, 1)
  const boundary = `bounce-${randomUUID()}`
  const failed = status.startsWith('5')
  const action = failed ? 'failed' : 'delayed'
  const said = failed ? `550 ${status} <${to}>: User unknown` : `451 ${status} <${to}>: try again later`
  return [
    `From: Mail Delivery System <MAILER-DAEMON@${MTA}>`,
    `To: ${from}`,
    `Subject: ${failed ? 'Undelivered Mail Returned to Sender' : 'Delayed Mail (still being retried)'}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@${MTA}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    ` boundary="${boundary}"`,
    '',
    'This is a MIME-encapsulated message.',
    '',
    `--${boundary}`,
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `This is the mail system at host ${MTA}.`,
    '',
    failed ? 'Your message could not be delivered to:' : 'Your message has not been delivered yet to:',
    '',
    `<${to}>: ${said}`,
    '',
    `--${boundary}`,
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns; ${MTA}`,
    `Arrival-Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Original-Recipient: rfc822;${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${said}`,
    '',
    `--${boundary}`,
    'Content-Description: Undelivered Message Headers',
    'Content-Type: text/rfc822-headers',
    '',
    ...headers.split(/\r?\n/),
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n')
}
