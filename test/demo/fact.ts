import type { Document } from './documents.ts'
import type { Row } from './row.ts'
import type { Sent } from './sent.ts'
import type { Stage } from './stage.ts'
import type { Watch } from './watch.ts'

/** Something that no single row shows. */
export interface Fact {
  readonly holds: boolean
  readonly text: string
}

export interface Seen {
  readonly stage: Stage
  readonly watching: Watch
  readonly sent: readonly Sent[]
  readonly rows: readonly Row[]
  readonly documents: readonly Document[]
}
