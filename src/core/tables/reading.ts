export type ReadingValue = string | number | boolean | null | readonly string[]

/** A value that was read, with how sure and from where. Names, numbers and addresses of persons are not in it: they lie sealed with the reporter. */
export interface Reading {
  readonly value: ReadingValue
  /** 0 to 1. */
  readonly confidence: number
  /** Which part of the submission it was read from. */
  readonly from: string
  /** Where in that part as it stands masked, UTF-16. */
  readonly span?: { readonly start: number; readonly end: number }
  /** What else the words allow, the likeliest first. */
  readonly candidates?: readonly string[]
  /** How likely each of them is. */
  readonly scores?: readonly number[]
  /** The words or rules that decided. */
  readonly why?: readonly string[]
}

/** What an officer knows better than a reading: it counts, and no later reading touches it. */
export interface Correction {
  readonly value: ReadingValue
  readonly by: string
  /** ISO time. */
  readonly at: string
}
