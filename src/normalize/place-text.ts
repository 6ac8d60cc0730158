import { type Bare, type Span, toBare, usesAccents, wordsOf } from './bare.ts'
import { accentedSpelling, HOUSE_WORDS, NUMBER_WORDS, STREET_WORDS, spelling } from './place-words.ts'

/** A text cut into words for the place finder, with what it asks about them. */
export interface PlaceText {
  readonly source: Bare
  readonly words: readonly Span[]
  readonly folded: readonly string[]
  readonly keys: readonly string[]
  /** The writer uses accents, so a word without them is a word without them ("quan" is not "quận"). */
  readonly accented: boolean
}

export function readText(text: string): PlaceText {
  const source = toBare(text)
  const words = wordsOf(source.bare)
  const folded = words.map(({ start, end }) => source.bare.slice(start, end))
  return { source, words, folded, keys: folded.map(spelling), accented: usesAccents(source) }
}

export function gapAfter({ source, words }: PlaceText, i: number): string {
  const next = words[i + 1]
  return next ? source.bare.slice(words[i]!.end, next.start) : '\n'
}

/** Whether words[first..last] are this type word: by its accents where they have any, by the text's habit where not. */
export function isSaid(read: PlaceText, first: number, last: number, type: string): boolean {
  const accented = writtenAt(read, first, last)
  return accented === type || (!read.accented && accented === read.folded.slice(first, last + 1).join(' '))
}

export function writtenAt({ source, words }: PlaceText, first: number, last: number): string {
  return words
    .slice(first, last + 1)
    .map(({ start, end }) => accentedSpelling(source.text.slice(source.at[start], source.at[end])))
    .join(' ')
}

/** Behind a word for streets or a house number. */
export function isStreet(read: PlaceText, i: number): boolean {
  const [far, near] = [read.folded[i - 2] ?? '', read.folded[i - 1] ?? '']
  if (i === 0 || !/^[ .]{1,2}$/.test(gapAfter(read, i - 1))) return false
  if (near === 'pho' && far === 'thanh') return false
  return (
    STREET_WORDS.has(near) ||
    (/^\d/.test(near) && (i === 1 || HOUSE_WORDS.has(far) || /[/,;:\n-]/.test(gapAfter(read, i - 2))))
  )
}

/** Whether words[first..last] can be number words: "làm" is not "lăm". */
export function isNumber(read: PlaceText, first: number, last: number): boolean {
  const written = writtenAt(read, first, last).split(' ')
  return written.every((word, k) => NUMBER_WORDS.has(word) || (!read.accented && word === read.folded[first + k]))
}

/** Each word with a capital, in a text that has small letters too. */
export function isTitled(read: PlaceText, first: number, last: number): boolean {
  const { source, words } = read
  const capitals = words
    .slice(first, last + 1)
    .every(({ start }) => /\p{Lu}/u.test(source.text.charAt(source.at[start]!)))
  return capitals && /\p{Ll}/u.test(source.text.slice(source.at[words[first]!.start], source.at[words[last]!.end]))
}
