import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'

/** One run of one process. A pid alone may meanwhile belong to another, so where /proc exists the start time goes with it. */
export interface ProcessMark {
  readonly pid: number
  /** `<boot id>/<clock ticks since boot>`: ticks alone repeat after a reboot. */
  readonly started?: string
}

interface Where {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

export interface Outcome {
  /** null: killed by a signal, or never started. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Undefined when nothing runs under that pid; a zombie does not run. */
export function markOf(pid: number): ProcessMark | undefined {
  if (process.platform !== 'linux') return answersSignals(pid) ? { pid } : undefined
  const stat = readProc(`/proc/${pid}/stat`)
  // proc(5): the name, field 2, may hold spaces and brackets; state is field 3, starttime field 22.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return { pid, started: `${readProc('/proc/sys/kernel/random/boot_id')?.trim()}/${fields[19]}` }
}

/** True while that very run goes on, not merely some process with its number. */
export function isRunning(mark: ProcessMark): boolean {
  const now = markOf(mark.pid)
  return now !== undefined && now.started === mark.started
}

/** Name of the program that runs under a pid, such as `postgres`; undefined when nothing does. */
export async function programOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return readProc(`/proc/${pid}/comm`)?.trim()
  if (!answersSignals(pid)) return undefined
  const listed =
    process.platform === 'win32'
      ? await run('tasklist', ['/FO', 'CSV', '/NH', '/FI', `PID eq ${pid}`])
      : await run('ps', ['-o', 'comm=', '-p', String(pid)])
  return /postgres/.test(listed.stdout) ? 'postgres' : listed.stdout.trim()
}

/** Runs a program to its end. That it fails or does not exist is an outcome, with the reason in `stderr`, not an exception. */
export function run(command: string, args: readonly string[], where: Where = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { ...where, windowsHide: true }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : null) : 0
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') })
    })
  })
}

/** Looks every 10 ms; false when the limit (milliseconds) passed first. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const limit = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > limit) return false
    await pause(10)
  }
  return true
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    // EPERM: it runs, as another user.
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // ENOENT, ESRCH: it ended before or while we read.
    return undefined
  }
}
