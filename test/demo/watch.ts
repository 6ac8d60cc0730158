import type { z } from 'zod'
import { listQuarantine } from '../../src/http/contract/intake.ts'
import { ReporterView } from '../../src/http/contract/reports.ts'
import { listAgencies } from '../../src/http/contract/settings.ts'
import { CaseView, listSubmissions, showCase } from '../../src/http/contract/staff.ts'
import { repliesIn, type Told } from './replies.ts'
import type { MailReport } from './report.ts'
import { type Row, seenBySender, seenByStaff } from './row.ts'
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'

/** A look at everything at once: over HTTP, into the inboxes and telephones of citizens, at the exchange. */
export interface Watch {
  look(sent: readonly Sent[]): Promise<Row[]>
  /** How many submissions the product counts in all. */
  submissions(): Promise<number>
  /** Agencies' names by their ids. */
  agencies(): Promise<ReadonlyMap<string, string>>
  staff<T extends z.ZodType>(path: string, reply: T): Promise<z.output<T>>
}

type Submissions = z.output<(typeof listSubmissions.reply)[200]>['items']
type NotTaken = z.output<(typeof listQuarantine.reply)[200]>['items']

/** What is asked for once a look. */
interface Seen {
  readonly submissions: Submissions
  readonly notTaken: NotTaken
  readonly agencies: ReadonlyMap<string, string>
  /** Photos in the exchange's documents, by DocumentId. */
  readonly photos: ReadonlyMap<string, number>
  told(sent: Sent): Told
}

const REQUEST_MS = 10_000

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
  const showOne = (id: string) => staff(showCase.url.replace(':id', id), CaseView)
  let known: Map<string, string> | undefined
  const agencies = async () =>
    (known ??= new Map((await staff(listAgencies.url, listAgencies.reply[200])).items.map((a) => [a.id, a.name])))

  /** By the code of its report: the case, its delivery, its answer. */
  async function withCase(row: Row, code: string, seen: Seen): Promise<Row> {
    const { caseId = null, survivorId = null } = seen.submissions.find((s) => s.code === code) ?? {}
    if (survivorId === null) return { ...row, caseId }
    const joined = survivorId !== caseId
    const found = { ...row, caseId, ...seenByStaff(await showOne(survivorId), joined, seen.agencies) }
    return { ...found, joinedTo: joined ? survivorId : null, photos: seen.photos.get(found.documentId ?? '') ?? 0 }
  }

  async function ofForm(sent: Sent, seen: Seen): Promise<Row> {
    const row = seenBySender(sent)
    if (sent.accepted === undefined) return row
    const { status, statusText, notices } = await get(sent.accepted.link, ReporterView)
    const viewed = { ...row, status, statusText, notices: notices.map(({ event }) => event) }
    return withCase(viewed, sent.accepted.code, seen)
  }

  /** Who wrote a mail learns by letter: the code, and where to look. */
  async function ofMail(sent: Sent, { from, mail }: MailReport, seen: Seen): Promise<Row> {
    const row = seenBySender(sent)
    if (mail.kind === 'reply') return row
    if (mail.kind !== 'letter') return { ...row, aside: listedAs(mail.kind, seen.notTaken) }
    const letters = (await stage.inboxes.of(from.address)).filter(({ inReplyTo }) => inReplyTo === sent.messageId)
    const [first] = letters
    if (first === undefined) return row
    const { status, statusText } = await get(first.link, ReporterView)
    const notices = letters.map(({ event }) => event)
    return withCase({ ...row, code: first.code, status, statusText, notices }, first.code, seen)
  }

  /** Who wrote a message, or called, learns by message: the code, and where to look. */
  async function ofMessage(sent: Sent, seen: Seen): Promise<Row> {
    const { privately, publicly } = seen.told(sent)
    const [first] = privately
    if (first === undefined) return seenBySender(sent)
    const { status, statusText, notices } = await get(first.link, ReporterView)
    const viewed = {
      ...{ ...seenBySender(sent), code: first.code, status, statusText },
      notices: privately.map(({ event }) => event),
      replies: [...privately.map(({ text }) => text), ...publicly],
      publicly: publicly.length,
      inView: notices.map(({ event }) => event),
    }
    return withCase(viewed, first.code, seen)
  }

  function ofSent(sent: Sent, seen: Seen): Promise<Row> {
    const { report } = sent
    if (report.channel === 'portal') return ofForm(sent, seen)
    return report.channel === 'mail' ? ofMail(sent, report, seen) : ofMessage(sent, seen)
  }

  /** Its sender gets no code; staff see it in the case that it joined. */
  async function ofReply(row: Row, { mail }: MailReport, { rows, seen }: { rows: readonly Row[]; seen: Seen }) {
    const caseId = mail.kind === 'reply' ? rows.find(({ name }) => name === mail.to)?.caseId : undefined
    if (mail.kind !== 'reply' || caseId == null) return row
    const { reports } = await showOne(caseId)
    const own = reports.find(({ text }) => text === mail.text)
    return own === undefined ? row : withCase(row, own.code, seen)
  }

  return {
    staff,
    agencies,
    submissions: async () => (await allSubmissions()).length,
    look: async (sent) => {
      const seen: Seen = {
        submissions: await allSubmissions(),
        notTaken: (await staff(`${listQuarantine.url}?limit=200`, listQuarantine.reply[200])).items,
        agencies: await agencies(),
        photos: await photosAtExchange(stage),
        told: await repliesIn(stage),
      }
      const rows = await Promise.all(sent.map((one) => ofSent(one, seen)))
      return Promise.all(
        rows.map((row, i) => {
          const { report } = sent[i]!
          return report.channel === 'mail' ? ofReply(row, report, { rows, seen }) : row
        }),
      )
    },
  }
}

/** The list names no sender; of each kind one was sent to the mailbox. */
function listedAs(kind: 'auto-reply' | 'nested', notTaken: NotTaken): Row['aside'] {
  const listed = notTaken.find(
    ({ sourceId, state }) => sourceId === 'mail' && state === (kind === 'nested' ? 'quarantined' : 'set-aside'),
  )
  return listed === undefined ? null : { state: listed.state, reason: listed.reasonText }
}

async function photosAtExchange({ exchange }: Stage): Promise<Map<string, number>> {
  const lines = await exchange.ledger()
  return new Map(
    lines.flatMap((line) =>
      line.line === 'sent' && line.messageType === 'edoc'
        ? [[line.documentId, line.files.filter(({ type }) => type.startsWith('image/')).length] as const]
        : [],
    ),
  )
}
