import type { CalendarFile } from '../deadlines/calendar.ts'
import { type ReadShipped, shippedCalendars } from '../deadlines/load-calendar.ts'
import { Profile } from '../profile/profile.ts'
import { type AgenciesFile, readAgenciesFile, readUnitsFile, type UnitsFile } from '../units/file.ts'
import { describeProblems, type FileProblem, readYaml } from '../yaml.ts'
import { checkAgencies } from './check-agencies.ts'

export interface ReadProfile {
  readonly profile: Profile
  readonly units: UnitsFile
  readonly agencies?: AgenciesFile
  /** Its own and those that it extends; none where it is not one that ships. */
  readonly calendars: readonly CalendarFile[]
}

/** Where a profile stands that is written in a config file. */
export interface Written {
  readonly profile: Profile
  readonly file: string
  readonly at: (path: readonly PropertyKey[]) => number
}

/** A shipped profile, or one that is written out, with its units and agencies; the problems name file and line. */
export async function readProfile(
  read: ReadShipped,
  named: string | Written,
): Promise<ReadProfile | { readonly problems: string }> {
  const profile = typeof named === 'string' ? await readShippedProfile(read, named) : named
  if ('problems' in profile) return profile
  const { file, at } = profile
  const { units: unitsName, agencies: agenciesName, calendar, province, versions } = profile.profile
  const missing = (field: string, name: string) => ({
    problems: describeProblems(file, [{ line: at([field]), path: field, problem: `no file ${name}` }]),
  })
  const units = await readData(read, `data/units/${unitsName}.yaml`, readUnitsFile)
  if (units === undefined) return missing('units', `data/units/${unitsName}.yaml`)
  if ('problems' in units) return units
  const agenciesFile = `data/agencies/${agenciesName}.yaml`
  const agencies = agenciesName === undefined ? undefined : await readData(read, agenciesFile, readAgenciesFile)
  if (agenciesName !== undefined && agencies === undefined) return missing('agencies', agenciesFile)
  if (agencies !== undefined && 'problems' in agencies) return agencies
  const problems: FileProblem[] = []
  const complain = (path: (string | number)[], problem: string) =>
    problems.push({ line: at(path), path: path.join('.'), problem })
  if (units.value.province !== province) complain(['province'], `the units are those of ${units.value.province}`)
  checkAgencies(versions, [...units.value.agencies, ...(agencies?.value.agencies ?? [])], complain)
  if (problems.length > 0) return { problems: describeProblems(file, problems) }
  return {
    profile: profile.profile,
    units: units.value,
    calendars: await shippedCalendars(read, [calendar]),
    ...(agencies !== undefined && { agencies: agencies.value }),
  }
}

async function readShippedProfile(read: ReadShipped, name: string): Promise<Written | { readonly problems: string }> {
  const file = `profiles/${name}.yaml`
  const text = await textOf(read, file)
  if (text === undefined) return { problems: `no profile ${name} ships` }
  const profile = readYaml(text, Profile)
  if ('problems' in profile) return { problems: describeProblems(file, profile.problems) }
  return { profile: profile.value, file, at: profile.at }
}

async function readData<T>(
  read: ReadShipped,
  file: string,
  readText: (text: string) => { readonly value: T } | { readonly problems: readonly FileProblem[] },
): Promise<{ readonly value: T } | { readonly problems: string } | undefined> {
  const text = await textOf(read, file)
  if (text === undefined) return undefined
  const found = readText(text)
  return 'problems' in found ? { problems: describeProblems(file, found.problems) } : found
}

async function textOf(read: ReadShipped, file: string): Promise<string | undefined> {
  try {
    return await read(...file.split('/'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
