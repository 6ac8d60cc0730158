/** Why an operation was not done. Nothing of it was written. */
export type Refused =
  /** It does not exist, or not for this officer. */
  | { readonly refused: 'missing'; readonly what: string }
  | { readonly refused: 'forbidden' }
  /** Somebody else was first: what changed since the version that the officer saw. */
  | { readonly refused: 'stale'; readonly changes: readonly Change[] }
  /** The state machine has no such move from here. */
  | { readonly refused: 'not-now'; readonly status: string }
  /** `problem`: a key of `locales/*\/problem.json`. */
  | { readonly refused: 'invalid'; readonly field: string; readonly problem: string }

export interface Change {
  readonly seq: number
  readonly at: Date
  readonly actor: string
  readonly kind: string
}

/** Carries a refusal out of a change, which rolls back. */
class Refusal extends Error {
  readonly refused: Refused
  constructor(refused: Refused) {
    super(refused.refused)
    this.refused = refused
  }
}

export function refuse(refused: Refused): never {
  throw new Refusal(refused)
}

/** Runs a change; what it refuses is its answer. */
export async function orRefused<T>(change: () => Promise<T>): Promise<T | Refused> {
  try {
    return await change()
  } catch (error) {
    if (error instanceof Refusal) return error.refused
    throw error
  }
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value
}
