import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '../../platform/database/database.ts'
import { accountRules } from '../tables/index.ts'

const whole = (least: number, fallback: number, most: number) => z.int().min(least).max(most).default(fallback)

/**
 * Rules for accounts. The defaults are those of TCVN 14423:2026, level 3 (5.5.2.2, 5.6.2.2 to 5.6.2.4, 5.8.2.1), and of Nghị định 333/2026, Điều 16
 * khoản 6 (logs); a deployment can be stricter, never looser.
 */
export const AccountRules = z.strictObject({
  minLength: whole(8, 8, 64).describe('Characters of a password beside a second factor'),
  minLengthAlone: whole(14, 14, 64).describe('Characters without one; then also of four classes'),
  remember: whole(10, 10, 24).describe('Passwords before this one that may not come again'),
  itPasswordMonths: whole(1, 2, 2).describe('Months after which IT changes its password'),
  failures: whole(1, 5, 5).describe('Wrong passwords or codes one after another that lock an account'),
  lockHours: whole(12, 12, 720).describe('For how long'),
  idleMinutes: whole(1, 15, 15).describe('Without a request, until a session asks for the password again'),
  itIdleMinutes: whole(1, 5, 5).describe('The same for IT'),
  sessionHours: whole(1, 12, 12).describe('From signing in to signing in again'),
  idleAccountDays: whole(1, 45, 45).describe('Without signing in, until an account is disabled'),
  logMonths: whole(12, 12, 120).describe('How long the security log is kept'),
  revealsPerHour: whole(1, 30, 1000).describe('Reporters that one officer may look at in an hour'),
})
export type AccountRules = z.output<typeof AccountRules>

export async function rulesOf(db: Db | Tx): Promise<AccountRules> {
  const [kept] = await db.select().from(accountRules).where(eq(accountRules.id, 'this'))
  return AccountRules.parse(kept?.body ?? {})
}
