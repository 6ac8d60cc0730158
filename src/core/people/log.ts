import { and, desc, eq, gt, gte, isNull, lt, sql } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { type PageAsked, pageOf } from '../page.ts'
import { securityLog } from '../tables/index.ts'
import { demand } from './may.ts'
import type { Officer } from './officer.ts'

/** From where a request came; undefined by the command line. */
export type Source = string | undefined

export interface Happened {
  /** `session.opened`, `access.refused`, `user.added`, `identity.revealed`, … */
  readonly event: string
  /** As histories name them, `stranger` where nobody is known. */
  readonly actor: string
  readonly source: Source
  /** Ids and words of ours: never a password, a token, or anything of a reporter. */
  readonly detail?: (typeof securityLog.$inferInsert)['detail']
}

/** A line of the security log; in the caller's transaction where what it tells of may be rolled back. */
export async function logSecurity(
  tx: Tx | Db,
  at: Date,
  { event, actor, source, detail = {} }: Happened,
): Promise<void> {
  await tx.insert(securityLog).values({ id: uuid(), at, event, actor, source: source ?? null, detail })
}

/** The same, unless it was said within the last minute: what strangers cause must not fill the disk. */
export async function logOnceAMinute({ db, clock }: Pick<Ports, 'db' | 'clock'>, happened: Happened): Promise<void> {
  const now = clock.now()
  const { event, actor, source } = happened
  const [said] = await db
    .select({ id: securityLog.id })
    .from(securityLog)
    .where(
      and(
        eq(securityLog.actor, actor),
        gt(securityLog.at, new Date(now.getTime() - 60_000)),
        eq(securityLog.event, event),
        source === undefined ? isNull(securityLog.source) : eq(securityLog.source, source),
      ),
    )
    .limit(1)
  if (said === undefined) await logSecurity(db, now, happened)
}

export interface LogAsked extends PageAsked {
  readonly event?: string | undefined
  readonly actor?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** Newest first. */
export async function listLog({ db }: Pick<Ports, 'db'>, officer: Officer, asked: LogAsked) {
  demand(officer, 'log.read')
  const { id, at, event, actor } = securityLog
  const rows = await db
    .select()
    .from(securityLog)
    .where(
      and(
        asked.after === undefined ? undefined : lt(id, asked.after),
        asked.event === undefined ? undefined : eq(event, asked.event),
        asked.actor === undefined ? undefined : eq(actor, asked.actor),
        asked.from === undefined ? undefined : gte(at, asked.from),
        asked.to === undefined ? undefined : lt(at, asked.to),
      ),
    )
    .orderBy(desc(id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}

/** What is older than it must be kept; called by the sweep. */
export async function forgetLog({ db, clock }: Pick<Ports, 'db' | 'clock'>, months: number): Promise<void> {
  await db.execute(
    sql`delete from ${securityLog} where ${securityLog.at} < ${clock.now()}::timestamptz - make_interval(months => ${months})`,
  )
}
