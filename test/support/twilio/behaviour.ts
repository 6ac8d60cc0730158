import { z } from 'zod'

/** What `POST /control` and `--behaviour` take. The README says each in a row. */
export const Behaviour = z.strictObject({
  down: z.enum(['closed', '503']).nullable().default(null),
  throttle: z.boolean().default(false),
  loseReplies: z.strictObject({ nth: z.int().positive() }).nullable().default(null),
  optedOut: z.array(z.string()).default([]),
  landlines: z.array(z.string()).default([]),
  suspended: z.boolean().default(false),
  pageSize: z.int().min(1).max(1000).default(1000),
})
export type Behaviour = z.output<typeof Behaviour>

/** A change names only what changes. Without defaults, which would reset the rest. */
export const Change = z.strictObject(
  Object.fromEntries(Object.entries(Behaviour.shape).map(([name, field]) => [name, field.unwrap().optional()])),
)
