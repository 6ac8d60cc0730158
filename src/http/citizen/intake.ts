import type { Ports } from '../../core/act.ts'
import type { Accept } from '../../core/intake/accept.ts'
import type { SourceStore } from '../../core/intake/source-store.ts'
import type { Translate } from '../../platform/locales/locales.ts'

/** What everything stands on that takes reports in. */
export interface Intake {
  readonly ports: Ports
  readonly accept: Accept
  readonly sources: SourceStore
  readonly translate: Translate
}
