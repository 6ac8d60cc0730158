import { eq } from 'drizzle-orm'
import { act, type Ports } from '../act.ts'
import { sessions, users } from '../tables/index.ts'
import { logSecurity, type Source } from './log.ts'
import { hashPassword, isPassword, type Weak, weaknessOf } from './password.ts'
import { rulesOf } from './rules.ts'
import { endSessions, type Session } from './session.ts'
import { newTotpSecret, totpUri } from './totp.ts'
import { takeCode, totpContext, tryPassword } from './tries.ts'

/** Their own: known by the one in force. Every other session of theirs ends. */
export async function changePassword(
  ports: Ports,
  { id, user, officer }: Session,
  { current, next, source }: { readonly current: string; readonly next: string; readonly source: Source },
): Promise<Weak | 'wrong' | undefined> {
  if (!(await tryPassword(ports, user, current, source))) return 'wrong'
  const rules = await rulesOf(ports.db)
  const weak = weaknessOf(next, rules, user.totpSecret !== null)
  if (weak !== undefined) return weak
  const kept = [user.passwordHash, ...user.oldHashes].filter((hash) => hash !== null)
  for (const old of kept.slice(0, rules.remember)) if (await isPassword(old, next)) return { weak: 'password-used' }
  const passwordHash = await hashPassword(next)
  await act(ports, officer, async (a) => {
    await a.tx
      .update(users)
      .set({ passwordHash, oldHashes: kept.slice(0, rules.remember), passwordSetAt: a.at, mustChange: false })
      .where(eq(users.id, user.id))
    await endSessions(a.tx, user.id, a.at, id)
    a.record({ of: 'user', id: user.id }, 'user.password-changed')
    await logSecurity(a.tx, a.at, { event: 'user.password-changed', actor: officer.actor, source })
  })
  return undefined
}

export interface Enrolling {
  /** Base32, to be typed; shown once. */
  readonly secret: string
  /** `otpauth://…`, to be shown as a QR code. */
  readonly uri: string
}

/** A second factor, or another one in its place; it holds from its first code on. */
export async function enrol(
  ports: Ports,
  { user }: Session,
  { password, source }: { readonly password: string; readonly source: Source },
): Promise<Enrolling | 'wrong'> {
  if (!(await tryPassword(ports, user, password, source))) return 'wrong'
  const secret = newTotpSecret()
  const totpPending = ports.secrets.sealSetting(secret, totpContext(user.id))
  await ports.db.update(users).set({ totpPending }).where(eq(users.id, user.id))
  return { secret, uri: totpUri(secret, user.login) }
}

export async function confirmEnrolment(
  ports: Ports,
  { id, user, officer }: Session,
  { code, source }: { readonly code: string; readonly source: Source },
): Promise<boolean> {
  const { totpPending } = user
  if (totpPending === null || !(await takeCode(ports, user, { sealed: totpPending, code }))) return false
  await act(ports, officer, async (a) => {
    await a.tx.update(users).set({ totpSecret: totpPending, totpPending: null }).where(eq(users.id, user.id))
    await a.tx.update(sessions).set({ secondStepAt: a.at }).where(eq(sessions.id, id))
    await endSessions(a.tx, user.id, a.at, id)
    a.record({ of: 'user', id: user.id }, 'user.second-factor-set')
    await logSecurity(a.tx, a.at, { event: 'user.second-factor-set', actor: officer.actor, source })
  })
  return true
}
