import { and, eq, gte, isNull, lte, or } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { assignmentsOf, type Case, familyOf, hold, type Report, reportsOf, settle } from '../cases/hold.ts'
import { openDelivery } from '../delivery/open.ts'
import { dayInVietnam } from '../profile/profile.ts'
import { agencies, assignments, cases } from '../tables/index.ts'
import { type PlaceSaid, unitFor } from './unit-for.ts'

/** What an officer must settle stands in the way; routing by itself comes again when they have. */
const FOR_AN_OFFICER = new Set(['returned', 'office-rejected'])

/** By place, to the unit in charge at this moment (Quyết định 663/QĐ-UBND, Điều 6). Waits for the match step and for nothing else. */
export async function route(ports: Ports, task: Claimed): Promise<void> {
  const { known } = await ports.units.get()
  failpoint('route.before-commit')
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const [own] = await hold(a.tx, [task.ref])
    const family = await familyOf(a.tx, task.ref)
    const taken = (await assignmentsOf(a.tx, family)).some((s) => s.state !== 'returned')
    if (own!.joinedTo === null && !taken && !FOR_AN_OFFICER.has(own!.waitingFor ?? '')) {
      const found = unitFor((await reportsOf(a.tx, family)).map(placeSaid), dayInVietnam(a.at), known)
      if (typeof found === 'string') await wait(a, own!, found)
      else {
        const agency = await agencyOf(a, found.unit.code)
        if (agency === undefined) await wait(a, own!, 'no-agency')
        else {
          await a.tx
            .update(cases)
            .set({ unitCode: found.unit.code, unitFrom: found.unit.from })
            .where(eq(cases.id, own!.id))
          await assign(a, own!, { agencyId: agency, how: found.how })
        }
      }
    }
    await finishing(a, task)
  })
  failpoint('route.after-commit')
}

/** Gives a case to an agency as its lead; the caller holds the case. */
export async function assign(
  a: Act,
  own: Case,
  to: { readonly agencyId: string; readonly how: string; readonly passedFrom?: string },
): Promise<void> {
  const [assignment] = await a.tx
    .insert(assignments)
    .values({
      id: uuid(),
      caseId: own.id,
      agencyId: to.agencyId,
      role: 'lead',
      state: 'open',
      assignedAt: a.at,
      ...(to.passedFrom !== undefined && { passedFrom: to.passedFrom }),
    })
    .returning()
  await a.tx.update(cases).set({ waitingFor: null, routedAt: a.at }).where(eq(cases.id, own.id))
  a.record({ of: 'case', id: own.id }, 'case.assigned', {
    assignment: assignment!.id,
    agency: to.agencyId,
    how: to.how,
  })
  await openDelivery(a, { assignment: assignment!, kind: 'case', urgent: own.urgent })
  await settle(a, own.id)
}

async function wait(a: Act, own: Case, reason: string): Promise<void> {
  if (own.waitingFor === reason) return
  await a.tx.update(cases).set({ waitingFor: reason }).where(eq(cases.id, own.id))
  a.record({ of: 'case', id: own.id }, 'case.waiting', { reason })
  await settle(a, own.id)
}

async function agencyOf(a: Act, unitCode: string): Promise<string | undefined> {
  const day = dayInVietnam(a.at)
  const [agency] = await a.tx
    .select({ id: agencies.id })
    .from(agencies)
    .where(
      and(
        eq(agencies.unitCode, unitCode),
        lte(agencies.validFrom, day),
        or(isNull(agencies.validTo), gte(agencies.validTo, day)),
      ),
    )
    .limit(1)
  return agency?.id
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
