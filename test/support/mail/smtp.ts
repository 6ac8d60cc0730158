import { appendFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { among, type Behaviour, losesReply } from './behaviour.ts'
import { bounceOf } from './bounce.ts'
import type { Mailbox } from './mailbox.ts'
import type { Received } from './process.ts'

export interface SmtpSide {
  readonly port: number
  behave(behaviour: Behaviour): void
}

export async function openSmtp(as: {
  readonly address: string
  readonly account: { readonly user: string; readonly password: string }
  readonly mailbox: Mailbox
  /** File of JSON lines: what went to anybody else. */
  readonly ledger: string
  readonly behaviour: Behaviour
}): Promise<SmtpSide> {
  let { behaviour } = as
  let mails = 0
  const sockets = new Map<number | undefined, Socket>()

  const put = (mail: Received) => {
    // With the lines of an MTA that delivers for good: the only place where the +detail of a blind copy can be seen.
    if (isOf(as.address, mail.to)) {
      const lines = `Return-Path: <${mail.from}>\r\nDelivered-To: ${mail.to}\r\n`
      as.mailbox.deliver(Buffer.concat([Buffer.from(lines), Buffer.from(mail.raw, 'latin1')]), 'INBOX')
    } else appendFileSync(as.ledger, `${JSON.stringify(mail)}\n`)
  }
  const take = (mail: Received) => {
    if (!among(behaviour.bounce, mail.to)) return put(mail)
    // A bounce has no sender, so that none answers another for ever.
    if (mail.from !== '') put({ from: '', to: mail.from, raw: bounceOf(mail) })
  }

  const onData = async (stream: SMTPServerDataStream, session: SMTPServerSession) => {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk)
    // One character for each byte: nothing is lost of what is no UTF-8.
    const raw = Buffer.concat(chunks).toString('latin1')
    const { mailFrom, rcptTo } = session.envelope
    const from = mailFrom === false ? '' : mailFrom.address
    for (const { address } of rcptTo) take({ raw, to: address, from })
    mails += 1
    const lost = losesReply(behaviour, mails)
    await later(behaviour.slowMs)
    if (lost) sockets.get(session.remotePort)?.destroy()
  }

  const server = new SMTPServer({
    name: 'mx.dienbien.example',
    hideSTARTTLS: true,
    disableReverseLookup: true,
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      const known = username === as.account.user && password === as.account.password
      done(known ? null : failure(535, '5.7.8 Authentication credentials invalid'), { user: username })
    },
    onRcptTo: ({ address }, _session, done) => {
      if (among(behaviour.reject, address)) done(failure(550, `5.1.1 <${address}>: User unknown`))
      else if (among(behaviour.defer, address)) done(failure(451, `4.7.1 <${address}>: Greylisted, try again later`))
      else done()
    },
    onData: (stream, session, done) => {
      onData(stream, session).then(() => done(), done)
    },
  })
  server.on('error', () => undefined) // a client that went away; the next one is served
  server.server.on('connection', (socket: Socket) => {
    const { remotePort } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.server.address() as { port: number }).port,
    behave: (next) => {
      // The count begins anew with the behaviour that is counted for.
      if (next.loseReplies !== behaviour.loseReplies) mails = 0
      behaviour = next
    },
  }
}

/** Is `to` the address itself, or it with a +detail? */
function isOf(address: string, to: string): boolean {
  const at = to.lastIndexOf('@')
  const [local = ''] = to.slice(0, at).split('+', 1)
  return `${local}${to.slice(at)}`.toLowerCase() === address.toLowerCase()
}

function failure(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
