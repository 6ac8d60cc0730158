export type DayPart = 'morning' | 'noon' | 'afternoon' | 'evening' | 'night'

const PARTS: readonly (readonly [RegExp, DayPart])[] = [
  [/^(?:sang|rang sang|sang som|som|tinh mo)/, 'morning'],
  [/^trua/, 'noon'],
  [/^(?:chieu|xe chieu)/, 'afternoon'],
  [/^(?:toi|chap toi)/, 'evening'],
  [/^(?:dem|khuya|nua dem)/, 'night'],
]

export const PART = '(?:rang sang|sang som|sang|trua|chieu toi|chieu|toi|dem|khuya|nua dem)'
/** The part of the day that the words name. */
export function partIn(words: string): DayPart | undefined {
  for (const word of words.split(' ')) {
    const part = partOf(word)
    if (part !== undefined) return part
  }
  return undefined
}

export function partOf(words: string): DayPart | undefined {
  return PARTS.find(([pattern]) => pattern.test(words))?.[1]
}
