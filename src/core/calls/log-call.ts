import { and, eq, inArray } from 'drizzle-orm'
import type { Answers, Submitted } from '../../channels/channel.ts'
import { act, type Ports } from '../act.ts'
import type { Accept, Accepted } from '../intake/accept.ts'
import { openItem } from '../intake/open-sealed.ts'
import type { Arrival } from '../intake/rows.ts'
import { markOf } from '../notices/token.ts'
import { demand } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { reports, submissionKeys, submissions } from '../tables/index.ts'
import { loggedTask } from './logged.ts'

/**
 * What an officer wrote down while somebody called: taken in as any report is, and remembered as theirs. Where the call centre has told of that
 * call before, it is a report that goes on from that one's: urgency and place count, and both are one case.
 */
export async function logCall(ports: Ports, accept: Accept, officer: Officer, arrival: Arrival): Promise<Accepted> {
  demand(officer, 'report.log')
  const taken = await take(ports, accept, arrival)
  if (taken.accepted !== 'other-content')
    await act(ports, { actor: officer.actor, unrecorded: true }, async (a) =>
      a.later(loggedTask(taken.submissionId, officer)),
    )
  return taken
}

async function take(ports: Ports, accept: Accept, arrival: Arrival): Promise<Accepted> {
  const own = await goingOn(ports, arrival)
  const taken = await accept(own ?? arrival)
  if (own !== undefined || taken.accepted !== 'other-content') return taken
  // The call centre told of it in this very moment.
  const meanwhile = await goingOn(ports, arrival)
  return meanwhile === undefined ? taken : accept(meanwhile)
}

/** The same as going on from what came of this call before; undefined where nothing did, or this itself. */
async function goingOn(ports: Ports, arrival: Arrival): Promise<Arrival | undefined> {
  const { item, source } = arrival
  const [, ...ofCall] = item.keys
  const call = await submissionUnder(ports, source.id, ofCall)
  if (call === undefined || call.item?.event === item.event) return undefined
  const keys = [`${item.event}:of-call`]
  // Sent again, it is the same although more is known by now of what it goes on from.
  const before = await submissionUnder(ports, source.id, keys)
  const answers = before?.item?.answers ?? (await answersOf(ports, call))
  return { ...arrival, item: { ...item, keys, answers } }
}

/** Its mark proves it; not read yet it has none, then its code names it. */
async function answersOf(ports: Ports, { id, code }: Known): Promise<Answers> {
  const [report] = await ports.db.select({ id: reports.id }).from(reports).where(eq(reports.submissionId, id))
  const mark = report && (await markOf(ports, report.id))
  return mark === undefined ? { tokens: [], codes: [code] } : { tokens: [mark], codes: [] }
}

interface Known {
  readonly id: string
  readonly code: string
  /** Undefined once it was erased. */
  readonly item: Submitted | undefined
}

async function submissionUnder(
  { db, secrets }: Ports,
  sourceId: string,
  keys: readonly string[],
): Promise<Known | undefined> {
  if (keys.length === 0) return undefined
  const hashes = keys.map((key) => secrets.index('submission', key))
  const [found] = await db
    .select({ submission: submissions })
    .from(submissionKeys)
    .innerJoin(submissions, eq(submissions.id, submissionKeys.submissionId))
    .where(and(eq(submissionKeys.sourceId, sourceId), inArray(submissionKeys.keyHash, hashes)))
    .limit(1)
  if (found === undefined) return undefined
  const { id, code } = found.submission
  return { id, code, item: (await openItem(db, secrets, found.submission))?.item }
}
