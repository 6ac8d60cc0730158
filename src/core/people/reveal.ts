import { and, count, eq, gt } from 'drizzle-orm'
import type { Contact } from '../../channels/channel.ts'
import { mask } from '../../normalize/mask.ts'
import { clean } from '../../normalize/text.ts'
import { type Act, act, type Ports } from '../act.ts'
import { assignmentsOf, familyOf, hold, type Report, rootOf } from '../cases/hold.ts'
import { identityOpenTo } from '../cases/known-to.ts'
import { contactOf, openItem } from '../intake/open-sealed.ts'
import { reports, securityLog, submissions, users } from '../tables/index.ts'
import { logSecurity, type Source } from './log.ts'
import { demand, may, mayEverywhere } from './may.ts'
import type { Officer } from './officer.ts'
import { rulesOf } from './rules.ts'
import { seesCase } from './scope.ts'

export interface Identity extends Contact {
  /** The place as they wrote it, which can be where they live. */
  readonly address?: string
}

const HOUR = 3600_000
const REVEALED = 'identity.revealed'

/**
 * Who sent a report, to an officer in charge (Quyết định 4874/QĐ-UBND, Điều 9 khoản 1): to triage always, to an agency where the identity is open to
 * its share. The reason stands in the case's history and in the security log, both without anything of the reporter. `secret`: not to this agency.
 */
export async function revealReporter(
  ports: Ports,
  officer: Officer,
  { reportId, why }: { readonly reportId: string; readonly why: string },
  source: Source,
): Promise<Identity | 'missing' | 'secret' | 'too-many'> {
  demand(officer, 'identity.reveal')
  return act(ports, { ...officer, unrecorded: true }, async (a) => {
    const [report] = await a.tx.select().from(reports).where(eq(reports.id, reportId))
    if (report === undefined || !(await seesCase(a.tx, officer, report.caseId))) return 'missing'
    if (!(await isOpenTo(a, officer, report))) return 'secret'
    if (await hasLookedOften(a, officer)) return 'too-many'
    const identity = await identityOf(a, report)
    // A reason names a person easily.
    const said = mask(clean(why), identity)
    await hold(a.tx, [report.caseId])
    a.record({ of: 'case', id: report.caseId }, REVEALED, { report: report.id, why: said })
    await logSecurity(a.tx, a.at, {
      ...{ event: REVEALED, actor: officer.actor, source },
      detail: { report: report.id, case: report.caseId, why: said },
    })
    return identity
  })
}

/** Through any share of an agency of theirs. */
async function isOpenTo({ tx }: Act, officer: Officer, report: Report): Promise<boolean> {
  if (mayEverywhere(officer, 'identity.reveal')) return true
  const shares = await assignmentsOf(tx, await familyOf(tx, await rootOf(tx, report.caseId)))
  for (const { id, agencyId, endedAt } of shares)
    if (endedAt === null && may(officer, 'identity.reveal', { agencyId }) && (await identityOpenTo(tx, report, id)))
      return true
  return false
}

/** One officer's looks come one after another: two at once are two. */
async function hasLookedOften({ tx, at }: Act, { id, actor }: Officer): Promise<boolean> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, id)).for('update')
  const { revealsPerHour } = await rulesOf(tx)
  const [looks] = await tx
    .select({ count: count() })
    .from(securityLog)
    .where(
      and(
        eq(securityLog.actor, actor),
        gt(securityLog.at, new Date(at.getTime() - HOUR)),
        eq(securityLog.event, REVEALED),
      ),
    )
  return looks!.count >= revealsPerHour
}

/** Empty once erased. */
async function identityOf({ tx, ports }: Act, report: Report): Promise<Identity> {
  const contact = await contactOf(tx, ports.secrets, report.reporterId)
  const [submission] = await tx.select().from(submissions).where(eq(submissions.id, report.submissionId))
  const address = submission && (await openItem(tx, ports.secrets, submission))?.item.address
  return { ...contact, ...(address !== undefined && { address }) }
}
