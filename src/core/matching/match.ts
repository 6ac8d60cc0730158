import { eq } from 'drizzle-orm'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { type Case, holdOne, type Report } from '../cases/hold.ts'
import { completed } from '../cases/moves/ask.ts'
import { waitFor } from '../cases/wait-for.ts'
import { versionOn } from '../profile/profile.ts'
import { cases, reports } from '../tables/index.ts'
import { joinCases } from './join.ts'
import { bestMatch, candidatesOf, placeOf } from './look.ts'

/**
 * Write, then look: the report was committed by the task before this one, so of two that arrive in the same second on two machines the one that
 * looks second sees the other. Whoever finds the pair, the join itself decides once.
 */
export async function match(ports: Ports, task: Claimed): Promise<void> {
  const { db } = ports
  const [report] = await db.select().from(reports).where(eq(reports.id, task.ref))
  const [own] = await db.select().from(cases).where(eq(cases.id, report!.caseId))
  const found = await sameMatter(ports, report!, own!)
  failpoint('match.after-look')
  const survivor = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const joined = found && (await joinCases(a, { one: own!.id, other: found.caseId, why: found.why }))
    // What goes on from a matter that is closed is for an officer: it may be thanks, it may be a complaint.
    if (joined === undefined && found?.why === 'thread') await waitFor(a, await holdOne(a, own!.id), 'after-answer')
    if (joined !== undefined && found?.why === 'thread') await completed(a, joined)
    a.later({ kind: 'route', ref: joined ?? own!.id })
    await finishing(a, task)
    return joined
  })
  failpoint('match.after-commit')
  ports.log.info({ report: report!.id, joined: survivor ?? null, why: found?.why ?? null }, 'report.matched')
}

interface SameMatter {
  readonly caseId: string
  /** Key of the sentence that explains it, with what it rests on. */
  readonly why: string
}

async function sameMatter(ports: Ports, report: Report, own: Case): Promise<SameMatter | undefined> {
  const { db } = ports
  // An officer decides whether it belongs to the case that it names.
  if (report.beside !== null) return undefined
  if (report.follows !== null) {
    const [followed] = await db.select({ caseId: reports.caseId }).from(reports).where(eq(reports.id, report.follows))
    return { caseId: followed!.caseId, why: 'thread' }
  }
  const { profile } = await ports.profiles.get(own.profile)
  const rules = versionOn(profile, report.receivedAt).repeats.matching
  const found = bestMatch({ folded: report.folded, ...placeOf(report) }, await candidatesOf(db, report, rules), rules)
  return found && { caseId: found.caseId, why: `${found.why} ${Math.round(found.similarity * 100)}` }
}
