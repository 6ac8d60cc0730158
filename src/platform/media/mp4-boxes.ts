/** A box of an MP4 or QuickTime file (ISO/IEC 14496-12 §4.2): offsets in the file. */
export interface Box {
  /** Four characters. */
  readonly type: string
  readonly start: number
  /** Where the header ends. */
  readonly payload: number
  readonly end: number
}

/** A phone's film has about ten boxes a level; a file that has more than this was not made to be played. */
const MAX_BOXES = 10_000

/**
 * The boxes that lie one behind the other between two offsets; nothing when one of them does not fit. Up to seven bytes may be left over.
 * A size of 0 means "to the end of the file" at the top; inside, QuickTime ends some lists with four zero bytes.
 */
export function boxesIn(bytes: Buffer, from: number, to: number): readonly Box[] | undefined {
  const boxes: Box[] = []
  for (let start = from; to - start >= 8; ) {
    const short = bytes.readUInt32BE(start)
    if (short === 0 && from > 0) break
    if (boxes.length === MAX_BOXES || (short === 1 && to - start < 16)) return undefined
    const header = short === 1 ? 16 : 8
    const size = short === 0 ? to - start : short === 1 ? Number(bytes.readBigUInt64BE(start + 8)) : short
    if (size < header || size > to - start) return undefined
    boxes.push({
      type: bytes.toString('latin1', start + 4, start + 8),
      start,
      payload: start + header,
      end: start + size,
    })
    start += size
  }
  return boxes
}

/** The one box of this type at the end of the path, such as `['mdia', 'hdlr']`; nothing when it is not there or not the only one. */
export function boxAt(bytes: Buffer, parent: Box, path: readonly string[]): Box | undefined {
  let box: Box | undefined = parent
  for (const type of path) {
    const [found, ...more]: readonly Box[] =
      boxesIn(bytes, box.payload, box.end)?.filter((child) => child.type === type) ?? []
    if (!found || more.length > 0) return undefined
    box = found
  }
  return box
}
