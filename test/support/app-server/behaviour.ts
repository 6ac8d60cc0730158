import { z } from 'zod'

/** What `POST /control` takes: a change names only what changes. */
export const Behaviour = z.strictObject({
  /** `closed`: connections are dropped; a status: nothing is looked at. /control stays. */
  down: z.union([z.literal('closed'), z.int().min(300).max(599)]).nullable(),
  /** Keeps at once, answers so much later. */
  slowMs: z.int().min(0),
  /** Keeps what it gets, and drops the connection instead of an answer, so often. */
  loseReplies: z.int().min(0),
  /** Users who have left the app: 410. */
  gone: z.array(z.string()),
  /** Its clock; null: that of the machine. */
  now: z.iso.datetime().nullable(),
})
export type Behaviour = z.output<typeof Behaviour>

export const WELL: Behaviour = { down: null, slowMs: 0, loseReplies: 0, gone: [], now: null }
