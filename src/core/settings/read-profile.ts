import { Profile } from '../profile/profile.ts'
import { readUnitsFile, type UnitsFile } from '../units/file.ts'
import { describeProblems, readYaml } from '../yaml.ts'

/** A shipped profile with its units; the problems name file and line. */
export async function readProfile(
  read: (...path: readonly string[]) => Promise<string>,
  named: string | Profile,
): Promise<{ readonly profile: Profile; readonly units: UnitsFile } | { readonly problems: string }> {
  const profile =
    typeof named === 'string' ? readYaml(await read('profiles', `${named}.yaml`), Profile) : { value: named }
  if ('problems' in profile) return { problems: describeProblems(`profiles/${String(named)}.yaml`, profile.problems) }
  const units = readUnitsFile(await read('data', 'units', `${profile.value.units}.yaml`))
  if ('problems' in units)
    return { problems: describeProblems(`data/units/${profile.value.units}.yaml`, units.problems) }
  return { profile: profile.value, units: units.value }
}
