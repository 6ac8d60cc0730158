import canonicalize from 'canonicalize'
import { eq, sql } from 'drizzle-orm'
import { type Act, act, type Ports } from '../act.ts'
import { type Fault, fault } from '../fault.ts'
import { FRESH_MS } from '../profile/store.ts'
import { calendars, deadlines } from '../tables/index.ts'
import type { CalendarFile } from './calendar.ts'
import { recomputeLater } from './recompute.ts'

/**
 * Brings a calendar to what a file says; from now on it is the province's own. Every open deadline that it touches is computed again. Gives
 * whether anything changed.
 */
export async function applyCalendar(
  ports: Ports,
  actor: string,
  file: CalendarFile,
): Promise<{ changed: boolean } | Fault> {
  if (file.extends !== undefined) {
    const base = await ports.profiles.calendar(file.extends).catch((error: unknown) => fault('rejected', String(error)))
    if ('fault' in base) return base
    if (file.extends === file.id || base.version.split(' ').some((layer) => layer.startsWith(`${file.id}@`)))
      return fault('rejected', `calendar ${file.id} extends itself`)
  }
  return act(ports, { actor, unrecorded: true }, async (a) => ({ changed: await putCalendar(a, file, 'own') }))
}

/** What ships never takes the place of what the province edited. */
export async function putCalendar(a: Act, file: CalendarFile, origin: 'shipped' | 'own'): Promise<boolean> {
  const [before] = await a.tx.select().from(calendars).where(eq(calendars.id, file.id)).for('update')
  if (before !== undefined && (same(before.body, file) || (before.origin === 'own' && origin === 'shipped')))
    return false
  const row = { id: file.id, body: file, version: (before?.version ?? 0) + 1, origin }
  await a.tx.insert(calendars).values(row).onConflictDoUpdate({ target: calendars.id, set: row })
  a.record({ of: 'calendar', id: file.id }, 'calendar.applied', { version: row.version, origin })
  recomputeLater(a, FRESH_MS)
  return true
}

/** The open deadlines of a profile go by the calendar that it names now. */
export async function chooseCalendar(a: Act, profileId: string, calendarId: string): Promise<void> {
  const { rowCount } = await a.tx.execute(sql`
    update ${deadlines} d set calendar_id = ${calendarId}, calendar_version = '' from "case" c
    where c.id = d.case_id and c.profile = ${profileId} and d.state = 'open' and d.calendar_id <> ${calendarId}`)
  if ((rowCount ?? 0) > 0) recomputeLater(a, FRESH_MS)
}

const same = (one: CalendarFile, other: CalendarFile): boolean => canonicalize(one) === canonicalize(other)
