import type { Hub } from './hub.ts'
import { type Answer, type Citizen, hour, type ReportForm, type ReportSeen } from './province.ts'

/** Sends the portal's form. */
export function sendForm(hub: Hub, form: ReportForm): Promise<Answer> {
  return post(`${hub.url}/api/v1/reports`, form)
}

/** Whoever sent a report, with the link that they were given. */
export function citizenOf(
  hub: Hub,
  { code, key, phone, settled }: { code: string; key: string; phone: string; settled(): Promise<void> },
): Citizen {
  const url = (what = '') => `${hub.url}/api/v1/reports/${code}${what}?key=${key}`
  const view = async () => {
    const answer = await fetch(url(), { headers: { 'accept-language': 'vi' } })
    if (!answer.ok) throw new Error(`${code}: ${answer.status}`)
    return (await answer.json()) as ReportSeen
  }
  const say = async (what: string, body: object): Promise<Answer> => {
    const answer = await post(url(what), body)
    await settled()
    return answer
  }
  return {
    code,
    phone,
    view,
    told: async () => (await view()).notices.map(({ event, at, text }) => ({ event, at: hour(at), text })),
    add: (content) => say('/additions', { content }),
    rate: (value, why = '') => say('/rating', { value, why }),
    consent: async (yes) => {
      const asked = (await view()).consents.at(-1)
      if (asked === undefined) throw new Error(`${code}: nobody asked`)
      return say(`/consents/${asked.id}`, { yes })
    },
  }
}

async function post(url: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'accept-language': 'vi' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() }
}
