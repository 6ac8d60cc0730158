import { eq } from 'drizzle-orm'
import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import type { Report } from '../cases/hold.ts'
import { statusKnown } from '../clients/status-changed.ts'
import { rulesOf } from '../profile/of-case.ts'
import { cases, notices, submissions } from '../tables/index.ts'
import type { NoticeEvent } from '../words.ts'
import { senderOf, type Way, waysNamed, waysTo } from './ways.ts'

export interface Telling {
  readonly event: NoticeEvent
  /** What the event is about, where it can happen more than once: an assignment's id. */
  readonly about?: string
  /** What the sentence in `locales/*\/notice.json` is filled with; no personal data. */
  readonly values: Readonly<Record<string, string>>
  /** It stands in their view, and nothing goes out. */
  readonly quietly?: boolean
}

/**
 * Tells reporters on the channel that each came by, and on those that the decision names for the event; the same event is told once. A report
 * that follows another is silent: its sender hears by that one.
 */
export async function tell(a: Act, to: readonly Report[], telling: Telling): Promise<void> {
  for (const report of to) {
    if (report.follows !== null) continue
    const { first } = await waysTo(a, report)
    const named = await waysNamed(a, report, await kindsFor(a, report, telling.event))
    const more = named.filter(({ channel }) => first.every((way) => way.channel !== channel))
    const quiet = telling.quietly || (telling.event !== 'answer' && (await isQuiet(a, report)))
    await tellBy(a, report, { ...telling, ways: [...first, ...more], quiet })
  }
}

/** Kinds of channel by which the decision has the event told, beside that of origin. */
async function kindsFor(a: Act, report: Report, event: NoticeEvent): Promise<readonly string[]> {
  const [own] = await a.tx
    .select({ profile: cases.profile, profileFrom: cases.profileFrom })
    .from(cases)
    .where(eq(cases.id, report.caseId))
  const { notices: forms } = await rulesOf(a.ports, own!)
  return forms.flatMap((form) => (form.event === event ? form.by.filter((kind) => kind !== 'origin') : []))
}

/** Taken in long after it was sent: "we have received it" would only astonish. The view tells it all the same. */
async function isQuiet(a: Act, report: Report): Promise<boolean> {
  const [submission] = await a.tx
    .select({ quiet: submissions.quiet })
    .from(submissions)
    .where(eq(submissions.id, report.submissionId))
  return submission!.quiet
}

/** By these ways; what goes out gets a task, in the order of the report's notices. */
export async function tellBy(
  a: Act,
  report: Report,
  { event, about = '', values, ways, quiet }: Telling & { readonly ways: readonly Way[]; readonly quiet: boolean },
): Promise<void> {
  for (const { channel, sourceId, waits } of ways) {
    const goesOut = sourceId !== null || waits
    const program = sourceId !== null && senderOf(a, channel)?.attemptStatus !== undefined
    const state = !goesOut ? 'sent' : quiet ? 'skipped' : waits ? 'waiting' : 'due'
    const [fresh] = await a.tx
      .insert(notices)
      .values({
        ...{ id: uuid(), reportId: report.id, event, about, channel, sourceId, values, state },
        createdAt: a.at,
        status: program ? await statusKnown(a, report.id) : null,
        sentAt: state === 'sent' ? a.at : null,
      })
      .onConflictDoNothing()
      .returning({ id: notices.id })
    if (fresh !== undefined && state === 'due')
      a.later({ kind: 'notice', ref: fresh.id, lane: `source:${sourceId}`, orderedBy: `notices:${report.id}` })
  }
}
