import { ImapFlow } from 'imapflow'
import type { Fault } from '../../core/fault.ts'
import { FolderRefused, faultOfImap } from './imap-fault.ts'
import type { MailServer } from './mail.ts'
import type { Patience } from './patience.ts'

export interface ImapConnection {
  readonly client: ImapFlow
  /** Signs in. */
  open(): Promise<void>
  /** Why it ended: the first error is the reason, what follows only its echo. */
  faultOf(error: unknown): Fault
}

/** One connection; it is never reused after an error. */
export function imapConnection(
  server: MailServer,
  { connectMs, answerMs, idleMs }: Patience,
  maxBytes?: number,
): ImapConnection {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    doSTARTTLS: server.security === 'starttls',
    auth: { user: server.user ?? '', pass: server.password ?? '' },
    logger: false,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    maxIdleTime: idleMs,
    // It would wait 15 s after every command; the watch enters IDLE itself.
    disableAutoIdle: true,
    // Base64 hardly shrinks, and a stream without a layer more is one thing less to go wrong.
    disableCompression: true,
    // Sources are asked for up to this length; whoever sends more does not speak IMAP.
    ...(maxBytes !== undefined && { maxLiteralSize: maxBytes + 1 }),
  })
  let first: Error | undefined
  let stood = false
  // Without a listener an error of the socket ends the process.
  client.on('error', (error) => {
    first ??= error
  })
  return {
    client,
    open: async () => {
      await client.connect()
      stood = true
    },
    faultOf: (error) => faultOfImap(first ?? error, { host: server.host, stood }),
  }
}

/**
 * Opens a folder with EXAMINE (RFC 9051 §6.3.3): nothing that is done in it can change a flag. The lock tells imapflow that silence between two
 * commands is meant, while messages are being stored.
 */
export async function openFolder(client: ImapFlow, folder: string): Promise<{ release(): void }> {
  try {
    return await client.getMailboxLock(folder, { readOnly: true, maxLockHoldTime: false })
  } catch (error) {
    const { responseStatus, mailboxMissing } = error as { responseStatus?: string; mailboxMissing?: boolean }
    if (responseStatus !== 'NO') throw error
    throw new FolderRefused(folder, { missing: mailboxMissing === true, cause: error })
  }
}

export async function verifyImap(server: MailServer, patience: Patience): Promise<Fault | undefined> {
  const connection = imapConnection(server, patience)
  try {
    await connection.open()
    await connection.client.logout()
    return undefined
  } catch (error) {
    return connection.faultOf(error)
  } finally {
    connection.client.close()
  }
}
