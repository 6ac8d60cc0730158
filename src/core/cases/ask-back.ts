import { eq } from 'drizzle-orm'
import { saysNothing } from '../../normalize/greeting.ts'
import type { Act } from '../act.ts'
import { happenedTo } from '../deadlines/happened-to.ts'
import { contactOf } from '../intake/open-sealed.ts'
import { tell } from '../notices/tell.ts'
import { waysTo } from '../notices/ways.ts'
import { missingOf } from '../profile/missing.ts'
import type { ProfileVersion } from '../profile/profile.ts'
import { cases, reports, submissions } from '../tables/index.ts'
import { type Case, type Report, settle } from './hold.ts'

interface AskingBack {
  readonly rules: ProfileVersion
  /** Of the case and of those joined into it. */
  readonly reports: readonly Report[]
  /** Nothing in them leads to a unit, and that is what the case wants. */
  readonly unplaced: boolean
}

/**
 * Asks reporters for exactly what the rules demand and their report lacks, each once, where a message reaches them. True where the case waits for
 * what they say; what is urgent never does. The caller holds the case.
 */
export async function askBack(a: Act, own: Case, { rules, reports: all, unplaced }: AskingBack): Promise<boolean> {
  const asks = rules.report.insufficient.do === 'ask-back' || (unplaced && rules.routing.unknown.ask === 'place')
  if (!asks) return false
  const placed = all.some(saysWhere)
  let holds = false
  for (const report of all) {
    if (report.follows !== null || report.askedFor !== null || !(await isReached(a, report))) continue
    const missing = missingOf(rules, {
      content: !saysNothing(report.folded),
      place: !placed ? 'nothing' : unplaced ? 'said' : 'known',
      contact: await contactOf(a.tx, a.ports.secrets, report.reporterId),
    })
    if (missing.length === 0) continue
    await a.tx.update(reports).set({ askedFor: missing, askedAt: a.at }).where(eq(reports.id, report.id))
    a.record({ of: 'case', id: own.id }, 'case.asked-back', { report: report.id, for: missing })
    await tell(a, [report], { event: 'asked', about: 'by the rules', values: { missing: missing.join(' ') } })
    holds ||= missing.some((what) => rules.report.insufficient.holds.includes(what))
  }
  if (!holds || own.urgent) return false
  await a.tx.update(cases).set({ askedAt: a.at }).where(eq(cases.id, own.id))
  await happenedTo(a, 'case.asked-back', { case: own })
  await settle(a, own.id)
  return true
}

const saysWhere = ({ lat, address, readings }: Report): boolean =>
  lat !== null || address !== null || readings['unit'] !== undefined

/** A question that only stands in a view, or comes long after, is none: then an officer asks, as whoever took a call did. */
async function isReached(a: Act, report: Report): Promise<boolean> {
  if (a.ports.channels.get(report.channel)?.attended === true) return false
  const { first } = await waysTo(a, report)
  if (first.every(({ sourceId }) => sourceId === null)) return false
  const [own] = await a.tx
    .select({ quiet: submissions.quiet })
    .from(submissions)
    .where(eq(submissions.id, report.submissionId))
  return !own!.quiet
}
