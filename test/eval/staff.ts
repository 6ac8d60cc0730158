import type { z } from 'zod'
import { listQuarantine } from '../../src/http/contract/intake.ts'
import { revealReporter } from '../../src/http/contract/people.ts'
import { CaseView, listSubmissions, showCase } from '../../src/http/contract/staff.ts'
import type { Deployment } from './deployment.ts'

export type Submission = z.output<(typeof listSubmissions.reply)[200]>['items'][number]
type Case = z.output<typeof CaseView>
export type Readings = Case['reports'][number]['readings']
export type Identity = z.output<(typeof revealReporter.reply)[200]>

/** The staff API, as an officer's program asks it. */
export interface Staff {
  submissions(newest: number): Promise<Submission[]>
  /** Of the newest that somebody sent and is no report: its id. What the page itself posts comes back as an echo. */
  setAside(): Promise<string | undefined>
  /** What was read of a report, as it stands now. */
  readings(submission: Submission): Promise<Readings | undefined>
  identity(reportId: string): Promise<Identity>
  /** True once everything that came is read and compared with what was there. */
  rests(): Promise<true | undefined>
}

export function staffOf({ url, token }: Pick<Deployment, 'url' | 'token'>): Staff {
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(url + path, {
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  return {
    submissions: async (newest) =>
      listSubmissions.reply[200].parse(await ask(`${listSubmissions.url}?limit=${newest}`)).items,
    setAside: async () =>
      listQuarantine.reply[200]
        .parse(await ask(`${listQuarantine.url}?limit=5&state=set-aside`))
        .items.find(({ reason }) => reason !== 'echo')?.id,
    readings: async ({ caseId, reportId }) => {
      if (caseId === null) return undefined
      const view = CaseView.parse(await ask(showCase.url.replace(':id', caseId)))
      return view.reports.find(({ id }) => id === reportId)?.readings
    },
    identity: async (reportId) =>
      revealReporter.reply[200].parse(await ask(revealReporter.url.replace(':id', reportId), { why: 'eval' })),
    rests: async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      return /^paht_tasks_open\{kind="(?:read|match|revise|fetch)"/m.test(metrics) ? undefined : true
    },
  }
}
