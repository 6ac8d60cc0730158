import type { Fault } from '../../core/fault.ts'

/** The port of mail as channels and connectors see it: the one IMAP listener and the one SMTP sender, `makeMail` implements it. */
export interface Mail {
  /**
   * Watches folders of a mailbox until `signal` is aborted (resolves undefined) or the connection is lost (a Fault). Hands over every message
   * above the cursor of its folder, oldest first, in batches bounded in bytes; new ones as they come.
   */
  watch(watch: MailWatch): Promise<Fault | undefined>
  /** Folders, what each is for, and how many messages each holds since a day; the newest ones with their bytes. Changes nothing. */
  survey(survey: MailSurvey): Promise<Surveyed | Fault>
  send(
    message: OutgoingMail,
    server: MailServer,
  ): Promise<{ readonly sent: true; readonly providerId?: string } | Fault>
  /** Signs in and out again. */
  verify(server: MailServer, protocol: 'imap' | 'smtp'): Promise<Fault | undefined>
}

export interface MailServer {
  readonly host: string
  readonly port: number
  /** `tls`: from the first byte; `starttls`: demanded before signing in; `none`: only for a server on this machine or a private network. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user?: string
  readonly password?: string
}

export interface MailWatch {
  readonly server: MailServer
  readonly folders: readonly string[]
  readonly cursors: ReadonlyMap<string, MailCursor>
  /** A folder without a cursor begins with what came since; one whose UIDVALIDITY changed is gone through again from here. */
  readonly since: Date
  /** A larger message comes without its bytes, with `tooLarge`. */
  readonly maxBytes: number
  /** Between looks that nobody asked for, beside IDLE; 0: IDLE alone. */
  readonly pollSeconds: number
  /** Without a sign of life for so long, the connection is given up. */
  readonly watchdogSeconds: number
  readonly signal: AbortSignal
  /** Resolves once the messages are safe. The next may be handed over before; they are kept in this order. */
  take(messages: readonly MailMessage[]): Promise<void>
  caughtUp(): void
}

/** Of a folder: what was committed last. UIDVALIDITY is a 32-bit number (RFC 9051 §2.3.1.1). */
export interface MailCursor {
  readonly uidValidity: string
  readonly uid: number
}

export interface MailMessage {
  readonly folder: string
  readonly cursor: MailCursor
  /** When the server got it (INTERNALDATE). */
  readonly receivedAt: Date
  readonly size: number
  /** Empty where it is too large. */
  readonly source: Buffer
  readonly tooLarge: boolean
}

export interface MailSurvey {
  readonly server: MailServer
  readonly folders: readonly string[]
  readonly since: Date
  readonly newest: number
  readonly maxBytes: number
}

export interface Surveyed {
  /** `use`: a special use of RFC 6154, such as `\\Junk`. */
  readonly folders: readonly { readonly name: string; readonly use?: string }[]
  readonly waiting: readonly { readonly folder: string; readonly count: number }[]
  readonly newest: readonly MailMessage[]
}

export interface OutgoingMail {
  readonly from: { readonly name: string; readonly address: string }
  /** Where bounces go; empty for none. */
  readonly envelopeFrom: string
  readonly replyTo?: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** With angle brackets; the same in every attempt. */
  readonly messageId: string
  readonly inReplyTo?: string
  readonly references: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}
