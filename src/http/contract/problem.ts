import { z } from 'zod'

/** RFC 9457. `errors`: by field, each with a sentence for the citizen. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.output<typeof Problem>
