import { eq } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { cases } from '../tables/index.ts'
import { type Case, settle } from './hold.ts'

/** The case waits for an officer, with the reason: a key of `locales/*\/case.json`. The caller holds the case. */
export async function waitFor(a: Act, own: Case, reason: string): Promise<void> {
  if (own.waitingFor === reason) return
  await a.tx.update(cases).set({ waitingFor: reason }).where(eq(cases.id, own.id))
  a.record({ of: 'case', id: own.id }, 'case.waiting', { reason })
  await settle(a, own.id)
}
