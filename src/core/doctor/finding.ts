import type { Ports } from '../act.ts'

/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error'
  /** What is the matter, with the number or the name. */
  readonly what: string
  /** What a person does about it; empty when nothing is to be done. */
  readonly mend: string
}

/** What the doctor looks at, and with. */
export interface Patient {
  readonly ports: Pick<Ports, 'db' | 'clock' | 'secrets' | 'files' | 'profiles'>
  readonly dataDir: string
  /** Folder of the migrations that ship. */
  readonly migrations: string
  /** Every file and the whole store, instead of a sample: as long as reading it all takes. */
  readonly allFiles: boolean
}

export const ok = (what: string): Finding => ({ level: 'ok', what, mend: '' })
export const warning = (what: string, mend: string): Finding => ({ level: 'warning', what, mend })
export const error = (what: string, mend: string): Finding => ({ level: 'error', what, mend })

/** The first few as findings, the rest as one: a thousand lines say no more than twenty. */
export function firstOf<T>(all: readonly T[], say: (one: T) => Finding): Finding[] {
  const MOST = 20
  const said = all.slice(0, MOST).map(say)
  const rest = all.length - said.length
  return rest > 0 ? [...said, { ...said[0]!, what: `… and ${rest} more like these` }] : said
}
