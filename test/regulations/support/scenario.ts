import type { Province } from './province.ts'

/** What one article demands, played with a province and looked at from outside. */
export interface Scenario {
  /** As the decision numbers it: `Điều 7 khoản 1 điểm đ`. */
  readonly article: string
  readonly name: string
  /** Rules of the profile that it watches besides those whose source is its article: paths such as `secrecy.identity`. */
  readonly watches: readonly string[]
  /** Hours that it plays in are later than those of the scenarios before it. */
  readonly start: string
  readonly play: (province: Province) => Promise<void>
}
