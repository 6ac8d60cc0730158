import { eq } from 'drizzle-orm'
import { act, type Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { assign } from '../routing/route.ts'
import { agencies } from '../tables/index.ts'
import { assignmentsOf, familyOf, hold } from './hold.ts'

/** An officer gives a waiting case to an agency; refused when the case is not what they saw. */
export async function assignByHand(
  ports: Ports,
  actor: string,
  to: { readonly caseId: string; readonly agencyId: string; readonly version: number },
): Promise<Fault | undefined | { readonly stale: true } | { readonly missing: 'case' | 'agency' }> {
  return act(ports, { actor, unrecorded: true }, async (a) => {
    const [own] = await hold(a.tx, [to.caseId])
    if (own === undefined) return { missing: 'case' as const }
    const [agency] = await a.tx.select({ id: agencies.id }).from(agencies).where(eq(agencies.id, to.agencyId))
    if (agency === undefined) return { missing: 'agency' as const }
    const live = (await assignmentsOf(a.tx, await familyOf(a.tx, own.id))).some(
      (s) => s.state !== 'returned' && s.endedAt === null,
    )
    if (own.version !== to.version || own.joinedTo !== null) return { stale: true as const }
    if (live && own.waitingFor !== 'office-rejected') return fault('rejected', 'an agency has this case already')
    await assign(a, own, { agencyId: agency.id, how: 'by an officer' })
    return undefined
  })
}
