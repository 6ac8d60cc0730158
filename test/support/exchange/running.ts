import type { Behaviour } from './behaviour.ts'
import type { Sent, Store } from './store.ts'

export interface ExchangeOptions {
  /** 0 takes any free one. */
  readonly port: number
  readonly store: string
  /** The hub's, the only sender. */
  readonly organ: string
  readonly systemId: string
  readonly secret: string
  /** Organ ids with their names; `*` for any organ. */
  readonly offices: ReadonlyMap<string, string> | '*'
  readonly behaviour?: Partial<Behaviour>
}

/** What every request sees: one store, one behaviour, one day's work. */
export interface Running {
  readonly options: ExchangeOptions
  readonly store: Store
  readonly stop: AbortSignal
  behaviour: Behaviour
  /** The last step, by name, that may be done about a document (docId) while offices work by hand. */
  readonly told: Map<string, string>
  /** Documents accepted since `loseReplies` was set. */
  sinceSet: number
  /** Hands a document to the offices that it is for. */
  work(sent: Sent): void
}
