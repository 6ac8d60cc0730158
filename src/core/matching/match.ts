import { eq } from 'drizzle-orm'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { type Act, act, finishing, type Ports } from '../act.ts'
import { type Case, holdOne, type Report } from '../cases/hold.ts'
import { completed } from '../cases/moves/ask.ts'
import { waitFor } from '../cases/wait-for.ts'
import { tellOfficers } from '../duty/tell-officers.ts'
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
  const isQuestion = report!.says === 'question'
  const survivor = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const joined =
      found && (await joinCases(a, { one: own!.id, other: found.caseId, why: found.why, tellsOffices: !isQuestion }))
    // What goes on from a matter that is closed is for an officer: it may be praise, it may be a complaint.
    if (joined === undefined && (found?.why === 'thread' || found?.why === 'officer'))
      await waitFor(a, await holdOne(a, own!.id), 'after-answer')
    if (joined !== undefined && isQuestion) await toldOfQuestion(a, joined, report!)
    else if (joined !== undefined && found?.why === 'thread') await completed(a, joined)
    a.later({ kind: 'route', ref: joined ?? own!.id })
    await finishing(a, task)
    return joined
  })
  failpoint('match.after-commit')
  ports.log.info({ report: report!.id, joined: survivor ?? null, why: found?.why ?? null }, 'report.matched')
}

/** How far it is, the intake knows or asks; the office that works on it is not disturbed. */
async function toldOfQuestion(a: Act, caseId: string, { code }: Report): Promise<void> {
  await tellOfficers(a, { toRole: 'triage', agencyId: null }, { event: 'question', caseId, values: { code } })
}

interface SameMatter {
  readonly caseId: string
  /** Key of the sentence that explains it, with what it rests on. */
  readonly why: string
}

async function sameMatter(ports: Ports, report: Report, own: Case): Promise<SameMatter | undefined> {
  const { db } = ports
  // An officer decides whether it belongs to the case that it stands beside.
  if (report.beside !== null) return report.says === 'same' ? { caseId: report.beside, why: 'officer' } : undefined
  if (report.follows !== null) {
    const [followed] = await db.select({ caseId: reports.caseId }).from(reports).where(eq(reports.id, report.follows))
    return { caseId: followed!.caseId, why: 'thread' }
  }
  const { profile } = await ports.profiles.get(own.profile)
  const rules = versionOn(profile, report.receivedAt).repeats.matching
  const found = bestMatch({ folded: report.folded, ...placeOf(report) }, await candidatesOf(db, report, rules), rules)
  return found && { caseId: found.caseId, why: `${found.why} ${Math.round(found.similarity * 100)}` }
}
