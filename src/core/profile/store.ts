import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/clock.ts'
import type { Db } from '../../platform/database/database.ts'
import { type Calendar, readCalendar } from '../deadlines/calendar.ts'
import { profiles } from '../tables/index.ts'
import { describeProblems } from '../yaml.ts'
import { Profile } from './profile.ts'

export interface LoadedProfile {
  readonly profile: Profile
  readonly calendar: Calendar
}

/** Profiles as they were applied, held in memory for a few seconds: another process may apply a new one at any time. */
export interface ProfileStore {
  get(id: string): Promise<LoadedProfile>
}

const FRESH_MS = 5000

export function profileStore(db: Db, clock: Clock, dataFolder: string): ProfileStore {
  const held = new Map<string, { readonly at: number; readonly loaded: Promise<LoadedProfile> }>()
  async function load(id: string): Promise<LoadedProfile> {
    const [row] = await db.select().from(profiles).where(eq(profiles.id, id))
    if (row === undefined) throw new Error(`no profile ${id}`)
    const profile = Profile.parse(row.body)
    const file = join(dataFolder, 'calendars', `${profile.calendar}.yaml`)
    const calendar = readCalendar(await readFile(file, 'utf8'))
    if ('problems' in calendar) throw new Error(describeProblems(file, calendar.problems))
    return { profile, calendar: calendar.value }
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
  }
}
