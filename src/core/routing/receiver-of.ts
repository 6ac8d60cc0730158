import type { Act } from '../act.ts'
import type { Case } from '../cases/hold.ts'
import { dayInVietnam } from '../day.ts'
import type { Routing } from '../profile/routing.ts'
import type { Gazetteer } from '../units/gazetteer.ts'
import type { Unit } from '../units/unit.ts'
import { agencyFor } from './agency-for.ts'
import { lineFor, type NoLine } from './line-for.ts'
import { type NoUnit, type PlaceSaid, unitFor } from './unit-for.ts'

export type Receiver = { readonly unit: Unit | undefined } & (
  | { readonly waits: NoUnit | NoLine }
  | { readonly agencyId: string; readonly how: string; readonly byOfficer: boolean }
)

/** Whose matter a case is at this moment, by what its reports say of their place and by its category; or why nobody can be told. */
export async function receiverOf(
  a: Act,
  own: Pick<Case, 'category' | 'field'>,
  by: {
    readonly said: readonly PlaceSaid[]
    readonly routing: Routing
    readonly province: string
    readonly known: Gazetteer
  },
): Promise<Receiver> {
  const day = dayInVietnam(a.at)
  const found = unitFor(by.said, day, by.known)
  const unit = typeof found === 'string' ? undefined : found.unit
  const line = lineFor(by.routing, own)
  if (typeof line === 'string') return { unit, waits: line }
  if (line.to === 'place' && typeof found === 'string') return { unit, waits: found }
  const at = { unitCode: unit?.code ?? by.province, day, known: by.known }
  const agencyId = await agencyFor(a.tx, line.to, at)
  if (agencyId === undefined) return { unit, waits: 'no-agency' }
  const how = line.to === 'place' && typeof found !== 'string' ? found.how : `function ${line.to}`
  return { unit, agencyId, how, byOfficer: line.dispatched === 'by-officer' }
}
