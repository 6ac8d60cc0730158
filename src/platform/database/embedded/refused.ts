/** The embedded database will not start, as an English sentence for the person who starts the product: what is wrong and what to do. */
export interface Refused {
  readonly refused: string
}

export function refuse(sentence: string): Refused {
  return { refused: sentence }
}

export function isRefused(value: unknown): value is Refused {
  return typeof value === 'object' && value !== null && 'refused' in value
}
