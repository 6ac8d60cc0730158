declare module 'hoodiecrow-imap' {
  import type { Server } from 'node:net'

  interface Message {
    flags: string[]
    /** Set to 0, it gets the next one by `processMessage`. */
    uid: number
  }

  interface Mailbox {
    messages: Message[]
    uidnext: number
    uidvalidity: number
  }

  interface IMAPServer {
    readonly server: Server
    getMailbox(path: string): Mailbox
    /** `raw`: one character for each byte. */
    appendMessage(path: string, flags: string[], internaldate: Date, raw: string): unknown
    processMessage(message: Message, mailbox: Mailbox): void
  }

  export default function hoodiecrow(options: {
    readonly plugins: readonly string[]
    readonly users: Readonly<Record<string, { readonly password: string }>>
    readonly storage: Readonly<Record<string, object>>
  }): IMAPServer
}
