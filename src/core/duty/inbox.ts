import { and, desc, eq, inArray, isNull, lt, or, type SQL } from 'drizzle-orm'
import { validate as isUuid } from 'uuid'
import { act, type Ports } from '../act.ts'
import { holdOne } from '../cases/hold.ts'
import type { Refused } from '../cases/refused.ts'
import { type PageAsked, type PageOf, pageOf } from '../page.ts'
import { isScoped } from '../people/may.ts'
import type { Officer } from '../people/officer.ts'
import { officerNotices } from '../tables/index.ts'
import { OFFICER_ROLES } from '../words.ts'

export type OfficerNotice = typeof officerNotices.$inferSelect

/** What officers are told about clocks and rings: what is for this officer, the newest first. */
export async function listOfficerNotices(
  { db }: Ports,
  officer: Officer,
  asked: PageAsked & { readonly unread?: boolean | undefined },
): Promise<PageOf<OfficerNotice>> {
  const rows = await db
    .select()
    .from(officerNotices)
    .where(
      and(
        forOfficer(officer),
        asked.after === undefined ? undefined : lt(officerNotices.id, asked.after),
        asked.unread === true ? isNull(officerNotices.readAt) : undefined,
      ),
    )
    .orderBy(desc(officerNotices.id))
    .limit(asked.limit)
  return pageOf(rows, asked.limit)
}

/** The first who reads it does so for all to whom it went. */
export async function readOfficerNotice(ports: Ports, officer: Officer, id: string): Promise<Refused | undefined> {
  const [notice] = await ports.db
    .select()
    .from(officerNotices)
    .where(and(eq(officerNotices.id, id), forOfficer(officer)))
  if (notice === undefined) return { refused: 'missing', what: 'notice' }
  return act(ports, { actor: officer.actor, unrecorded: true }, async (a) => {
    await holdOne(a, notice.caseId)
    const read = await a.tx
      .update(officerNotices)
      .set({ readAt: a.at, doneBy: officer.actor })
      .where(and(eq(officerNotices.id, id), isNull(officerNotices.readAt)))
      .returning({ id: officerNotices.id })
    if (read.length > 0) a.record({ of: 'case', id: notice.caseId }, 'officer-notice.read', { notice: id })
    return undefined
  })
}

/** To them in person, to one of their roles for the whole province, or to one of their roles in an agency of theirs. */
function forOfficer({ id, roles, agencies }: Officer): SQL | undefined {
  const own = OFFICER_ROLES.filter((role) => roles.includes(role))
  const whole = own.filter((role) => agencies === 'all' || !isScoped(role))
  const mine = agencies === 'all' ? [] : [...agencies]
  return or(
    isUuid(id) ? eq(officerNotices.userId, id) : undefined,
    and(
      isNull(officerNotices.userId),
      or(
        inArray(officerNotices.toRole, whole),
        and(inArray(officerNotices.toRole, own), inArray(officerNotices.agencyId, mine)),
      ),
    ),
  )
}
