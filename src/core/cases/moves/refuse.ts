import { eq } from 'drizzle-orm'
import type { Act, Ports } from '../../act.ts'
import { happenedTo } from '../../deadlines/happened-to.ts'
import { tell } from '../../notices/tell.ts'
import { mayEverywhere } from '../../people/may.ts'
import type { Officer } from '../../people/officer.ts'
import type { ProfileVersion } from '../../profile/profile.ts'
import { cases } from '../../tables/index.ts'
import { masked } from '../masked.ts'
import { type Held, onCase } from '../operate.ts'
import { type Refused, refuse } from '../refused.ts'
import { withdrawAll } from './withdraw.ts'

export interface Refusing {
  readonly caseId: string
  readonly version: number
  /** In words for the reporter: every refusal has one. */
  readonly reason: string
  /** How to send it again, or which door is the right one; without it, in the words of the profile. */
  readonly guidance?: string | undefined
  /** Id of a ground of refusal, or of a matter that is out of scope. */
  readonly ground?: string | undefined
}

/** The matter will not be handled here: its reporters hear why and what they can do instead; whoever had it is told to stop. */
export function refuseCase(
  ports: Ports,
  officer: Officer,
  { reason, guidance, ground, ...on }: Refusing,
): Promise<Refused | undefined> {
  return onCase(ports, officer, { ...on, action: 'case.refuse', move: 'refuse' }, async (a, held) => {
    const { root, rules } = held
    if (!mayEverywhere(officer, 'case.refuse') && !rules.report.refuse.by.includes('agency'))
      refuse({ refused: 'forbidden' })
    const own = guidanceFor(rules, ground)
    const said = { reason: await masked(a, root.id, reason), guidance: await masked(a, root.id, guidance ?? own) }
    await endRefused(a, held, { ...said, ground: ground ?? null })
  })
}

/** Whoever refuses it: an officer, or the rules. The caller settles the case afterwards. */
export async function endRefused(
  a: Act,
  { root, reports, assignments }: Pick<Held, 'root' | 'reports' | 'assignments'>,
  { ground, ...said }: { readonly reason: string; readonly guidance: string; readonly ground: string | null },
): Promise<void> {
  // First: a clock that a refusal meets is kept, though its assignment ends with it.
  await happenedTo(a, 'case.refused', { case: root })
  await withdrawAll(a, root, assignments)
  await a.tx.update(cases).set({ refusedAt: a.at, askedAt: null, waitingFor: null }).where(eq(cases.id, root.id))
  a.record({ of: 'case', id: root.id }, 'case.refused', { ...said, ground })
  await tell(a, reports, { event: 'refused', about: String(root.round), values: said })
}

/** Where a matter that is out of scope belongs; how to send again what was not as it must be. Vietnamese, as all that an officer says to a reporter. */
function guidanceFor({ scope, report }: ProfileVersion, ground: string | undefined): string {
  const outside = scope.excluded.find(({ id }) => id === ground)
  if (outside !== undefined) return outside.guidance.vi
  if (ground !== undefined && !report.refuse.grounds.some(({ id }) => id === ground))
    refuse({ refused: 'invalid', field: 'ground', problem: 'not-in-profile' })
  return report.insufficient.guidance.vi
}
