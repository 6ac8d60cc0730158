/** Room for the mark that says which part of how many it is. */
const LONGEST_MARK = '(999/999) '

/**
 * A text as the messages that it is sent as, none longer than `fits` allows, cut between words. Phones show them in the order of arrival, so where
 * there are several each says which it is. Nothing of the text is left out but the blanks at the cuts.
 */
export function splitText(text: string, fits: (part: string) => boolean): readonly string[] {
  const whole = text.trim()
  if (fits(whole)) return [whole]
  const parts: string[] = []
  for (let rest = whole; rest !== ''; ) {
    const end = cutOf(rest, (part) => fits(LONGEST_MARK + part))
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return parts.map((part, i) => `(${i + 1}/${parts.length}) ${part}`)
}

/** Where the longest beginning that fits ends: at the last blank in it, or inside a word that alone is too long. */
function cutOf(text: string, fits: (part: string) => boolean): number {
  if (fits(text)) return text.length
  let [most, tooMany] = [0, text.length]
  while (tooMany - most > 1) {
    const middle = (most + tooMany) >> 1
    if (fits(text.slice(0, middle))) most = middle
    else tooMany = middle
  }
  const blank = text.slice(0, most + 1).search(/\s\S*$/)
  if (blank > 0) return blank
  const half = /[\uD800-\uDBFF]$/.test(text.slice(0, most))
  return Math.max(half ? most - 1 : most, 1)
}
