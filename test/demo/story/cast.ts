import type { Citizen, Person, Province } from '../../regulations/support/province.ts'
import type { Does, Script } from './script.ts'

/** Who plays in a story, once they have come on. */
export interface Cast {
  readonly province: Province
  readonly script: Script
  readonly citizens: Map<string, Citizen>
  /** How many notices of each citizen were read out already. */
  readonly read: Map<string, number>
}

/** The first one's: a story tells of one case. */
export const codeOf = ({ citizens }: Cast): string => [...citizens.values()][0]!.code
export const caseOf = (cast: Cast) => cast.province.caseOf(codeOf(cast))

export function agencyOf({ province, script }: Cast, name: string): string {
  return province.agency(script.agencies[name]!)
}

/** Does it over the API, as the person or software that it says; throws where it was not done. */
export async function act(cast: Cast, does: Does): Promise<void> {
  const { province, script, citizens } = cast
  if ('report' in does) {
    citizens.set(does.report, await province.report(script.citizens[does.report]!))
    return
  }
  if ('rate' in does) return done(await citizens.get(does.rate)!.rate(does.value, does.why))
  if ('office' in does) return province.office(agencyOf(cast, does.office)).says(codeOf(cast), does.says, does.text)
  const agency = does.of === undefined ? undefined : agencyOf(cast, does.of)
  const person = province.officer(does.officer, agency)
  done(await person.post(await pathOf(cast, does.operation, agency), await bodyOf(cast, person, does)))
}

async function pathOf(cast: Cast, operation: string, agency: string | undefined): Promise<string> {
  const { id, assignments } = await caseOf(cast)
  const share = assignments.findLast(({ agencyId }) => agencyId === agency)
  return share === undefined ? `/cases/${id}/${operation}` : `/assignments/${share.id}/${operation}`
}

async function bodyOf(cast: Cast, person: Person, does: Extract<Does, { officer: unknown }>): Promise<object> {
  const { agency, ...said } = does.body
  // Signs in again where they were away since.
  if (does.photo === true) await person.get('/session')
  return {
    ...said,
    ...(typeof agency === 'string' && { agencyId: agencyOf(cast, agency) }),
    ...(does.photo === true && { upload: await person.photo() }),
  }
}

function done({ status, body }: { readonly status: number; readonly body: unknown }): void {
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
}
