import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

export type Db = NodePgDatabase<Record<string, never>> & { $client: pg.Pool }
/** A transaction: the compiler refuses the bare `Db` where one is due. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

export interface DatabaseOptions {
  readonly connection: pg.PoolConfig
  readonly poolSize: number
  readonly log: (error: Error) => void
}

/**
 * One pool. Limits are set so that a request notices a database that is away within 2 s (503, Retry-After) instead of hanging:
 * 1.5 s to get a connection, and the caller's own deadline for the rest.
 */
export function openDatabase({ connection, poolSize, log }: DatabaseOptions): Db {
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    connectionTimeoutMillis: 1500,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // A machine that stops in the middle of a transaction (frozen, unplugged) would keep its locks, and with them its tasks, from all others.
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'paht',
  })
  // A connection that breaks emits an error: by itself while it is lent out, by the pool while it is idle. Unheard, either ends the process
  // (node-postgres, Pool events). Listened to from its first moment on, a connection is logged once, however often it says so.
  pool.on('connect', (client) => client.once('error', log).on('error', () => undefined))
  pool.on('error', () => undefined)
  return drizzle(pool) as Db
}

const OUTAGE = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53100', // disk_full
  '53200', // out_of_memory
  '53300', // too_many_connections
  '25P03', // idle_in_transaction_session_timeout
  '25006', // read_only_sql_transaction: a primary that became a standby
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** Is the database away, full or restarting, rather than the statement wrong? Then waiting helps and the work is not to blame. */
export function isOutage(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, syscall } = e as { code?: unknown; syscall?: unknown }
    if (typeof code === 'string' && (OUTAGE.has(code) || code.startsWith('08'))) return true
    if (code === 'ENOENT' && syscall === 'connect') return true // the socket of a server that is down
    if (
      /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
        e.message,
      )
    )
      return true
  }
  return false
}

/** SQLSTATE 23505, and for which constraint. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint: found } = e as { code?: unknown; constraint?: unknown }
    if (code === '23505' && (constraint === undefined || found === constraint)) return true
  }
  return false
}

/** SQLSTATE 40P01 or 40001: the transaction was rolled back for another's sake and may simply run again. */
export function isDeadlock(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: unknown }
    if (code === '40P01' || code === '40001') return true
  }
  return false
}
