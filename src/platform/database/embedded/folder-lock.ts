import { spawn } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { isRunning, markOf, type ProcessMark, until } from './processes.ts'

export interface FolderLock {
  release(): Promise<void>
}

/** The pid of the process that has the folder; undefined when it cannot be seen from here (another container). */
export interface Held {
  readonly heldBy: number | undefined
}

/**
 * Takes a data folder for one running product.
 *
 * The kernel keeps the lock: flock(2) on `<dataDir>/lock`, held by our open file. It ends with the process however that dies, so there is
 * no stale lock to judge, no two processes can both take one over, and it holds between containers that share a volume. Node has no
 * flock(2), but flock(1) of util-linux locks a file it inherits, and that lock belongs to the open file, which stays with us.
 *
 * Where there is no flock (macOS, Windows, an image without util-linux) the pid and start time written into the file decide. Two starts
 * in the same millisecond after a crash could then both pass; PostgreSQL's own postmaster.pid stops the second.
 *
 * The file is never deleted: a lock on a deleted file and one on its successor would both be granted.
 */
export async function lockFolder(dataDir: string): Promise<FolderLock | Held> {
  const path = join(dataDir, 'lock')
  const file = openSync(path, 'a+', 0o600)
  const kernel = await flock(file)
  const holder = kernel === 'held' ? await nameHolder(path) : runningHolder(path)
  if (kernel === 'held' || holder) {
    closeSync(file)
    return { heldBy: holder?.pid }
  }
  ftruncateSync(file)
  writeSync(file, JSON.stringify(markOf(process.pid)))
  let open = true
  return {
    async release() {
      if (!open) return
      open = false
      ftruncateSync(file)
      closeSync(file)
    },
  }
}

function flock(file: number): Promise<'ours' | 'held' | 'unsupported'> {
  if (process.platform !== 'linux') return Promise.resolve('unsupported')
  return new Promise((resolve) => {
    const child = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] })
    child.on('error', () => resolve('unsupported'))
    // flock(1): 1 is a conflict; above that (65, 71) the file system cannot lock.
    child.on('close', (code) => resolve(code === 0 ? 'ours' : code === 1 ? 'held' : 'unsupported'))
  })
}

/** Who holds it writes itself in right after locking: for a moment the file is empty or names the one before. */
async function nameHolder(path: string): Promise<ProcessMark | undefined> {
  let holder: ProcessMark | undefined
  await until(() => {
    holder = runningHolder(path)
    return holder !== undefined
  }, 1000)
  return holder
}

function runningHolder(path: string): ProcessMark | undefined {
  const text = readFileSync(path, 'utf8')
  if (!/^\{.*\}$/.test(text)) return undefined
  const mark = JSON.parse(text) as ProcessMark
  return isRunning(mark) ? mark : undefined
}
