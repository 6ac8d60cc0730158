import { EventEmitter } from 'node:events'

/**
 * Wake-ups say "there is work", nothing more: the task table is the truth, so losing or doubling one is harmless.
 * Adapters: in this process (embedded), BullMQ on Redis (`bullmq.ts`, production).
 */
export interface Wakeups {
  /** Called after the commit that added the tasks; never throws and never waits for a queue that is away. */
  kick(tasks: number): void
  /** A worker listens; returns how to stop. */
  listen(pump: () => void): () => Promise<void>
  close(): Promise<void>
}

export function inProcessWakeups(): Wakeups {
  const bell = new EventEmitter()
  return {
    kick: () => void bell.emit('work'),
    listen: (pump) => {
      bell.on('work', pump)
      return async () => void bell.off('work', pump)
    },
    close: async () => void bell.removeAllListeners(),
  }
}
