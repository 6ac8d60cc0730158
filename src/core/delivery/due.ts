import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/database/database.ts'
import type { Ports } from '../act.ts'
import type { Assignment } from '../cases/hold.ts'
import { addWorkingDays } from '../deadlines/working-days.ts'
import { versionOn } from '../profile/profile.ts'
import { cases } from '../tables/index.ts'

/**
 * When an agency that has the case at `at` must answer: counted from then (Quyết định 663/QĐ-UBND, Điều 7 khoản 3), by the profile version of the
 * case. What an assignment was told once stays.
 */
export async function dueOf(tx: Tx, ports: Pick<Ports, 'profiles'>, assignment: Assignment, at: Date): Promise<Date> {
  if (assignment.dueAt !== null) return assignment.dueAt
  const [own] = await tx.select().from(cases).where(eq(cases.id, assignment.caseId))
  const { profile, calendar } = await ports.profiles.get(own!.profile)
  const { handle } = versionOn(profile, new Date(`${own!.profileFrom}T12:00:00+07:00`))
  return addWorkingDays(at, handle.workingDays, calendar).at
}
