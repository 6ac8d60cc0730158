import { readdirSync, readlinkSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { Installation } from './cluster.ts'
import { absent } from './layout.ts'
import type { PostgresPackage } from './packages.ts'
import { markOf, programOf, run, until } from './processes.ts'
import { type Refused, refuse } from './refused.ts'

/** What stands in `postmaster.pid`, which a server writes into its data folder while it lives. */
export interface Postmaster {
  readonly pid: number
  /** Line 8: `starting`, `ready`, `stopping`. */
  readonly status: string
}

export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(absent)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : undefined
}

/**
 * Clears what a killed process left behind; the caller holds the folder's lock, so whatever still runs belongs to nobody. A server is
 * stopped, never adopted: it may be half-way through its own shutdown, and nothing would end it with us.
 *
 * Then `postmaster.pid` goes. PostgreSQL only asks whether its pid answers signals, and so would refuse to start because of a zombie
 * (a container without an init process) or because the number now belongs to something else.
 */
export async function clearLeftover({ layout, found, log }: Installation): Promise<Refused | undefined> {
  const { cluster } = layout
  const old = await readPostmaster(cluster)
  const pids = await serverPids(cluster, old)
  if (pids.length > 0) {
    log(`waiting for the PostgreSQL of a run that was killed to stop (process ${pids.join(', ')})`)
    const gone = async () => (await serverPids(cluster, old)).length === 0
    // INT is a fast shutdown and may be writing a checkpoint; QUIT leaves recovery to the next start. Both lose nothing.
    if (old && pids.includes(old.pid)) await signal(found, old.pid, 'INT')
    if (!(await until(gone, 20_000))) {
      log('it is still there after 20 s: telling it to end at once')
      for (const pid of await serverPids(cluster, old)) await signal(found, pid, 'QUIT')
      if (!(await until(gone, 10_000))) {
        return refuse(
          `A PostgreSQL left over from a run that was killed does not stop (process ${pids.join(', ')}). ` +
            'End it, then start PAHT Hub again.',
        )
      }
    }
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true })
}

/** Windows has no signals; there PostgreSQL listens on a pipe that pg_ctl knows. That it is already gone is what was wanted. */
export async function signal(found: PostgresPackage, pid: number, name: 'INT' | 'QUIT'): Promise<void> {
  if (process.platform === 'win32') {
    await run(found.pgCtl, ['kill', name, String(pid)])
    return
  }
  try {
    process.kill(pid, `SIG${name}`)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause
  }
}

/**
 * Live servers of this folder: the postmaster and, where it was killed, its children that have not noticed yet. On Linux a server is
 * known by its working directory, which is its data folder, so no reused pid can mislead; elsewhere by `postmaster.pid` and its
 * program's name.
 */
async function serverPids(cluster: string, old: Postmaster | undefined): Promise<readonly number[]> {
  const candidates = process.platform === 'linux' ? workingIn(cluster) : old ? [old.pid] : []
  const live: number[] = []
  for (const pid of candidates) {
    if (markOf(pid) && (await programOf(pid)) === 'postgres') live.push(pid)
  }
  return live
}

function workingIn(folder: string): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === folder
    } catch {
      // Ended meanwhile, a zombie, or another user's: none of them is a server of ours.
      return false
    }
  })
}
