import { z } from 'zod'
import { AccountRules } from '../people/rules.ts'
import { Profile } from '../profile/profile.ts'

const Id = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/, 'lower-case letters, digits, dots and dashes')
const Settings = z.record(z.string(), z.unknown()).default({})

/** Stands for a secret that is kept as it is: an export holds no secret, and applying it again changes none. */
export const KEPT = '(kept)'

/** What `paht config apply` takes and `paht config export` gives. What a file does not name stays as it is. */
export const ConfigFile = z.strictObject({
  profile: z.union([z.string().describe('Id of a profile that ships, such as dien-bien'), Profile]).optional(),
  sources: z
    .array(
      z.strictObject({
        id: Id,
        kind: Id,
        profile: Id,
        name: z.string().min(1),
        state: z.enum(['on', 'off']).default('on'),
        settings: Settings,
      }),
    )
    .default([]),
  agencies: z
    .array(
      z.strictObject({
        id: Id,
        code: z.string().min(1).max(35).describe('edXML OrganId (QCVN 102:2016, amended 2022: at most 35 characters)'),
        name: z.string().min(1),
        aliases: z.array(z.string()).default([]),
        unit: z.string().optional().describe('Code of the unit that it is in charge of'),
        functions: z.array(z.string()).default([]).describe('Beside a place: transport, water, operator, …'),
        from: z.iso.date(),
        to: z.iso.date().optional(),
      }),
    )
    .default([]),
  accounts: AccountRules.optional().describe('Rules for accounts, where they are stricter than those that ship'),
  links: z
    .array(
      z.strictObject({
        id: Id,
        kind: Id,
        name: z.string().min(1),
        serves: z
          .array(z.string())
          .min(1)
          .describe('Ids of agencies; "*" serves every agency that has no link of its own'),
        settings: Settings,
        limits: z
          .strictObject({ perSecond: z.number().positive().optional(), concurrency: z.int().positive().optional() })
          .default({})
          .describe('Where the office can take more, or less, than the connector assumes'),
      }),
    )
    .default([]),
})
export type ConfigFile = z.output<typeof ConfigFile>
