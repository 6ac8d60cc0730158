import { type Fault, fault } from '../../core/fault.ts'
import { faultOfError } from '../outgoing/fault-of-error.ts'

/** What nodemailer stamps on its errors, as far as it is read here. */
interface SmtpError {
  readonly code?: string
  /** Of the socket, where `code` is nodemailer's own. */
  readonly originalCode?: string
  /** The server's reply. It repeats addresses: of it only the codes are passed on. */
  readonly response?: string
  readonly responseCode?: number
  /** What was answered so. */
  readonly command?: string
}

export interface SmtpAbout {
  readonly host: string
  /** All of the message had gone out, so a reply that did not come may have been a yes (RFC 5321 §4.5.3.2.6). */
  readonly handed: boolean
}

/** Whose fault it is that a message was not taken. Pure, and silent about who it was for. */
export function faultOfSmtp(error: unknown, { host, handed }: SmtpAbout): Fault {
  const { code, response, responseCode, command = '' } = (error ?? {}) as SmtpError
  if (responseCode === undefined) return withoutReply(error, { host, handed })
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
  const said = `${host} answered ${[responseCode, status, command && `to ${command}`].filter(Boolean).join(' ')}`
  if (responseCode < 500) return later(said, { responseCode, status })
  // 530 and 534 to 538 (RFC 4954 §6): sign in, differently, or over TLS.
  if (code === 'EAUTH' || responseCode === 530) return fault('config', said)
  if (code === 'ETLS' || /^(CONN|EHLO|HELO|STARTTLS)$/.test(command)) return fault('config', said)
  if (command === 'RCPT TO') return fault(isNoMailbox(responseCode, status) ? 'closed' : 'rejected', said)
  // Our own address is refused: every message would be.
  if (command === 'MAIL FROM' && code === 'EENVELOPE') return fault('config', said)
  return fault('rejected', said)
}

/** There is no such mailbox, or it takes no more mail (RFC 3463 §3.2, §3.3). Policies (x.7.x) are about the message or about us. */
function isNoMailbox(responseCode: number, status: string | undefined): boolean {
  if (status !== undefined) return /^5\.[12]\./.test(status)
  return responseCode === 550 || responseCode === 551 || responseCode === 553
}

/** 421 and x.3.x (RFC 3463 §3.4) are about the server, the rest about pace: greylisting, limits, a full mailbox. */
function later(said: string, { responseCode, status }: { responseCode: number; status: string | undefined }): Fault {
  const itself = responseCode === 421 || responseCode === 454 || status?.startsWith('4.3.') === true
  return fault(itself ? 'unreachable' : 'throttled', said)
}

function withoutReply(error: unknown, { host, handed }: SmtpAbout): Fault {
  const { code, originalCode } = (error ?? {}) as SmtpError
  if (code === 'EENVELOPE') return fault('closed', `${host} was not asked: the recipient's address is none`)
  if (code === 'EMESSAGE') return fault('rejected', `${host} takes no message of this size`)
  if (code === 'EAUTH') return fault('config', `${host} offers no way to sign in that we know`)
  const found = faultOfError(Object.assign(new Error('SMTP'), { code: originalCode ?? code }), { host, sent: handed })
  if (code === 'ETLS' && found.fault === 'unreachable') {
    return fault('config', `No TLS with ${host}: ${originalCode ?? 'it offers none'}`)
  }
  return found
}
