import { z } from 'zod'

const Traced = z.object({ line: z.string(), headers: z.string(), body: z.string() })
/** One request to an office and what came back. */
export const Exchange = z.object({
  at: z.iso.datetime(),
  request: Traced,
  response: Traced.extend({ status: z.int() }).nullable(),
  durationMs: z.number(),
  error: z.string().nullable(),
})
