import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Behaviour } from './behaviour.ts'
import { DOVECOT, startDovecot } from './dovecot.ts'
import type { Folder, Look } from './mailbox.ts'
import { type Received, type SmtpProcess, startSmtp } from './process.ts'

export interface Account {
  readonly user: string
  readonly password: string
}

/** Mail as the hub meets it: an IMAP account that it watches, an SMTP server that it sends by, and citizens behind it. */
export interface MailWorld {
  /** Which IMAP server it is. */
  readonly kind: 'dovecot' | 'hoodiecrow'
  readonly imap: Account & { readonly host: string; readonly port: number }
  readonly smtp: { readonly host: string; readonly port: number }
  /** The watched address. What is sent to it by SMTP, or to it with a +detail, is in the account's INBOX. */
  readonly address: string
  /** Puts a mail into the account as it is, without SMTP. */
  deliver(raw: string | Buffer, folder?: Folder): Promise<void>
  /** What is in the account, looked at from outside. */
  mailbox(folder?: Folder): Promise<Look>
  /** What a citizen has received by SMTP, in order of arrival. */
  inboxOf(address: string): Promise<readonly Received[]>
  /** Changes the behaviours of the SMTP side that are named. */
  control(behaviour: Partial<Behaviour>): Promise<Behaviour>
  /** The IMAP server, as a power cut does it: nobody is told. Mails stay, and can be delivered meanwhile. */
  kill(): Promise<void>
  /** Resolves when it greets, on the same port. */
  start(): Promise<void>
  /** The INBOX as restored from a backup: the same mails, another UIDVALIDITY, UIDs from 1. Sessions are thrown out. */
  newUidValidity(): Promise<void>
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const ADDRESS = 'phananh@dienbien.example'
const ACCOUNT: Account = { user: ADDRESS, password: 'mat-khau-hom-thu' }

/** Dovecot where it is installed, else hoodiecrow from npm. */
export async function openMailWorld({ force }: { readonly force?: MailWorld['kind'] } = {}): Promise<MailWorld> {
  const kind = force ?? (existsSync(DOVECOT) ? 'dovecot' : 'hoodiecrow')
  const folder = await mkdtemp(join(tmpdir(), 'paht-mail-'))
  // A server that is just ending may still be writing.
  const removed = () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  try {
    return await (kind === 'dovecot' ? withDovecot(folder, removed) : withHoodiecrow(folder, removed))
  } catch (error) {
    await removed()
    throw error
  }
}

type OfSmtp = Pick<MailWorld, 'smtp' | 'address' | 'inboxOf' | 'control'>

function ofSmtp(smtp: SmtpProcess): OfSmtp {
  return {
    smtp: { host: HOST, port: smtp.port },
    address: ADDRESS,
    inboxOf: smtp.inboxOf,
    control: smtp.control,
  }
}

async function withDovecot(folder: string, removed: () => Promise<void>): Promise<MailWorld> {
  const dovecot = await startDovecot(folder, ACCOUNT)
  const smtp = await startSmtp({
    address: ADDRESS,
    account: ACCOUNT,
    ledger: join(folder, 'ledger.jsonl'),
    maildir: { path: dovecot.maildir, owner: dovecot.owner },
  }).catch(async (error: unknown) => {
    await dovecot.kill()
    throw error
  })
  return {
    kind: 'dovecot',
    imap: { host: HOST, port: dovecot.port, ...ACCOUNT },
    ...ofSmtp(smtp),
    deliver: async (raw, into = 'INBOX') => dovecot.mailbox.deliver(Buffer.from(raw), into),
    mailbox: async (of = 'INBOX') => dovecot.mailbox.look(of),
    kill: dovecot.kill,
    start: dovecot.start,
    newUidValidity: dovecot.newUidValidity,
    close: async () => {
      await Promise.all([smtp.kill(), dovecot.kill()])
      await removed()
    },
  }
}

async function withHoodiecrow(folder: string, removed: () => Promise<void>): Promise<MailWorld> {
  const smtp = await startSmtp({ address: ADDRESS, account: ACCOUNT, ledger: join(folder, 'ledger.jsonl') })
  return {
    kind: 'hoodiecrow',
    imap: { host: HOST, port: smtp.imapPort, ...ACCOUNT },
    ...ofSmtp(smtp),
    deliver: (raw, into = 'INBOX') => smtp.deliver(Buffer.from(raw), into),
    mailbox: (of = 'INBOX') => smtp.look(of),
    kill: () => smtp.imap('kill'),
    start: () => smtp.imap('start'),
    newUidValidity: () => smtp.imap('new-uid-validity'),
    close: async () => {
      await smtp.kill()
      await removed()
    },
  }
}
