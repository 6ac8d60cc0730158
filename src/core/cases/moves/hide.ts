import { eq } from 'drizzle-orm'
import type { Ports } from '../../act.ts'
import { OWNERS_ROLE, tellOfficers } from '../../duty/tell-officers.ts'
import { mayEverywhere } from '../../people/may.ts'
import type { Officer } from '../../people/officer.ts'
import { cases } from '../../tables/index.ts'
import { masked } from '../masked.ts'
import { onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'

interface Hiding {
  readonly caseId: string
  readonly version: number
  readonly why: string
}

interface OnGround extends Hiding {
  /** One of the profile's grounds of hiding. */
  readonly ground: string
}

/** Out of public view, and of nothing else: clocks go on, and its supervisors are told at once, with ground and reason (Quyết định 663/QĐ-UBND, Điều 9). */
export function hideCase(
  ports: Ports,
  officer: Officer,
  { why, ground, ...on }: OnGround,
): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.hide', move: 'hide' }, async (a, { root, rules }) => {
    const { hiding } = rules
    if (hiding === undefined) return refuse({ refused: 'forbidden' })
    if (root.hiddenAt !== null) refuse({ refused: 'not-now', status: root.status })
    if (!mayEverywhere(officer, 'case.hide') && !hiding.by.includes('agency')) refuse({ refused: 'forbidden' })
    if (!hiding.grounds.includes(ground)) refuse({ refused: 'invalid', field: 'ground', problem: 'not-in-profile' })
    const hiddenWhy = await masked(a, root.id, why)
    await a.tx.update(cases).set({ hiddenAt: a.at, hiddenBy: officer.actor, hiddenWhy }).where(eq(cases.id, root.id))
    a.record({ of: 'case', id: root.id }, 'case.hidden', { ground, why: hiddenWhy })
    for (const owner of hiding.supervisedBy)
      await tellOfficers(
        a,
        { toRole: OWNERS_ROLE[owner], agencyId: null },
        { event: 'hidden', caseId: root.id, values: { ground, why: hiddenWhy } },
      )
  })
}

export function showCaseAgain(ports: Ports, officer: Officer, { why, ...on }: Hiding): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.publish', move: 'show' }, async (a, { root }) => {
    if (root.hiddenAt === null) refuse({ refused: 'not-now', status: root.status })
    await a.tx.update(cases).set({ hiddenAt: null, hiddenBy: null, hiddenWhy: null }).where(eq(cases.id, root.id))
    a.record({ of: 'case', id: root.id }, 'case.shown', { why: await masked(a, root.id, why) })
  })
}
