import type { Act } from '../act.ts'
import { rulesOf } from '../profile/of-case.ts'
import { type Clocks, type Happening, happened } from './clocks.ts'
import type { Event } from './events.ts'
import { factsOf } from './facts-of.ts'
import type { Facts } from './rule.ts'
import { clockRules } from './rules-of.ts'

/** An event of a case, by the rules of its own profile version; facts that its row holds need not be given. */
export async function happenedTo(
  a: Act,
  event: Event,
  of: Omit<Happening, 'rules' | 'facts'> & { readonly facts?: Facts },
): Promise<Clocks> {
  return happened(a, event, {
    ...of,
    rules: clockRules(await rulesOf(a.ports, of.case)),
    facts: { ...factsOf(of.case, of.assignment), ...of.facts },
  })
}
