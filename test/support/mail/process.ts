import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Behaviour } from './behaviour.ts'
import type { Folder, Look } from './mailbox.ts'
import type { Owner } from './maildir.ts'

/** A mail as the SMTP side took it; `from` and `to` are those of the envelope. */
export interface Received {
  readonly raw: string
  readonly to: string
  readonly from: string
}

/** What the IMAP server inside the process can be told. */
export type OfImap = 'kill' | 'start' | 'new-uid-validity'

export interface SmtpProcess {
  readonly port: number
  /** Of the hoodiecrow inside it; 0 where mails go into a maildir. */
  readonly imapPort: number
  inboxOf(address: string): Promise<Received[]>
  control(change: Partial<Behaviour>): Promise<Behaviour>
  deliver(raw: Buffer, folder: Folder): Promise<void>
  look(folder: Folder): Promise<Look>
  imap(what: OfImap): Promise<void>
  kill(): Promise<void>
}

/** Starts the SMTP side as a process of its own, with hoodiecrow inside it where no maildir is given, and waits until it listens. */
export async function startSmtp(as: {
  readonly address: string
  readonly account: { readonly user: string; readonly password: string }
  readonly ledger: string
  readonly maildir?: { readonly path: string; readonly owner: Owner | undefined }
}): Promise<SmtpProcess> {
  const { path, owner } = as.maildir ?? {}
  const flags = {
    '--address': as.address,
    '--user': as.account.user,
    '--password': as.account.password,
    '--ledger': as.ledger,
    ...(path === undefined ? {} : { '--maildir': path }),
    ...(owner === undefined ? {} : { '--owner': `${owner.uid}:${owner.gid}` }),
  }
  // DEP0005: hoodiecrow is of a time when buffers were made by `new Buffer`.
  const node = ['--disable-warning=DEP0005', '--import', 'tsx', join(import.meta.dirname, 'main.ts')]
  const child = spawn(process.execPath, [...node, ...Object.entries(flags).flat()], {
    // Its input is never written to: it ends when that is closed, so with us, however we end.
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ready = once(createInterface(child.stdout), 'line').then(
    ([line]) => JSON.parse(line) as { smtp: number; control: number; imap: number },
  )
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the SMTP side ended with ${code} before it listened`)),
  )
  const ports = await Promise.race([ready, died])

  const ask = async (asked: string, init?: RequestInit) => {
    const answer = await fetch(`http://127.0.0.1:${ports.control}${asked}`, init)
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    return text
  }
  const post = (asked: string, body: string | Uint8Array<ArrayBuffer> = '') => ask(asked, { method: 'POST', body })
  return {
    port: ports.smtp,
    imapPort: ports.imap,
    inboxOf: async (address) => JSON.parse(await ask(`/ledger?to=${encodeURIComponent(address)}`)),
    control: async (change) => JSON.parse(await post('/control', JSON.stringify(change))),
    deliver: async (raw, folder) => void (await post(`/deliver?folder=${folder}`, new Uint8Array(raw))),
    look: async (folder) => JSON.parse(await ask(`/mailbox?folder=${folder}`)),
    imap: async (what) => void (await post(`/imap/${what}`)),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
