import { originalSpan, type Span } from './bare.ts'
import { type PlaceText, readText } from './place-text.ts'

/**
 * A text as the readers look at it: its words without accents on one line, `|` where a sentence ends and `,` where a clause does. Every reader
 * reads this one form, so that a text is taken apart once, and every find can be pointed at in the original.
 */
export interface Said extends PlaceText {
  readonly text: string
  /** `" duong bi ngap , xe chet may | "`: each word between blanks. */
  readonly flat: string
  /** Where each word begins in `flat`. */
  readonly starts: readonly number[]
}

/** What one find rests on. */
export interface Found extends Span {
  /** The words themselves, as `flat` has them. */
  readonly words: string
  /** First and last word. */
  readonly first: number
  readonly last: number
}

const SENTENCE = /[!?;…|]|\n|\.(?:\s|$|\.)|:\s*\n/
const CLAUSE = /[,:()[\]"“”]|\s[-–—/]\s|-\s|\s-/

export function say(text: string): Said {
  const read = readText(text)
  const { words, folded, source } = read
  const parts: string[] = [' ']
  const starts: number[] = []
  let size = 1
  for (let i = 0; i < words.length; i++) {
    starts.push(size)
    const next = words[i + 1]
    const gap = next === undefined ? '' : source.bare.slice(words[i]!.end, next.start)
    const after = gap === ' ' ? ' ' : SENTENCE.test(gap) ? ' | ' : CLAUSE.test(gap) ? ' , ' : ' '
    parts.push(folded[i]!, after)
    size += folded[i]!.length + after.length
  }
  return { ...read, text, flat: parts.join(''), starts }
}

/** Where a pattern holds in `flat`, each time. The pattern is global and begins and ends at words. */
export function* findAll(said: Said, pattern: RegExp): Generator<Found> {
  for (const match of said.flat.matchAll(pattern)) {
    const lead = match[0].length - match[0].trimStart().length
    const words = match[0].trim()
    const at = match.index + lead
    const first = wordAt(said.starts, at)
    const last = wordAt(said.starts, at + words.length - 1)
    if (first < 0 || last < first) continue
    yield { words, first, last, ...spanOf(said, first, last) }
  }
}

/** The first of them. */
export function findOne(said: Said, pattern: RegExp): Found | undefined {
  return findAll(said, pattern).next().value ?? undefined
}

/** Of words[first..last] in the original. */
export function spanOf({ source, words }: Said, first: number, last: number): Span {
  return originalSpan(source.at, words[first]!.start, words[last]!.end)
}

/** The word that covers this place of `flat`, or the one before it. */
function wordAt(starts: readonly number[], at: number): number {
  let low = 0
  let high = starts.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= at) low = middle + 1
    else high = middle - 1
  }
  return high
}
