import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Ports } from '../act.ts'
import { sessions, users } from '../tables/index.ts'
import { logSecurity, type Source } from './log.ts'
import { rulesOf } from './rules.ts'
import { knownSession, SESSION_PREFIX, type Session, sessionHash, touch } from './session.ts'
import { foldLogin, forgiveTries, tryCode, tryPassword, type User } from './tries.ts'
import { isAsleep } from './users.ts'

export interface SignedIn {
  /** Shown once; kept as a keyed hash. */
  readonly token: string
  readonly session: Session
}

/**
 * The first step. Unknown, wrong, locked, disabled and idle for too long are one answer, after the same work: nobody learns by it which logins
 * there are.
 */
export async function signIn(
  ports: Ports,
  { login, password }: { readonly login: string; readonly password: string },
  source: Source,
): Promise<SignedIn | 'wrong'> {
  const { db, clock } = ports
  const [user] = await db
    .select()
    .from(users)
    .where(eq(users.login, foldLogin(login)))
  const right = await tryPassword(ports, user, password, source)
  if (user === undefined || !right || isAsleep(user, await rulesOf(db), clock.now())) return 'wrong'
  const token = `${SESSION_PREFIX}${randomBytes(24).toString('base64url')}`
  const at = clock.now()
  await db
    .insert(sessions)
    .values({ id: uuid(), hash: sessionHash(ports, token), userId: user.id, createdAt: at, lastSeenAt: at })
  if (user.totpSecret === null) await opened(ports, user, source)
  return { token, session: (await knownSession(ports, token))! }
}

/** The second step: the code of the authenticator. */
export async function giveCode(ports: Ports, session: Session, code: string, source: Source): Promise<boolean> {
  if (session.state !== 'second-step' || !(await tryCode(ports, session.user, code, source))) return false
  await ports.db.update(sessions).set({ secondStepAt: ports.clock.now() }).where(eq(sessions.id, session.id))
  await opened(ports, session.user, source)
  return true
}

async function opened(ports: Ports, { id }: User, source: Source): Promise<void> {
  const { db, clock } = ports
  await forgiveTries(ports, id)
  await db.update(users).set({ lastSeenAt: clock.now() }).where(eq(users.id, id))
  await logSecurity(db, clock.now(), { event: 'session.opened', actor: `user:${id}`, source })
}

/** After a pause: the password again. */
export async function unlockSession(
  ports: Ports,
  session: Session,
  password: string,
  source: Source,
): Promise<boolean> {
  if (!(await tryPassword(ports, session.user, password, source))) return false
  await touch(ports, session)
  return true
}
