import { z } from 'zod'
import { dayInVietnam } from '../day.ts'
import { checkVersion } from './check.ts'
import { ProfileVersion } from './version.ts'

export { ProfileVersion }

/** One province's rules as data, versioned by date. */
export const Profile = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
    name: z.string().min(1),
    status: z
      .enum(['complete', 'sketch'])
      .default('complete')
      .describe('sketch: read and checked, but not yet gone through with the province'),
    codePrefix: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .describe('First letters of every code: DB-26-…'),
    province: z
      .string()
      .regex(/^\d{2}$/)
      .describe('Code of the province in the register'),
    units: z.string().describe('File of data/units'),
    agencies: z.string().optional().describe('File of data/agencies: those that have a function, not a place'),
    calendar: z.string().describe('File of data/calendars'),
    versions: z.array(ProfileVersion).min(1),
  })
  .refine((p) => p.versions.every((v, i) => i === 0 || p.versions[i - 1]!.from < v.from), {
    path: ['versions'],
    message: 'versions must stand in order of their dates',
  })
  .superRefine((profile, context) => {
    for (const [i, version] of profile.versions.entries())
      checkVersion(version, (path, message) =>
        context.addIssue({ code: 'custom', path: ['versions', i, ...path], message }),
      )
  })
export type Profile = z.output<typeof Profile>

/** The version in force on a day in Vietnam; before the first one, the first. */
export function versionOn(profile: Profile, at: Date): ProfileVersion {
  const day = dayInVietnam(at)
  return profile.versions.findLast((v) => v.from <= day) ?? profile.versions[0]!
}
