import { chownSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDERS, type Folder, type Mailbox } from './mailbox.ts'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Where Maildir++ has a folder. */
export function pathOf(maildir: string, folder: Folder): string {
  return folder === 'INBOX' ? maildir : join(maildir, `.${folder}`)
}

/** Makes the folders before Dovecot does, so that mails can be put there first. */
export function makeMaildir(maildir: string, owner: Owner | undefined): void {
  for (const folder of FOLDERS) {
    const at = pathOf(maildir, folder)
    for (const path of [at, ...['tmp', 'new', 'cur'].map((part) => join(at, part))]) {
      mkdirSync(path, { mode: 0o700 })
      if (owner !== undefined) chownSync(path, owner.uid, owner.gid)
    }
  }
}

/** Delivers as an MTA does: nobody sees half a mail, since it gets into `new` by a rename. Several processes may deliver. */
export function openMaildir(maildir: string, owner: Owner | undefined): Mailbox {
  let last = 0
  return {
    // Without a wait in between: thousands of mails are put here, and each wait costs more than the write.
    deliver: (raw, folder) => {
      const at = pathOf(maildir, folder)
      // In microseconds, and never the same twice: Dovecot numbers what it finds in the order of these names.
      last = Math.max(last + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000))
      const micros = String(last % 1_000_000).padStart(6, '0')
      const name = `${Math.floor(last / 1_000_000)}.M${micros}P${process.pid}.localhost`
      const unfinished = join(at, 'tmp', name)
      writeFileSync(unfinished, raw, { mode: 0o600 })
      if (owner !== undefined) chownSync(unfinished, owner.uid, owner.gid)
      renameSync(unfinished, join(at, 'new', name))
    },
    look: (folder) => {
      const names = ['new', 'cur'].flatMap((part) => readdirSync(join(pathOf(maildir, folder), part)))
      const flagged = (flag: string) => names.filter((name) => name.split(':2,')[1]?.includes(flag)).length
      return { count: names.length, seen: flagged('S'), deleted: flagged('T') }
    },
  }
}
