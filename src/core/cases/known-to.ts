import { and, eq, inArray } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import { consents } from '../tables/index.ts'
import type { Report } from './hold.ts'

/** May the agency of this assignment know who sent the report? Where nothing keeps them secret, or they said yes and have not taken it back. */
export async function identityOpenTo(tx: Tx | Db, report: Report, assignmentId: string): Promise<boolean> {
  if (!report.identitySecret) return true
  const [said] = await tx
    .select({ state: consents.state })
    .from(consents)
    .where(and(eq(consents.reportId, report.id), eq(consents.assignmentId, assignmentId)))
  return said?.state === 'given'
}

/** Was any agency told who reported? Where nothing keeps them secret, or where they said yes once: a yes that is taken back is not unheard. */
export async function isKnownToAgency(tx: Tx | Db, about: readonly Report[]): Promise<boolean> {
  if (about.some(({ identitySecret }) => !identitySecret)) return true
  const ids = about.map(({ id }) => id)
  const said = await tx
    .select({ id: consents.id })
    .from(consents)
    .where(and(inArray(consents.reportId, ids), inArray(consents.state, ['given', 'withdrawn'])))
    .limit(1)
  return said.length > 0
}
