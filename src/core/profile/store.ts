import { eq } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/clock.ts'
import type { Db } from '../../platform/database/database.ts'
import type { Calendar } from '../deadlines/calendar.ts'
import { loadCalendar, type ReadShipped } from '../deadlines/load-calendar.ts'
import { profiles } from '../tables/index.ts'
import { Profile } from './profile.ts'

export interface LoadedProfile {
  readonly profile: Profile
  readonly calendar: Calendar
}

/** Profiles as they were applied, held in memory for a few seconds: another process may apply a new one at any time. */
export interface ProfileStore {
  get(id: string): Promise<LoadedProfile>
  /** A calendar as it stands now, not as it is held. */
  calendar(id: string): Promise<Calendar>
}

/** A profile or calendar that was applied counts everywhere after this time. */
export const FRESH_MS = 5000

export function profileStore(db: Db, clock: Clock, read: ReadShipped): ProfileStore {
  const held = new Map<string, { readonly at: number; readonly loaded: Promise<LoadedProfile> }>()
  async function load(id: string): Promise<LoadedProfile> {
    const [row] = await db.select().from(profiles).where(eq(profiles.id, id))
    if (row === undefined) throw new Error(`no profile ${id}`)
    const profile = Profile.parse(row.body)
    return { profile, calendar: await loadCalendar(db, read, profile.calendar) }
  }
  return {
    get: (id) => {
      const known = held.get(id)
      const now = clock.now().getTime()
      if (known !== undefined && Math.abs(now - known.at) < FRESH_MS) return known.loaded
      const loaded = load(id)
      held.set(id, { at: now, loaded })
      loaded.catch(() => held.delete(id))
      return loaded
    },
    calendar: (id) => loadCalendar(db, read, id),
  }
}
