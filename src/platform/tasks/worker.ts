import { v4 as uuid } from 'uuid'
import type { Clock } from '../clock/clock.ts'
import { type Db, isOutage } from '../database/database.ts'
import { describeError } from '../log/describe-error.ts'
import type { Log } from '../log/log.ts'
import { tasksDone } from '../metrics/metrics.ts'
import { type Claimed, claim, LEASE_SECONDS, renew } from './claim.ts'
import { LateWorker, putBack } from './finish.ts'
import type { Wakeups } from './wakeups.ts'

/** Does the work with no transaction open and finishes it in one of its own, through `finish`. Throws only for a bug or an outage of ours. */
export type Handler = (task: Claimed) => Promise<void>

export interface WorkerOptions {
  readonly db: Db
  readonly clock: Clock
  readonly wakeups: Wakeups
  readonly log: Log
  readonly handlers: Readonly<Record<string, Handler>>
  /** Tasks that run at the same time in this process. */
  readonly slots: number
}

export interface RunningWorker {
  stop(): Promise<void>
}

/** Whatever is due is found within this time although every wake-up was lost (Redis away, another process died). */
const SWEEP_MS = 2000
/** After which a failing task is dead: 1, 2, 4, … seconds apart, capped at 5 minutes, some 20 minutes in all. */
const MAX_ATTEMPTS = 12

export function startWorker(options: WorkerOptions): RunningWorker {
  const { db, clock, wakeups, log, handlers, slots } = options
  const held = new Map<string, Claimed>()
  const running = new Set<Promise<void>>()
  let pumping = false
  let askedAgain = false
  let stopped = false

  async function run(task: Claimed): Promise<void> {
    held.set(task.id, task)
    try {
      const handler = handlers[task.kind]
      if (handler === undefined) throw new Error(`no handler for tasks of kind ${task.kind}`)
      await handler(task)
      tasksDone.inc({ kind: task.kind, result: 'done' })
    } catch (error) {
      tasksDone.inc({ kind: task.kind, result: 'failed' })
      await failed(task, error)
    } finally {
      held.delete(task.id)
    }
  }

  async function failed(task: Claimed, error: unknown): Promise<void> {
    if (error instanceof LateWorker) return void log.warn({ task: task.kind, ref: task.ref }, 'task.late')
    // With the database away nothing can be put back and nobody is to blame: the lease runs out and the task comes again.
    if (isOutage(error)) return void log.warn({ task: task.kind, ref: task.ref, err: error }, 'task.outage')
    const dead = task.attempts >= MAX_ATTEMPTS
    log.error({ task: task.kind, ref: task.ref, attempts: task.attempts, dead, err: error }, 'task.failed')
    const due = dead ? undefined : new Date(clock.now().getTime() + Math.min(2 ** (task.attempts - 1), 300) * 1000)
    const { type, message, cause } = describeError(error)
    await putBack(db, task, due, [`${type}: ${message}`, ...(cause ? [cause.message] : [])].join('\n')).catch(
      (err: unknown) => log.warn({ task: task.kind, ref: task.ref, err }, 'task.outage'),
    )
  }

  async function pump(): Promise<void> {
    askedAgain = true
    if (pumping) return
    pumping = true
    try {
      while (askedAgain && !stopped && running.size < slots) {
        askedAgain = false
        const free = slots - running.size
        const tasks = await claim(db.$client, clock.now(), free, uuid())
        if (tasks.length === free) wakeups.kick(1) // there may be more than fits here: let another process look too
        for (const task of tasks) {
          const work = run(task).finally(() => {
            running.delete(work)
            void pump()
          })
          running.add(work)
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'claim.failed')
    } finally {
      pumping = false
    }
  }

  const unlisten = wakeups.listen(() => void pump())
  const sweep = setInterval(() => void pump(), SWEEP_MS)
  const renewal = setInterval(
    () => {
      if (held.size > 0)
        renew(db.$client, [...held.values()]).catch((err: unknown) => log.warn({ err }, 'lease.failed'))
    },
    (LEASE_SECONDS * 1000) / 3,
  )
  // What web processes add by themselves (`read`) needs its lane; a limit that somebody set stays.
  db.$client
    .query('insert into lane (name) select unnest($1::text[]) on conflict do nothing', [Object.keys(handlers)])
    .catch((err: unknown) => log.warn({ err }, 'lanes.failed'))
    .finally(() => void pump())

  return {
    stop: async () => {
      stopped = true
      clearInterval(sweep)
      await unlisten()
      await Promise.allSettled(running)
      clearInterval(renewal)
    },
  }
}
