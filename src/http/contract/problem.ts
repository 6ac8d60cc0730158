import { z } from 'zod'

/** RFC 9457. `errors`: by field, each with a sentence for the citizen. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    changes: z
      .array(z.object({ seq: z.int(), at: z.iso.datetime(), actor: z.string(), kind: z.string() }))
      .optional()
      .meta({ description: 'What changed since the version that was named' }),
  })
  .meta({ id: 'Problem' })
export type Problem = z.output<typeof Problem>
