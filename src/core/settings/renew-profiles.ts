import type { Ports } from '../act.ts'
import type { ReadShipped } from '../deadlines/load-calendar.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { Profile } from '../profile/profile.ts'
import { profiles } from '../tables/index.ts'
import { applyConfig } from './apply.ts'
import { readProfile } from './read-profile.ts'

/**
 * A profile as another version of the product wrote it gives way to the one of its name that ships; the ids of those. One that does not ship must be
 * applied by whoever wrote it: `rejected`.
 */
export async function renewProfiles(ports: Ports, read: ReadShipped): Promise<readonly string[] | Fault> {
  const renewed: string[] = []
  for (const { id, body } of await ports.db.select().from(profiles).orderBy(profiles.id)) {
    if (Profile.safeParse(body).success) continue
    const profile = await readProfile(read, id)
    if ('problems' in profile)
      return fault(
        'rejected',
        `the profile ${id} is of another version of the product, apply it again: ${profile.problems}`,
      )
    const applied = await applyConfig(ports, 'system', { config: { sources: [], agencies: [], links: [] }, profile })
    if (isFault(applied)) return applied
    renewed.push(id)
  }
  return renewed
}
