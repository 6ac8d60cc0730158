import { once } from 'node:events'
import type { Socket } from 'node:net'
import hoodiecrow from 'hoodiecrow-imap'
import type { Mailbox } from './mailbox.ts'

export interface Hoodiecrow {
  readonly port: number
  readonly mailbox: Mailbox
  kill(): Promise<void>
  start(): Promise<void>
  newUidValidity(): void
}

/** An IMAP server in this process, whose mails are in its memory. */
export async function openHoodiecrow(account: {
  readonly user: string
  readonly password: string
}): Promise<Hoodiecrow> {
  const imap = hoodiecrow({
    plugins: ['ID', 'IDLE', 'UIDPLUS', 'MOVE', 'SPECIAL-USE', 'NAMESPACE', 'UNSELECT', 'ENABLE', 'LITERALPLUS'],
    users: { [account.user]: { password: account.password } },
    storage: {
      INBOX: { uidvalidity: Math.floor(Date.now() / 1000) },
      '': {
        separator: '/',
        folders: {
          Junk: { 'special-use': '\\Junk' },
          Sent: { 'special-use': '\\Sent' },
          Trash: { 'special-use': '\\Trash' },
        },
      },
    },
  })
  const { server } = imap
  const sessions = new Set<Socket>()
  server.on('connection', (socket) => {
    sessions.add(socket)
    socket.once('close', () => sessions.delete(socket))
  })
  const throwOut = () => {
    for (const session of sessions) session.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }

  return {
    port,
    mailbox: {
      deliver: (raw, folder) => void imap.appendMessage(folder, [], new Date(), raw.toString('latin1')),
      look: (folder) => {
        const { messages } = imap.getMailbox(folder)
        const flagged = (flag: string) => messages.filter(({ flags }) => flags.includes(flag)).length
        return { count: messages.length, seen: flagged('\\Seen'), deleted: flagged('\\Deleted') }
      },
    },
    kill: async () => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      throwOut()
      await closed
    },
    start: async () => {
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    newUidValidity: () => {
      throwOut()
      const inbox = imap.getMailbox('INBOX')
      inbox.uidvalidity += 1
      inbox.uidnext = 1
      for (const message of inbox.messages) {
        message.uid = 0
        imap.processMessage(message, inbox)
      }
    },
  }
}
