import type { z } from 'zod'
import type { CaseView } from '../../src/http/contract/staff.ts'
import type { DemoReport } from './report.ts'
import type { Sent } from './sent.ts'

/** What can be seen from outside of one report: by its reporter, by staff, at the exchange. */
export interface Row {
  readonly name: string
  readonly channel: DemoReport['channel']
  readonly sent: number
  /** Status of the portal's answer or of that to a provider's call, or code of the mail server's. */
  readonly reply: number | null
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
  readonly documentId: string | null
  /** In that document. */
  readonly photos: number
  readonly answer: string | null
  /** In the view of who used the portal, as letters to who wrote a mail, in Messenger, as text messages. */
  readonly notices: readonly string[]
  /** What they read on their telephone, but for the link. */
  readonly replies: readonly string[]
  /** Replies under their comment. */
  readonly publicly: number
  readonly inView: readonly string[]
  readonly errors: readonly { readonly field: string; readonly message: string }[]
  readonly aside: { readonly state: string; readonly reason: string } | null
}

const UNSEEN = {
  reply: null,
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
  documentId: null,
  photos: 0,
  answer: null,
  notices: [],
  replies: [],
  publicly: 0,
  inView: [],
  errors: [],
  aside: null,
} as const satisfies Partial<Row>

export function unsent(report: DemoReport): Row {
  return { name: report.name, channel: report.channel, sent: timesOf(report), ...UNSEEN }
}

function timesOf(report: DemoReport): number {
  switch (report.channel) {
    case 'portal':
      return report.times ?? 1
    case 'sms':
      return report.parts.length
    case 'hotline':
      return 2 // That it rings, and what was said.
    default:
      return 1
  }
}

/** Before anybody else is asked. */
export function seenBySender({ report, reply, accepted, problem }: Sent): Row {
  return { ...unsent(report), reply, code: accepted?.code ?? null, errors: problem?.errors ?? [] }
}

/** A joined report is told as an addition, unless it was there before its case went out. */
export function seenByStaff(
  own: z.output<typeof CaseView>,
  joined: boolean,
  agencies: ReadonlyMap<string, string>,
): Partial<Row> {
  const assignment = own.assignments.at(-1)
  const byKind = (kind: string) => own.deliveries.find((one) => one.kind === kind)
  const delivery = (joined ? byKind('addition') : undefined) ?? byKind('case')
  return {
    waitingFor: own.waitingFor,
    agency: assignment === undefined ? null : (agencies.get(assignment.agencyId) ?? assignment.agencyId),
    delivery: delivery?.state ?? null,
    deliveryKind: delivery?.kind ?? null,
    deliveryId: delivery?.id ?? null,
    documentId: delivery?.documentId ?? null,
    answer: assignment?.answer ?? null,
  }
}
