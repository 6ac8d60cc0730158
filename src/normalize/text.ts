import { toBare } from './bare.ts'

const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g
const SPACES = /\p{Zs}/gu
/**
 * Zero-widths, soft hyphen, BOM, bidi controls. Two may stay where they hold an emoji together: the joiner between two
 * pictographs and the variation selector after one.
 */
const INVISIBLE =
  /(?<!\p{Extended_Pictographic}\uFE0F?|\p{Emoji_Modifier})\u200D|\u200D(?!\p{Extended_Pictographic})|(?<!\p{Extended_Pictographic})\uFE0F|(?![\u200D\uFE0F])\p{Default_Ignorable_Code_Point}/gu
const CONTROLS = /(?![\n\t])\p{Cc}/gu
const LONE_SURROGATES = /\p{Cs}/gu
/**
 * UAX #15 §13 (stream-safe text): 30 marks on one letter are more than any language has. Without the cap NFC is quadratic:
 * 100 kB of unordered marks took 6.5 s.
 */
const EXCESS_MARKS = /(\p{M}{30})\p{M}+/gu

/**
 * Text as nearly all of it is: Latin letters with their accents in one character, figures and signs of ASCII, \n and \t. Nothing in it is
 * changed below, and looking at once at each character costs a twentieth of the passes.
 */
const SOUND =
  /^[\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u024f\u1ea0-\u1ef9\u2013-\u201d\u2026]*$/

/**
 * The door every text comes through: NFC, line breaks as \n, spaces as U+0020, nothing invisible, no control characters
 * but \n and \t, and the look-alikes of Đ (Ð U+00D0, Ɖ U+0189, ð U+00F0, ɖ U+0256) as Đ/đ. Cleaning twice changes nothing.
 */
export function clean(text: string): string {
  const lines = text.replace(LINE_BREAKS, '\n')
  if (SOUND.test(lines)) return lines
  return lines
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .replace(CONTROLS, '')
    .replace(LONE_SURROGATES, '\uFFFD')
    .replace(/[ÐƉ]/g, 'Đ')
    .replace(/[ðɖ]/g, 'đ')
    .replace(EXCESS_MARKS, '$1')
    .normalize('NFC')
    .replace(EXCESS_MARKS, '$1')
}

/**
 * The one form in which texts are compared and stored for search: lower case, no diacritics, đ as d, everything that is
 * neither letter nor digit as one space, trimmed. Old and new tone placement come out the same. Folding twice changes nothing.
 */
export function fold(text: string): string {
  return foldKeepingOffsets(text).folded
}

export interface Folded {
  readonly folded: string
  /** `at[i]` is where `folded[i]` begins in the text; it has one entry more, so `text.slice(at[start], at[end])` is a span's source. */
  readonly at: readonly number[]
}

const SPOKEN_CHARACTER = /[\p{L}\p{M}\p{N}]/u

/** As `fold`, and every character knows where it came from. */
export function foldKeepingOffsets(text: string): Folded {
  const source = toBare(text)
  const parts: string[] = []
  const at: number[] = []
  let gap: number | undefined
  for (let i = 0; i < source.bare.length; ) {
    const size = source.bare.codePointAt(i)! > 0xffff ? 2 : 1
    const character = source.bare.slice(i, i + size)
    if (SPOKEN_CHARACTER.test(character)) {
      if (gap !== undefined && at.length > 0) {
        parts.push(' ')
        at.push(source.at[gap]!)
      }
      gap = undefined
      parts.push(character)
      for (let k = 0; k < size; k++) at.push(source.at[i + k]!)
    } else gap ??= i
    i += size
  }
  at.push(source.at[gap ?? source.bare.length]!)
  return { folded: parts.join(''), at }
}

const NEW_PLACEMENT = /(o)([àáảãạèéẻẽẹ])(?!\p{L})|(?<!q)(u)([ỳýỷỹỵ])(?!\p{L})/giu

/** New to old tone placement (hoà → hòa, khoẻ → khỏe, thuỷ → thủy; hoàn, quý, loại stay). Expects text that `clean` has seen. */
export function toneOld(text: string): string {
  return text.replace(NEW_PLACEMENT, (_, o?: string, after?: string, u?: string, y?: string) => {
    const [base, tone] = (after ?? y)!.normalize('NFD')
    return `${o ?? u}${tone}`.normalize('NFC') + base
  })
}
