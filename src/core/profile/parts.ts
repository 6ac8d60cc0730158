import { z } from 'zod'
import { OWNERS } from '../deadlines/rule.ts'

/** Every rule says where it stands; what no article says names the decision that was taken for it. */
export const Source = z.string().trim().min(1).describe('Decision and article, as one would cite it')
export const articled = { source: Source }

export const Text = z.strictObject({ vi: z.string().trim().min(1), en: z.string().trim().min(1) })
export type Text = z.output<typeof Text>

export const Id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes')
  .describe('Lower-case letters, digits and dashes')

export const Owner = z.enum(OWNERS).describe('Who of the people in the process')

/** Only for matters of these categories; without it, for all. */
export const forCategories = { categories: z.array(Id).min(1).optional().describe('Ids of categories; without, all') }
