import { done } from '../support/done.ts'
import { type CaseSeen, hour, type Province, type ReportForm } from '../support/province.ts'

/** Pins well inside communes; the ordinary report lies in the first. */
export const HERE = 'UBND phường Điện Biên Phủ'
export const TUAN_GIAO: ReportForm = { lat: 21.62947, lng: 103.43035 }
/** Its office is behind the document exchange, the others take webhooks. */
export const THANH_YEN: ReportForm = { lat: 21.31962, lng: 102.93498 }
export const NOWHERE: ReportForm = { lat: undefined, lng: undefined }

/** The lead of a case as it is now. */
export function leadOf({ assignments }: CaseSeen) {
  const lead = assignments.findLast(({ role }) => role === 'lead')
  if (lead === undefined) throw new Error('nobody leads')
  return lead
}

/** One clock of a case, the last of its step: by when, and what became of it. */
export function clockOf({ deadlines }: CaseSeen, step: string) {
  const clock = deadlines.findLast((deadline) => deadline.step === step)
  if (clock === undefined) return undefined
  return { due: hour(clock.dueAt), state: clock.state, missed: clock.missedAt !== null }
}

/** Whose office is here, as its clerk and its leader. */
export const agencyHere = (p: Province) => p.officer('agency', p.agency(HERE))
export const leaderHere = (p: Province) => p.officer('leader', p.agency(HERE))
/** The leader whose word counts for every agency: the province's. */
export const provinceLeader = (p: Province) => p.officer('leader')
/** IOC Điện Biên. */
export const ioc = (p: Province) => p.officer('operator')

/** The agency here does its work at its desk, and its leader approves. */
export async function answerHere(p: Province, code: string, text: string): Promise<void> {
  const { id } = leadOf(await p.caseOf(code))
  await done(agencyHere(p).post(`/assignments/${id}/result`, { text }))
  await done(leaderHere(p).post(`/assignments/${id}/approve`))
}
