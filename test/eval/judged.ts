import type { Line } from './corpus.ts'
import type { Said } from './read-back.ts'

/** A line and what became of it; `said` is undefined where it ended as nothing. */
export interface Judged {
  readonly line: Line
  readonly said: Said | undefined
}
