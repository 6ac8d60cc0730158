import { eq } from 'drizzle-orm'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { askBack } from '../cases/ask-back.ts'
import { assign } from '../cases/assign.ts'
import { assignmentsOf, type Case, familyOf, hold, ofThisRound, type Report, reportsOf } from '../cases/hold.ts'
import { caseCan } from '../cases/machine.ts'
import { waitFor } from '../cases/wait-for.ts'
import { waitsForContact } from '../contacts/verify.ts'
import { rulesOf } from '../profile/of-case.ts'
import { cases } from '../tables/index.ts'
import type { Gazetteer } from '../units/gazetteer.ts'
import { receiverOf } from './receiver-of.ts'
import { waitsForSilence } from './silence.ts'
import type { PlaceSaid } from './unit-for.ts'

/** What an officer must settle stands in the way; routing by itself comes again when they have. */
const FOR_AN_OFFICER = new Set([
  'held',
  'returned',
  'office-rejected',
  'beside-case',
  'same-or-new',
  'after-answer',
  'reopened',
])

/** By place, by category, or by both, as the profile says. Waits for the match step and for nothing else. */
export async function route(ports: Ports, task: Claimed): Promise<void> {
  const { known } = await ports.units.get()
  failpoint('route.before-commit')
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const [own] = await hold(a.tx, [task.ref])
    const family = await familyOf(a.tx, task.ref)
    const had = ofThisRound(own!, await assignmentsOf(a.tx, family)).some(({ role }) => role === 'lead')
    if (caseCan(own!.status, 'assign') && !had && !FOR_AN_OFFICER.has(own!.waitingFor ?? '')) {
      const all = await reportsOf(a.tx, family)
      const until = await waitsForSilence(a, own!, all)
      if (until !== undefined) return finishing(a, task, until)
      // Danger does not wait for a call back.
      if (!own!.urgent && (await waitsForContact(a, own!, all))) await waitFor(a, own!, 'unverified')
      else await send(a, own!, { reports: all, known })
    }
    await finishing(a, task)
  })
  failpoint('route.after-commit')
}

/** To its agency, or back to its reporters for what is missing, or into the list of those who must say whose it is; the caller holds the case. */
async function send(
  a: Act,
  own: Case,
  { reports, known }: { readonly reports: readonly Report[]; readonly known: Gazetteer },
): Promise<void> {
  const { profile } = await a.ports.profiles.get(own.profile)
  const rules = await rulesOf(a.ports, own)
  const { routing } = rules
  const said = reports.map(placeSaid)
  const found = await receiverOf(a, own, { said, known, routing, province: profile.province })
  const proposed = 'waits' in found ? null : found.agencyId
  await a.tx
    .update(cases)
    .set({ proposedAgencyId: proposed, ...(found.unit && { unitCode: found.unit.code, unitFrom: found.unit.from }) })
    .where(eq(cases.id, own.id))
  const unplaced = 'waits' in found && found.waits === 'no-place'
  if (await askBack(a, own, { rules, reports, unplaced })) return
  if ('waits' in found) await waitFor(a, own, found.waits)
  else if (found.byOfficer) await waitFor(a, own, 'to-dispatch')
  else await assign(a, own, { agencyId: found.agencyId, role: 'lead', how: found.how })
}

function placeSaid(report: Report): PlaceSaid {
  return {
    point: report.lat === null || report.lng === null ? undefined : { lat: report.lat, lng: report.lng },
    named: (report.readings['unit']?.candidates ?? []).map((candidate) => {
      const [code, from] = candidate.split('@') as [string, string]
      return { code, from }
    }),
  }
}
