import { inArray, sql } from 'drizzle-orm'
import { ensureMonth } from '../../platform/database/partitions.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { refuseUnanswered } from '../cases/unanswered.ts'
import { forgetTries } from '../notices/view.ts'
import { forgetLog } from '../people/log.ts'
import { rulesOf } from '../people/rules.ts'
import { forgetSessions } from '../people/session.ts'
import { disableAsleep } from '../people/users.ts'
import { files } from '../tables/index.ts'
import { forgetLargeFiles } from './large-files.ts'
import { forgetSenders } from './sender.ts'

const HOUR = 3600_000
/** Longer than any request may take, so nothing is swept from under one. */
const ORPHAN_AFTER = 24 * HOUR
/** Exchanges with offices are kept for the operator this long. */
const TRACE_DAYS = 30

/** Hourly: cases whose reporters never said what they were asked for, next month's partitions, orphaned files, old exchanges, tries of past hours, senders of past days, large files that no report took, sessions that ended, accounts that nobody uses, old lines of the security log. */
export async function sweepTask(ports: Ports, task: Claimed): Promise<void> {
  const now = ports.clock.now()
  await ensureMonth(ports.db, now)
  await ensureMonth(ports.db, new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)))
  await refuseUnanswered(ports)
  await forgetTries(ports)
  await forgetSenders(ports)
  await forgetLargeFiles(ports)
  await tidyAccounts(ports)
  await ports.db.execute(sql`delete from trace where at < ${new Date(now.getTime() - TRACE_DAYS * 24 * HOUR)}`)
  const { removed } = await ports.files.sweep({
    olderThan: new Date(now.getTime() - ORPHAN_AFTER),
    isReferenced: async (ids) => {
      const rows = await ports.db
        .select({ id: files.id })
        .from(files)
        .where(inArray(files.id, [...ids]))
      return new Set(rows.map((row) => row.id))
    },
  })
  ports.log.info({ removed }, 'files.swept')
  await act(ports, { actor: 'system', unrecorded: true }, (a) => finishing(a, task, new Date(a.at.getTime() + HOUR)))
}

async function tidyAccounts(ports: Ports): Promise<void> {
  const rules = await rulesOf(ports.db)
  await disableAsleep(ports, rules)
  await forgetSessions(ports)
  await forgetLog(ports, rules.logMonths)
}
