import { eq } from 'drizzle-orm'
import { failpoint } from '../../platform/failpoint.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
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
  const { profile } = await ports.profiles.get(own!.profile)
  const rules = versionOn(profile, report!.receivedAt).matching
  const found = bestMatch(
    { folded: report!.folded, ...placeOf(report!) },
    await candidatesOf(db, report!, rules),
    rules,
  )
  failpoint('match.after-look')
  const survivor = await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const why = found && `${found.why} ${Math.round(found.similarity * 100)}`
    const joined = found && why && (await joinCases(a, { one: own!.id, other: found.caseId, why }))
    a.later({ kind: 'route', ref: joined ?? own!.id })
    await finishing(a, task)
    return joined
  })
  failpoint('match.after-commit')
  ports.log.info({ report: report!.id, joined: survivor ?? null, why: found?.why ?? null }, 'report.matched')
}
