/**
 * A text with everything off that people write or leave out at will, character by character, so that whatever is found in
 * it can be pointed at in the original. `fold`, the number finder, the mask and the place finder all read this one form.
 */
export interface Bare {
  /** The original. */
  readonly text: string
  /** Lower case, no diacritics, đ as d, compatibility forms resolved (０ → 0, ㎞ → km), nothing invisible. Punctuation stays. */
  readonly bare: string
  /** `at[i]` is where the source of `bare[i]` begins in the original (UTF-16); `at[bare.length]` is the original's length. */
  readonly at: readonly number[]
  /** `marked[i]`: the source of `bare[i]` carried a diacritic. Tells "ở" from the letter o, and "Thạnh An" from "Thanh An". */
  readonly marked: readonly boolean[]
}

/** Script "Inherited" is the diacritics and variation selectors: it spares the vowels of Khmer and Thai, which are letters there. */
const DROPPED = /[\p{Script=Inherited}\p{Default_Ignorable_Code_Point}\p{Cc}]/gu
const BARRED_D = /[đðɖ]/g
const DIACRITIC = /\p{M}/u

/** Linear: characters are decomposed one at a time, so a long run of combining marks costs no more than its length. */
export function toBare(text: string): Bare {
  const parts: string[] = []
  const at: number[] = []
  const marked: boolean[] = []
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i)!
    const size = code > 0xffff ? 2 : 1
    const source = text.slice(i, i + size)
    const bare = code < 0x80 ? bareAscii(code, source) : bareOther(source)
    parts.push(bare)
    for (let k = 0; k < bare.length; k++) {
      at.push(i)
      marked.push(false)
    }
    if (code >= 0x80 && at.length > 0 && isMarked(source, bare)) marked[at.length - 1] = true
    i += size
  }
  at.push(text.length)
  return { text, bare: parts.join(''), at, marked }
}

function bareAscii(code: number, source: string): string {
  if (code >= 0x41 && code <= 0x5a) return String.fromCharCode(code + 0x20)
  if (code >= 0x20 && code !== 0x7f) return source
  if (code === 0x09) return ' '
  return code >= 0x0a && code <= 0x0d ? '\n' : ''
}

function bareOther(source: string): string {
  return source.normalize('NFKD').toLowerCase().replace(DROPPED, '').replace(BARRED_D, 'd')
}

/** A letter that lost its own diacritic, or (when nothing is left of it) a combining mark of the letter before it. */
function isMarked(source: string, bare: string): boolean {
  return bare === '' ? DIACRITIC.test(source) : bare === 'd' || DIACRITIC.test(source.normalize('NFD'))
}

/** Stands in a bare text for each character of what was found personal. */
export const BLOT = '●'

/**
 * Whether the writer uses accents, so that a word without them is a word without them. Vietnamese with accents marks every
 * fourth letter; a stray đ or é in a text without is under one in twenty. Blotted characters do not count.
 */
export function usesAccents({ bare, marked }: Pick<Bare, 'bare' | 'marked'>): boolean {
  let marks = 0
  let size = 0
  for (let i = 0; i < bare.length; i++) {
    if (bare[i] === BLOT) continue
    size++
    if (marked[i]) marks++
  }
  return marks * 20 > size
}

/** A span of the bare text widened to whole characters of the original: half of ½ (1⁄2) is all of it. */
export function wholeSpan(at: readonly number[], { start, end }: Span): Span {
  let from = start
  let stop = end
  while (from > 0 && at[from] === at[from - 1]) from--
  while (stop < at.length - 1 && at[stop] === at[stop - 1]) stop++
  return { start: from, end: stop }
}

/** The original's [start, end) of a span of the bare text: whole characters, with the combining marks that follow them. */
export function originalSpan(at: readonly number[], start: number, end: number): Span {
  const whole = wholeSpan(at, { start, end })
  return { start: at[whole.start]!, end: at[whole.end]! }
}

/** A stretch of the bare text. */
export interface Span {
  readonly start: number
  readonly end: number
}

const WORD = /[\p{L}\p{M}]+|\p{N}+/gu

/** Runs of letters and runs of digits, apart even where they touch: "p5" is two, "0912345678Lan" is two. */
export function wordsOf(bare: string): Span[] {
  return Array.from(bare.matchAll(WORD), (match) => ({ start: match.index, end: match.index + match[0].length }))
}

export function isWord(bare: string, word: Span | undefined, expected: string): boolean {
  return word !== undefined && word.end - word.start === expected.length && bare.startsWith(expected, word.start)
}
