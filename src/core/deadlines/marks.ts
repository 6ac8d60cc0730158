import type { Act } from '../act.ts'
import { familyOf, type Report, reportsOf, rootOf } from '../cases/hold.ts'
import { dayInVietnam } from '../day.ts'
import { startRing } from '../duty/ring.ts'
import { type Addressee, above, OWNERS_ROLE, tellOfficers } from '../duty/tell-officers.ts'
import { tell } from '../notices/tell.ts'
import type { Deadline } from './clocks.ts'
import type { Mark } from './rule.ts'
import type { SetMark } from './set-marks.ts'
import type { OnMark } from './tick.ts'

const GIVE: Readonly<Record<Mark['do'], OnMark>> = {
  remind: (a, deadline, mark) =>
    notify(a, deadline, {
      event: 'remind',
      mark,
      to: { toRole: OWNERS_ROLE[deadline.owner], agencyId: deadline.agencyId },
    }),
  escalate: (a, deadline, mark) =>
    notify(a, deadline, { event: 'escalate', mark, to: above(mark.level ?? 1, deadline.agencyId) }),
  ring: (a, { id, caseId }) => startRing(a, { caseId, deadlineId: id }),
  'tell-reporter': tellReporters,
}

/** What a mark of a rule does. */
export const giveMark: OnMark = (a, deadline, mark) => GIVE[mark.do](a, deadline, mark)

interface Notifying {
  readonly event: 'remind' | 'escalate'
  readonly mark: SetMark
  readonly to: Addressee
}

function notify(a: Act, deadline: Deadline, { event, mark, to }: Notifying): Promise<void> {
  const { id, caseId, step, source, dueAt } = deadline
  return tellOfficers(a, to, {
    ...{ event, caseId, deadlineId: id, level: mark.level ?? null },
    values: { step, source, due: dueAt.toISOString() },
  })
}

/** Past the time that the citizen could expect an answer in (Quyết định 663/QĐ-UBND, Điều 7 khoản 3): it is being handled. */
async function tellReporters(a: Act, deadline: Deadline, { notice = 'in-progress', when }: SetMark): Promise<void> {
  for (const report of await concerned(a, deadline))
    await tell(a, [report], {
      event: notice,
      about: `${deadline.id} ${when}`,
      values: { received: dayInVietnam(report.receivedAt) },
    })
}

/** A clock of the case itself is that of its own reporters; an agency's is of all whose cases were put together. */
async function concerned(a: Act, { caseId, reportId, assignmentId }: Deadline): Promise<Report[]> {
  const ids = assignmentId === null ? [caseId] : await familyOf(a.tx, await rootOf(a.tx, caseId))
  const all = await reportsOf(a.tx, ids)
  return reportId === null ? all : all.filter(({ id }) => id === reportId)
}
