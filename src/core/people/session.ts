import { and, eq, isNull, ne, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import { sessions, userRoles, users } from '../tables/index.ts'
import type { Role } from '../words.ts'
import { logSecurity, type Source } from './log.ts'
import { agenciesOf, type Officer } from './officer.ts'
import { type AccountRules, rulesOf } from './rules.ts'
import type { User } from './tries.ts'

/**
 * What a session still waits for, `open` being nothing: the password again after a pause, the code of the second factor, that a second factor is
 * set up, that the password is changed. Asked in this order.
 */
export type SessionState = 'idle' | 'second-step' | 'must-enrol' | 'must-change' | 'open'

export interface Session {
  readonly id: string
  readonly state: SessionState
  readonly user: User
  readonly officer: Officer
  readonly endsAt: Date
  /** Minutes without a request until it asks for the password. */
  readonly idleMinutes: number
}

export const SESSION_PREFIX = 'pahts_'
const MINUTE = 60_000
/** Not each request writes; the pause counts from at most this much too early. */
const TOUCH_AFTER = 30_000

export const sessionHash = ({ secrets }: Pick<Ports, 'secrets'>, token: string): Buffer =>
  secrets.index('session', token)

/** Whose session a token opens; undefined where it is none, or has ended. Somebody was here: its pause begins anew. */
export async function knownSession(ports: Ports, token: string): Promise<Session | undefined> {
  const { db, clock } = ports
  const [found] = await db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.hash, sessionHash(ports, token)), isNull(sessions.endedAt), eq(users.state, 'active')))
  if (found === undefined) return undefined
  const known = await describe(ports, found)
  if (known === undefined) return undefined
  if (known.state !== 'idle' && clock.now().getTime() - found.session.lastSeenAt.getTime() >= TOUCH_AFTER)
    await touch(ports, known)
  return known
}

async function describe(
  { db, clock }: Pick<Ports, 'db' | 'clock'>,
  { session, user }: { readonly session: typeof sessions.$inferSelect; readonly user: User },
): Promise<Session | undefined> {
  const now = clock.now().getTime()
  const rules = await rulesOf(db)
  const endsAt = new Date(session.createdAt.getTime() + rules.sessionHours * 60 * MINUTE)
  if (endsAt.getTime() <= now) return undefined
  const officer = await officerOf(db, user.id)
  const isIt = officer.roles.includes('it')
  const idleMinutes = isIt ? rules.itIdleMinutes : rules.idleMinutes
  const state =
    now - session.lastSeenAt.getTime() >= idleMinutes * MINUTE
      ? 'idle'
      : user.totpSecret !== null && session.secondStepAt === null
        ? 'second-step'
        : isIt && user.totpSecret === null
          ? 'must-enrol'
          : user.mustChange || (isIt && isOld(user, rules, now))
            ? 'must-change'
            : 'open'
  return { id: session.id, state, user, officer, endsAt, idleMinutes }
}

/** TCVN 14423:2026, 5.6.2.2: IT changes its password every two months. */
function isOld({ passwordSetAt }: User, { itPasswordMonths }: AccountRules, now: number): boolean {
  const due = new Date(passwordSetAt ?? 0)
  due.setUTCMonth(due.getUTCMonth() + itPasswordMonths)
  return due.getTime() <= now
}

async function officerOf(tx: Db | Tx, userId: string): Promise<Officer> {
  const rows = await tx.select().from(userRoles).where(eq(userRoles.userId, userId))
  const roles = [...new Set(rows.map(({ role }) => role))] satisfies Role[]
  const kept = [...new Set(rows.flatMap(({ agencyId }) => (agencyId === '' ? [] : [agencyId])))]
  return { id: userId, actor: `user:${userId}`, roles, agencies: agenciesOf(kept) }
}

/** Somebody is here. */
export async function touch({ db, clock }: Pick<Ports, 'db' | 'clock'>, { id, user }: Session): Promise<void> {
  const lastSeenAt = clock.now()
  await db.update(sessions).set({ lastSeenAt }).where(eq(sessions.id, id))
  await db.update(users).set({ lastSeenAt }).where(eq(users.id, user.id))
}

/** Signs out. */
export async function endSession({ db, clock }: Ports, { id, officer }: Session, source: Source): Promise<void> {
  const at = clock.now()
  await db.update(sessions).set({ endedAt: at }).where(eq(sessions.id, id))
  await logSecurity(db, at, { event: 'session.ended', actor: officer.actor, source })
}

/** Each of a user's, or each but one. */
export async function endSessions(tx: Tx, userId: string, at: Date, but?: string): Promise<void> {
  await tx
    .update(sessions)
    .set({ endedAt: at })
    .where(
      and(eq(sessions.userId, userId), isNull(sessions.endedAt), but === undefined ? undefined : ne(sessions.id, but)),
    )
}

/** Sessions that ended a day ago, by themselves too; called by the sweep. */
export async function forgetSessions({ db, clock }: Pick<Ports, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - 24 * 60 * MINUTE)
  await db.execute(sql`delete from ${sessions} where ${sessions.createdAt} < ${before}`)
}
