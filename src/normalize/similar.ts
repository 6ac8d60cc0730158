/**
 * How alike two folded texts are, 0 to 1: the share of their trigrams that both have. It is what pg_trgm's `similarity()`
 * computes (each word padded with two blanks before and one behind, trigrams as a set, Jaccard), on purpose: the candidates that
 * the database's index finds and the score that decides about them are then one number with one threshold. Being over
 * words, it does not mind their order; being over letters, it forgives a mistyped one. Linear in the length of both.
 */
export function similarity(a: string, b: string): number {
  const [left, right] = [trigrams(a), trigrams(b)]
  if (left.size === 0 || right.size === 0) return 0
  const [fewer, more] = left.size < right.size ? [left, right] : [right, left]
  let shared = 0
  for (const trigram of fewer) if (more.has(trigram)) shared++
  return shared / (left.size + right.size - shared)
}

function trigrams(folded: string): Set<string> {
  const found = new Set<string>()
  for (const word of folded.split(' ')) {
    if (word === '') continue
    const padded = `  ${word} `
    for (let i = 0; i + 3 <= padded.length; i++) found.add(padded.slice(i, i + 3))
  }
  return found
}
