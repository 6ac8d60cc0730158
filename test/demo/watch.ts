import type { z } from 'zod'
import { ReporterView } from '../../src/http/contract/reports.ts'
import { CaseView, listAgencies, listSubmissions, showCase } from '../../src/http/contract/staff.ts'
import type { Sent } from './send.ts'
import type { Stage } from './stage.ts'

/** What can be seen from outside of one report: by its reporter, by staff, at the office. */
export interface Row {
  readonly name: string
  readonly sent: number
  readonly http: number | null
  readonly code: string | null
  /** As the reporter's view says it; of a joined report it is that of the case that took it in. */
  readonly status: string | null
  readonly statusText: string | null
  readonly waitingFor: string | null
  /** The case that the report opened, and the one that took it in. */
  readonly caseId: string | null
  readonly joinedTo: string | null
  readonly agency: string | null
  readonly delivery: string | null
  readonly deliveryKind: string | null
  readonly deliveryId: string | null
  /** The number under which the office has it. */
  readonly officeRef: string | null
  readonly files: number
  readonly answer: string | null
  readonly notices: readonly string[]
  readonly errors: readonly { readonly field: string; readonly message: string }[]
}

type Case = z.output<typeof CaseView>
type Ledger = Awaited<ReturnType<Stage['office']['ledger']>>

const REQUEST_MS = 5000

const UNSEEN = {
  http: null,
  code: null,
  status: null,
  statusText: null,
  waitingFor: null,
  caseId: null,
  joinedTo: null,
  agency: null,
  delivery: null,
  deliveryKind: null,
  deliveryId: null,
  officeRef: null,
  files: 0,
  answer: null,
  notices: [],
  errors: [],
} as const satisfies Partial<Row>

export function unsent(report: Sent['report']): Row {
  return { name: report.name, sent: report.times ?? 1, ...UNSEEN }
}

/** A look at everything at once, over HTTP alone. */
export interface Watch {
  look(sent: readonly Sent[]): Promise<Row[]>
  /** How many submissions the product counts in all. */
  submissions(): Promise<number>
  staff<T extends z.ZodType>(path: string, reply: T): Promise<z.output<T>>
}

export function watch(stage: Stage, stop: AbortSignal): Watch {
  const get = async <T extends z.ZodType>(url: string, reply: T, headers = {}): Promise<z.output<T>> => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(REQUEST_MS)])
    const answer = await fetch(url, { headers: { 'accept-language': 'vi', ...headers }, signal })
    if (!answer.ok) throw new Error(`GET ${new URL(url).pathname} answered ${answer.status}`)
    return reply.parse(await answer.json())
  }
  const staff = <T extends z.ZodType>(path: string, reply: T) =>
    get(stage.url + path, reply, { authorization: `Bearer ${stage.token}` })
  const allSubmissions = async () => (await staff(`${listSubmissions.url}?limit=200`, listSubmissions.reply[200])).items
  let agencies: Map<string, string> | undefined

  return {
    staff,
    submissions: async () => (await allSubmissions()).length,
    look: async (sent) => {
      agencies ??= new Map((await staff(listAgencies.url, listAgencies.reply[200])).items.map((a) => [a.id, a.name]))
      const [submissions, ledger] = [await allSubmissions(), await stage.office.ledger()]
      return Promise.all(
        sent.map(async (one): Promise<Row> => {
          const row = seenBySender(one)
          if (one.accepted === undefined) return row
          const { status, statusText, notices } = await get(one.accepted.link, ReporterView)
          const { caseId = null, survivorId = null } = submissions.find((s) => s.code === row.code) ?? {}
          const joined = survivorId !== caseId
          const own = survivorId === null ? undefined : await staff(showCase.url.replace(':id', survivorId), CaseView)
          return {
            ...row,
            status,
            statusText,
            caseId,
            joinedTo: joined ? survivorId : null,
            notices: notices.map(({ event }) => event),
            ...(own && seenByStaff(own, joined, agencies!)),
            files: filesAtOffice(ledger, row.code),
          }
        }),
      )
    },
  }
}

/** Before anybody else is asked. */
export function seenBySender({ report, http, accepted, problem }: Sent): Row {
  return { ...unsent(report), http, code: accepted?.code ?? null, errors: problem?.errors ?? [] }
}

/** A joined report is told as an addition, unless it was there before its case went out. */
function seenByStaff(own: Case, joined: boolean, agencies: ReadonlyMap<string, string>): Partial<Row> {
  const assignment = own.assignments.at(-1)
  const byKind = (kind: string) => own.deliveries.find((one) => one.kind === kind)
  const delivery = (joined ? byKind('addition') : undefined) ?? byKind('case')
  return {
    waitingFor: own.waitingFor,
    agency: assignment === undefined ? null : (agencies.get(assignment.agencyId) ?? assignment.agencyId),
    delivery: delivery?.state ?? null,
    deliveryKind: delivery?.kind ?? null,
    deliveryId: delivery?.id ?? null,
    officeRef: delivery?.officeRef ?? null,
    answer: assignment?.answer ?? null,
  }
}

function filesAtOffice(ledger: Ledger, code: string | null): number {
  return ledger.find((held) => held.code === code && held.kind === 'case')?.files.length ?? 0
}
