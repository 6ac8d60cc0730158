import { z } from 'zod'

const articled = { source: z.string().min(1).describe('Decision and article, as one would cite it') }

/** The rules in force from one date on. */
export const ProfileVersion = z.strictObject({
  from: z.iso.date(),
  ...articled,
  required: z
    .array(z.enum(['name', 'phone', 'email', 'address', 'content']))
    .describe('What a report must hold for the form to take it'),
  identitySecret: z
    .enum(['always', 'on-request'])
    .describe('Is the reporter kept secret from everybody but the intake?'),
  contentSecret: z.enum(['always', 'on-request', 'never']).describe('Is the matter itself kept from public view?'),
  routing: z.strictObject({ by: z.literal('place'), level: z.enum(['district', 'commune']), ...articled }),
  handle: z
    .strictObject({ workingDays: z.int().positive(), ...articled })
    .describe('From the agency having it to the answer'),
  matching: z
    .strictObject({
      windowDays: z.number().positive(),
      sameReporter: z
        .number()
        .min(0)
        .max(1)
        .describe('Text similarity from which a second report of one person is a resend'),
      anyReporter: z
        .number()
        .min(0)
        .max(1)
        .describe('Text similarity from which reports of two persons near each other are one matter'),
      nearMetres: z.number().positive(),
    })
    .describe('When reports are joined without an officer'),
})
export type ProfileVersion = z.infer<typeof ProfileVersion>

/** One province's rules as data, versioned by date. */
export const Profile = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
    name: z.string().min(1),
    codePrefix: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .describe('First letters of every code: DB-26-…'),
    units: z.string().describe('File of data/units'),
    calendar: z.string().describe('File of data/calendars'),
    versions: z.array(ProfileVersion).min(1),
  })
  .refine(
    (p) => p.versions.every((v, i) => i === 0 || p.versions[i - 1]!.from < v.from),
    'versions must stand in order of their dates',
  )
export type Profile = z.infer<typeof Profile>

/** The version in force on a day in Vietnam; before the first one, the first. */
export function versionOn(profile: Profile, at: Date): ProfileVersion {
  const day = dayInVietnam(at)
  return profile.versions.findLast((v) => v.from <= day) ?? profile.versions[0]!
}

/** The calendar day in Asia/Ho_Chi_Minh (UTC+7 all year), whatever zone the machine is in. */
export function dayInVietnam(at: Date): string {
  return new Date(at.getTime() + 7 * 3600_000).toISOString().slice(0, 10)
}
