import { pieces } from '../pieces.ts'

/** A message as the server describes it. */
export interface Located {
  readonly uid: number
  readonly size: number
  readonly receivedAt: Date
}

/** Of a batch, not counting a single message that is larger: three of them are in memory at a time. */
const BATCH_BYTES = 2 * 1024 * 1024
const BATCH_MESSAGES = 64

/** Cuts what waits into batches that memory can hold, in the order given. What is too large to be fetched weighs nothing. */
export function batchesOf(located: readonly Located[], maxBytes: number): Located[][] {
  return pieces(located, ({ size }) => (size > maxBytes ? 0 : size), { most: BATCH_MESSAGES, mostBytes: BATCH_BYTES })
}
