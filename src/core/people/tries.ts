import { eq, sql } from 'drizzle-orm'
import type { Ports } from '../act.ts'
import { users } from '../tables/index.ts'
import { logOnceAMinute, logSecurity, type Source } from './log.ts'
import { isPassword } from './password.ts'
import { type AccountRules, rulesOf } from './rules.ts'
import { stepOf } from './totp.ts'

export type User = typeof users.$inferSelect

/** As kept and compared: what a person types with a capital is the same login. */
export const foldLogin = (login: string): string => login.trim().normalize('NFC').toLowerCase()

const NOBODY = '00000000-0000-4000-8000-000000000000'
const HOUR = 3600_000

/** Is it their password? The same work and the same answer where nobody is asked, and while the account is locked. */
export function tryPassword(ports: Ports, user: User | undefined, given: string, source: Source): Promise<boolean> {
  const open = user?.state === 'active'
  return oneTry(ports, user, source, async () => (await isPassword(user?.passwordHash, given)) && open)
}

/** Is it the code of now? Then it is used up. */
export function tryCode(ports: Ports, user: User, code: string, source: Source): Promise<boolean> {
  return oneTry(ports, user, source, async () => {
    if (user.totpSecret === null) return false
    return takeCode(ports, user, { sealed: user.totpSecret, code })
  })
}

/** Of two that show the same code at once, one is taken. */
export async function takeCode(
  { db, secrets, clock }: Ports,
  { id, totpStep }: User,
  { sealed, code }: { readonly sealed: Buffer; readonly code: string },
): Promise<boolean> {
  const step = stepOf(secrets.openSetting(sealed, totpContext(id)), code, clock.now(), totpStep)
  if (step === undefined) return false
  const taken = await db
    .update(users)
    .set({ totpStep: step })
    .where(sql`${users.id} = ${id} and (${users.totpStep} is null or ${users.totpStep} < ${step})`)
    .returning({ id: users.id })
  return taken.length === 1
}

export const totpContext = (userId: string): string => `user-totp:${userId}`

/**
 * Counted before it is judged, so that a thousand at once are no more than five. What was right is given back, no more: until both steps are done
 * (`forgiveTries`), who has a password alone does not get new codes to guess by signing in again.
 */
async function oneTry(
  ports: Ports,
  user: User | undefined,
  source: Source,
  isRight: () => Promise<boolean>,
): Promise<boolean> {
  const { db, clock } = ports
  const now = clock.now()
  const rules = await rulesOf(db)
  const tries = await takeTry(ports, user?.id ?? NOBODY)
  const open = tries !== undefined && tries <= rules.failures
  const right = (await isRight()) && open
  if (right) {
    await db
      .update(users)
      .set({ failedTries: sql`greatest(0, ${users.failedTries} - 1)` })
      .where(eq(users.id, user!.id))
    return true
  }
  const actor = user === undefined ? 'stranger' : `user:${user.id}`
  if (!open) await logOnceAMinute(ports, { event: 'session.refused', actor, source })
  else await logSecurity(db, now, { event: 'session.refused', actor, source, detail: { tries } })
  if (open && tries === rules.failures) await lock(ports, user!, { rules, source })
  return false
}

/** How many there are with this one; undefined while the account is locked, and of nobody. A lock that is over begins anew. */
async function takeTry({ db, clock }: Ports, userId: string): Promise<number | undefined> {
  const now = clock.now()
  const [tried] = await db
    .update(users)
    .set({
      failedTries: sql`case when ${users.lockedUntil} is null then ${users.failedTries} + 1 else 1 end`,
      lockedUntil: null,
    })
    .where(sql`${users.id} = ${userId} and (${users.lockedUntil} is null or ${users.lockedUntil} <= ${now})`)
    .returning({ tries: users.failedTries })
  return tried?.tries
}

async function lock(
  { db, clock }: Ports,
  { id }: User,
  { rules, source }: { readonly rules: AccountRules; readonly source: Source },
): Promise<void> {
  const until = new Date(clock.now().getTime() + rules.lockHours * HOUR)
  await db.update(users).set({ lockedUntil: until }).where(eq(users.id, id))
  await logSecurity(db, clock.now(), {
    ...{ event: 'user.locked', actor: `user:${id}`, source },
    detail: { until: until.toISOString() },
  })
}

/** Both steps were right. */
export async function forgiveTries({ db }: Pick<Ports, 'db'>, userId: string): Promise<void> {
  await db.update(users).set({ failedTries: 0 }).where(eq(users.id, userId))
}
