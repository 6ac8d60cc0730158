import { z } from 'zod'

/** What `POST /control` and `--behaviour` take. The README says each in a row. */
export const Behaviour = z.strictObject({
  down: z.enum(['closed', '503']).nullable().default(null),
  throttle: z.boolean().default(false),
  loseReplies: z.strictObject({ nth: z.int().positive() }).nullable().default(null),
  loseTokens: z.boolean().default(false),
  outsideWindow: z.array(z.string()).default([]),
  blocked: z.array(z.string()).default([]),
  quotaLeft: z.int().min(0).default(1000),
  packageAllows: z.boolean().default(true),
})
export type Behaviour = z.output<typeof Behaviour>

/** A change names only what changes. Without defaults, which would reset the rest. */
export const Change = z.strictObject(
  Object.fromEntries(Object.entries(Behaviour.shape).map(([name, field]) => [name, field.unwrap().optional()])),
)
