import { expect } from 'vitest'
import { done } from '../support/done.ts'
import {
  type Answer,
  type CaseSeen,
  type Citizen,
  hour,
  type Person,
  type Province,
  type ReportForm,
} from '../support/province.ts'

/** Beside those that ship: a team of the centre that keeps lamps, drains and trees. */
export const AGENCIES = [
  { id: 'doi-chieu-sang', code: 'H29.99.01', name: 'Đội Chiếu sáng công cộng số 1', from: '2023-10-26' },
]
export const TEAM = 'doi-chieu-sang'
export const LIGHTS = 'hcmc-ha-tang-ky-thuat'
export const OFFICE = 'hcmc-van-phong'
export const OPERATOR = 'hcmc-van-hanh-1022'
export const WARD = 'hcmc-25747'

let people = 0
/** All that Điều 5 demands. */
export const report = (p: Province, form: ReportForm = {}): Promise<Citizen> =>
  p.report({ email: `nguoi${++people}@example.vn`, ...form })

/** A lamp, a pipe: goes to its unit without a person. */
export const failure = (p: Province, form: ReportForm = {}): Promise<Citizen> =>
  report(p, { category: 'infrastructure', field: 'lighting', ...form })

/** Of the second kind: the call taker says whose it is. */
export async function dispatched(p: Province, agencyId = WARD, form: ReportForm = {}): Promise<Citizen> {
  const citizen = await report(p, { category: 'society', ...form })
  await done(p.officer('triage').post(`/cases/${(await p.caseOf(citizen.code)).id}/assign`, { agencyId }))
  return citizen
}

/** Not done, because this was missing or wrong. */
export async function lacks(answer: Promise<Answer>, field: string): Promise<void> {
  const { status, body } = await answer
  expect({ status, fields: body.errors?.map((e: { field: string }) => e.field) }, JSON.stringify(body)).toEqual({
    status: 422,
    fields: [field],
  })
}

/** Clocks of a step, oldest first, with their hours in Vietnam. */
export const clocks = (seen: CaseSeen, step: string) =>
  seen.deadlines
    .filter((d) => d.step === step)
    .map(({ agencyId, startedAt, dueAt, state, missedAt }) => ({
      ...{ agencyId, state, missed: missedAt !== null },
      from: hour(startedAt),
      due: hour(dueAt),
    }))

/** What waits to be sent as a text message, oldest first. */
export const textMessages = (seen: CaseSeen, code: string) => {
  const own = seen.reports.find((one) => one.code === code)
  return seen.notices
    .filter(({ reportId, channel }) => reportId === own?.id && channel === 'sms')
    .map(({ event, state, createdAt }) => ({ event, state, at: hour(createdAt) }))
}

/** The share that is not ended, of the agency. */
export async function shareOf(p: Province, code: string, agencyId: string): Promise<string> {
  const shares = (await p.caseOf(code)).assignments.filter((s) => s.agencyId === agencyId)
  const live = shares.findLast(({ state }) => !['answered', 'returned', 'forwarded', 'withdrawn'].includes(state))
  if (live === undefined) throw new Error(`${agencyId} has no share in ${code}: ${JSON.stringify(shares)}`)
  return live.id
}

/** An agency's officer at work on its share of a case. */
export function at(p: Province, code: string, agencyId: string) {
  const officer: Person = p.officer('agency', agencyId)
  return {
    officer,
    says: async (operation: string, body: object = {}): Promise<Answer> =>
      officer.post(`/assignments/${await shareOf(p, code, agencyId)}/${operation}`, body),
  }
}

/** The call taker tells the reporters what an agency found out. */
export const tellResult = async (p: Province, code: string, text: string): Promise<void> =>
  done(p.officer('triage').post(`/cases/${(await p.caseOf(code)).id}/reply`, { text }))
