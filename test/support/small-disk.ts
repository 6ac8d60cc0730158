import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** A file system of a few megabytes, which no other process sees unless it is told the path, or runs inside. */
export interface SmallDisk {
  /** From outside. */
  readonly path: string
  /** What a command has to begin with to run where the disk is, and the disk's path there. */
  readonly inside: readonly string[]
  readonly pathInside: string
  /** Leaves so many bytes of it free. */
  fill(leave: number): Promise<void>
  /** Gives it more room than the product asks for, as an operator does. */
  enlarge(): Promise<void>
  remove(): void
}

const MOUNTED_AT = '/mnt'

/** In memory, in a mount namespace of its own; from outside it is reached through the process that keeps the namespace. */
export async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const script = `mount -t tmpfs -o size=${megabytes}m,mode=700 tmpfs ${MOUNTED_AT} && echo mounted && exec sleep infinity`
  const keeper = spawn('unshare', ['-rm', 'setpriv', '--pdeathsig', 'KILL', '--', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(keeper, 'exit').then(([code]) =>
    Promise.reject(new Error(`no small disk: unshare ended with ${code}`)),
  )
  await Promise.race([once(createInterface(keeper.stdout), 'line'), gone])
  gone.catch(() => undefined)
  const path = `/proc/${keeper.pid}/root${MOUNTED_AT}`
  const inside = ['nsenter', `--target=${keeper.pid}`, '--user', '--mount', '--preserve-credentials', '--']
  return {
    path,
    inside,
    pathInside: MOUNTED_AT,
    fill: async (leave) => {
      const { bavail, bsize } = await statfs(path)
      await writeFile(join(path, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leave)))
    },
    enlarge: async () => {
      const [enter = '', ...there] = inside
      await promisify(execFile)(enter, [...there, 'mount', '-o', 'remount,size=1g', MOUNTED_AT])
    },
    remove: () => void keeper.kill('SIGKILL'),
  }
}
