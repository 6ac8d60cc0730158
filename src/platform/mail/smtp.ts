import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { type Fault, fault } from '../../core/fault.ts'
import type { Mail, MailServer, OutgoingMail } from './mail.ts'
import type { Patience } from './patience.ts'
import { faultOfSmtp } from './smtp-fault.ts'

/** One message to one recipient over one connection. */
export async function sendMail(
  message: OutgoingMail,
  server: MailServer,
  patience: Patience,
): Promise<Awaited<ReturnType<Mail['send']>>> {
  const bytes = await compose(message)
  let handed = false
  const done = await withSession(server, patience, {
    use: (session) =>
      new Promise<string | undefined>((resolve, reject) => {
        // nodemailer reads it only once the server has said 354, and ends it with the dot.
        const body = Readable.from([bytes], { objectMode: false }).once('end', () => {
          handed = true
        })
        const envelope = { from: message.envelopeFrom, to: [message.to], size: bytes.length }
        session.send(envelope, body, (error, info) => (error ? reject(error) : resolve(queueId(info?.response))))
      }),
    handed: () => handed,
  })
  if (done !== undefined && typeof done === 'object') return done
  return { sent: true, ...(done !== undefined && { providerId: done }) }
}

/** Postfix and its relatives name it, RFC 5321 does not; what else a reply says may repeat an address. */
function queueId(reply: string | undefined): string | undefined {
  return /\bqueued as ([\w.-]{1,100})/.exec(reply ?? '')?.[1]
}

export async function verifySmtp(server: MailServer, patience: Patience): Promise<Fault | undefined> {
  const done = await withSession(server, patience, { use: async () => undefined, handed: () => false })
  return done
}

function compose(message: OutgoingMail): Promise<Buffer> {
  return new MailComposer({
    from: message.from,
    // As objects: in a text, a comma would make two recipients of one.
    to: { name: '', address: message.to },
    ...(message.replyTo !== undefined && { replyTo: { name: '', address: message.replyTo } }),
    subject: message.subject,
    text: message.text,
    messageId: message.messageId,
    ...(message.inReplyTo !== undefined && { inReplyTo: message.inReplyTo }),
    references: [...message.references],
    headers: { ...message.headers },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
}

interface Use<T> {
  use(session: SMTPConnection): Promise<T>
  handed(): boolean
}

/** Connects, signs in where there is a user, and says goodbye. */
async function withSession<T>(
  { host, port, security, user, password }: MailServer,
  { connectMs, answerMs }: Patience,
  { use, handed }: Use<T>,
): Promise<T | Fault> {
  const session = new SMTPConnection({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    logger: false,
  })
  // A lost connection is an event; only a message that is under way hears of it by its callback too.
  const lost = new Promise<never>((_, reject) => {
    session.on('error', reject)
    session.once('end', () => reject(new Error('Connection closed')))
  })
  lost.catch(() => undefined)
  const step = (begin: (done: (error?: Error | null) => void) => void) =>
    Promise.race([lost, new Promise<void>((resolve, reject) => begin((error) => (error ? reject(error) : resolve())))])
  try {
    await step((done) => session.connect(done))
    if (user !== undefined) {
      if (!session.allowsAuth) return fault('config', `${host} offers no way to sign in over this connection`)
      await step((done) => session.login({ credentials: { user, pass: password ?? '' } }, done))
    }
    const result = await Promise.race([lost, use(session)])
    session.quit()
    return result
  } catch (error) {
    session.close()
    return faultOfSmtp(error, { host, handed: handed() })
  }
}
