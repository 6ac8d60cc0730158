/** Cuts a list, in its order, where a piece would hold more than `most` or weigh more than `mostBytes`; one that is heavier stands alone. */
export function pieces<T>(
  list: readonly T[],
  weigh: (one: T) => number,
  { most, mostBytes }: { readonly most: number; readonly mostBytes: number },
): T[][] {
  const cut: T[][] = []
  let bytes = 0
  for (const one of list) {
    const weight = weigh(one)
    const piece = cut.at(-1)
    if (piece === undefined || piece.length === most || (weight > 0 && bytes + weight > mostBytes)) {
      cut.push([one])
      bytes = weight
    } else {
      piece.push(one)
      bytes += weight
    }
  }
  return cut
}
