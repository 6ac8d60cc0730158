import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { until } from '../until.ts'
import { configuration } from './dovecot-config.ts'
import type { Mailbox } from './mailbox.ts'
import { makeMaildir, type Owner, openMaildir, pathOf } from './maildir.ts'

/** Where Debian's package `dovecot-imapd` has it. */
export const DOVECOT = '/usr/sbin/dovecot'
/** It ends with us, `kill -9` included, and tells its sessions. */
const ENDS_WITH_US = ['--pdeathsig', 'TERM', '--']

/** A Dovecot of one's own: its configuration, sockets, log and mails are in one folder. */
interface Dovecot {
  readonly port: number
  readonly maildir: string
  /** Whose the mails are, where that is not us. */
  readonly owner: Owner | undefined
  readonly mailbox: Mailbox
  kill(): Promise<void>
  start(): Promise<void>
  newUidValidity(): Promise<void>
}

/** `folder` is there and empty. */
export async function startDovecot(
  folder: string,
  account: { readonly user: string; readonly password: string },
): Promise<Dovecot> {
  const maildir = join(folder, 'maildir')
  const port = await freePort()
  // Started by root it serves as somebody else, and refuses to serve mails as root.
  const other = process.getuid?.() === 0 ? somebodyElse() : undefined
  const served = other ?? { ...idsOf(userInfo()), user: userInfo().username, group: groupOf(userInfo().gid) }
  // Whoever serves has to get through; what is inside has modes of its own.
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'run'), { mode: 0o755 })
  makeMaildir(maildir, other)
  const conf = join(folder, 'dovecot.conf')
  writeFileSync(conf, configuration({ folder, maildir, port, account, served }), { mode: 0o600 })
  let server: ChildProcess | undefined

  const dovecot: Dovecot = {
    port,
    maildir,
    owner: other === undefined ? undefined : idsOf(other),
    mailbox: openMaildir(maildir, other),
    kill: async () => {
      const pid = server?.pid
      if (server === undefined || pid === undefined || server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      // Stopped first, so that it replaces none of its children and we still see which they are.
      process.kill(pid, 'SIGSTOP')
      for (const child of childrenOf(pid)) process.kill(child, 'SIGKILL')
      process.kill(pid, 'SIGKILL')
      await ended
    },
    start: async () => {
      // What was killed left its id behind, and Dovecot would wait for that process.
      rmSync(join(folder, 'run/master.pid'), { force: true })
      const log = openSync(join(folder, 'start.log'), 'a')
      server = spawn('setpriv', [...ENDS_WITH_US, DOVECOT, '-F', '-c', conf], { stdio: ['ignore', log, log] })
      closeSync(log)
      const started = server
      await until('Dovecot greets', () => {
        if (started.exitCode === null) return greets(port)
        throw new Error(`Dovecot did not start:\n${readFileSync(join(folder, 'start.log'), 'utf8')}`)
      })
    },
    newUidValidity: async () => {
      const list = join(pathOf(maildir, 'INBOX'), 'dovecot-uidlist')
      const before = Number(/^3 V(\d+)/.exec(textOf(list))?.[1] ?? Math.floor(Date.now() / 1000))
      await dovecot.kill()
      for (const index of ['dovecot.index', 'dovecot.index.log', 'dovecot.index.log.2', 'dovecot.index.cache']) {
        rmSync(join(maildir, index), { force: true })
      }
      // A list with no mail in it: Dovecot numbers anew what it finds. Without a list it would take the second of its clock, perhaps the same.
      writeFileSync(list, `3 V${before + 1} N1\n`)
      if (other !== undefined) chownSync(list, other.uid, other.gid)
      await dovecot.start()
    },
  }
  await dovecot.start()
  return dovecot
}

interface Served extends Owner {
  readonly user: string
  readonly group: string
}

function idsOf({ uid, gid }: Owner): Owner {
  return { uid, gid }
}

/** A user that every Linux has. */
function somebodyElse(): Served {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const found = users.find(([name]) => name === 'mail') ?? users.find(([name]) => name === 'nobody')
  if (found === undefined) throw new Error('neither `mail` nor `nobody` is a user here')
  const [user = '', , uid, gid] = found
  return { user, group: groupOf(Number(gid)), uid: Number(uid), gid: Number(gid) }
}

function groupOf(gid: number): string {
  const groups = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  return groups.find(([, , id]) => Number(id) === gid)?.[0] ?? String(gid)
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Nobody has looked into the INBOX yet.
    return ''
  }
}

/** The port listens before what answers behind it has started. */
async function greets(port: number): Promise<true | undefined> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    const [greeting] = (await once(socket, 'data', { signal: AbortSignal.timeout(2000) })) as [Buffer]
    return greeting.toString().startsWith('* OK') || undefined
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}
