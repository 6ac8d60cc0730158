import { setTimeout as pause } from 'node:timers/promises'
import { isRefused, type Refused } from './refused.ts'
import type { Server } from './server.ts'

/** Milliseconds between attempts: doubling from the first to the last. */
const FIRST_WAIT = 1000
const LAST_WAIT = 30_000

/**
 * Starts the server again whenever it ends by itself (the kernel's out-of-memory killer takes the largest process, which may be this
 * one), until `stop`. One server at a time is owned here, so a stop during a restart ends the new one too.
 */
export function keepRunning(
  first: Server,
  restart: () => Promise<Server | Refused>,
  log: (line: string) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const asked = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))

  async function watch(): Promise<void> {
    let server: Server | undefined = first
    while (server) {
      const end = await Promise.race([server.ended, asked])
      if (stopping.signal.aborted) return server.stop()
      log(`PostgreSQL (process ${server.pid}) ended by itself (${end}): starting it again`)
      server = await again()
    }
  }

  async function again(): Promise<Server | undefined> {
    for (let wait = FIRST_WAIT; !stopping.signal.aborted; wait = Math.min(wait * 2, LAST_WAIT)) {
      try {
        const server = await restart()
        if (!isRefused(server)) return server
        log(server.refused)
      } catch (cause) {
        log(`PostgreSQL could not be started again: ${cause instanceof Error ? cause.message : String(cause)}`)
      }
      // ref: a wait that `stop` cut short must not keep the process alive.
      await Promise.race([pause(wait, undefined, { ref: false }), asked])
    }
  }

  const watching = watch()
  return {
    stop() {
      stopping.abort()
      return watching
    },
  }
}
