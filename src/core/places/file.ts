import { z } from 'zod'
import { type FileProblem, readYaml } from '../yaml.ts'

const Name = z.string().trim().min(2).max(200)
const Names = z.array(Name)

/** Streets, bridges, markets … of one province, by the units of three tiers that they lie in. */
const PlacesFile = z.strictObject({
  province: z
    .string()
    .regex(/^\d{2}$/)
    .describe('Code of the province in the register of three tiers'),
  calls: z.record(Name, Names).default({}).describe('What people call a unit beside its name'),
  former: z.record(Name, Names).default({}).describe('By district: wards that were merged away, and are still named'),
  places: z
    .record(Name, z.record(z.string(), Names))
    .describe('By district and ward; `several`: in several wards, or in one that is not sure'),
})
export type PlacesFile = z.output<typeof PlacesFile>

export function readPlacesFile(
  text: string,
): { readonly value: PlacesFile } | { readonly problems: readonly FileProblem[] } {
  return readYaml(text, PlacesFile)
}
