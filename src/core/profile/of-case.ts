import type { Ports } from '../act.ts'
import { type ProfileVersion, versionOn } from './profile.ts'

/** The rules that a case follows: those in force when its first report came. `profileFrom`: the day from which they hold. */
export async function rulesOf(
  { profiles }: Pick<Ports, 'profiles'>,
  { profile: id, profileFrom }: { readonly profile: string; readonly profileFrom: string },
): Promise<ProfileVersion> {
  const { profile } = await profiles.get(id)
  return versionOn(profile, new Date(`${profileFrom}T12:00:00+07:00`))
}
