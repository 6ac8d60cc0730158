import { eq } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database/database.ts'
import { calendars } from '../tables/index.ts'
import { describeProblems } from '../yaml.ts'
import { type Calendar, type CalendarFile, calendarOf, readCalendar } from './calendar.ts'

/** Gives the text of a file that ships: `('data', 'calendars', 'vn.yaml')`. */
export type ReadShipped = (...path: readonly string[]) => Promise<string>

/** A province's extends the national one; more than a few layers are a circle. */
const MOST_LAYERS = 4

/** The calendar in force: as it was applied, and where it never was, as it ships. Throws where there is none of that name. */
export async function loadCalendar(db: Db | Tx, read: ReadShipped, id: string): Promise<Calendar> {
  const layers: CalendarFile[] = []
  const versions: string[] = []
  for (let next: string | undefined = id; next !== undefined; ) {
    if (layers.length === MOST_LAYERS) throw new Error(`calendar ${id} extends more than ${MOST_LAYERS} others`)
    const [row] = await db
      .select({ body: calendars.body, version: calendars.version })
      .from(calendars)
      .where(eq(calendars.id, next))
    const file: CalendarFile = row?.body ?? (await shippedCalendar(read, next))
    layers.push(file)
    versions.push(`${next}@${row?.version ?? 0}`)
    next = file.extends
  }
  return calendarOf(layers as [CalendarFile, ...CalendarFile[]], versions.join(' '))
}

/** Those of these calendars that ship, each with what it extends, once; a province may have one that does not. */
export async function shippedCalendars(read: ReadShipped, ids: readonly string[]): Promise<CalendarFile[]> {
  const found = new Map<string, CalendarFile>()
  for (const id of ids)
    for (let next: string | undefined = id; next !== undefined && !found.has(next); ) {
      const file: CalendarFile | undefined = await shippedCalendar(read, next).catch(absent)
      if (file === undefined) break
      found.set(next, file)
      next = file.extends
    }
  return [...found.values()]
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function shippedCalendar(read: ReadShipped, id: string): Promise<CalendarFile> {
  const file = readCalendar(await read('data', 'calendars', `${id}.yaml`))
  if ('problems' in file) throw new Error(describeProblems(`data/calendars/${id}.yaml`, file.problems))
  return file.value
}
