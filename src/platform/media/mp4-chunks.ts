import { type Box, boxAt } from './mp4-boxes.ts'

/** Offsets in the file, `to` not included. */
export interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Calls `take` with each run of bytes that a track's sample tables refer to (ISO/IEC 14496-12 §8.7), until it answers with a problem.
 * The work is bounded by the size of the tables, which is bounded by the size of the file, whatever the counts in them say.
 */
export function eachChunk(bytes: Buffer, samples: Box, take: (chunk: Span) => string | undefined): string | undefined {
  const sizes = sampleSizes(bytes, boxAt(bytes, samples, ['stsz']))
  const runs = table(bytes, boxAt(bytes, samples, ['stsc']), 12)
  const short = table(bytes, boxAt(bytes, samples, ['stco']), 4)
  const offsets = short ?? table(bytes, boxAt(bytes, samples, ['co64']), 8)
  if (!sizes || !runs || !offsets) return 'a track has no sample tables that can be read'
  if (offsets.count > 0 && runs.count === 0) return 'a track has chunks without samples'

  let sample = 0
  let run = 0
  for (let chunk = 0; chunk < offsets.count; chunk++) {
    // `first chunk` of a run counts from 1.
    while (run + 1 < runs.count && bytes.readUInt32BE(runs.at + (run + 1) * 12) <= chunk + 1) run++
    const until = Math.min(sizes.count, sample + bytes.readUInt32BE(runs.at + run * 12 + 4))
    const at = offsets.at + chunk * (short ? 4 : 8)
    const from = short ? bytes.readUInt32BE(at) : Number(bytes.readBigUInt64BE(at))
    const problem = take({ from, to: from + sizes.total(sample, until) })
    if (problem) return problem
    sample = until
  }
  return undefined
}

interface SampleSizes {
  readonly count: number
  /** Bytes of the samples from `from` up to, not including, `to`. */
  total(from: number, to: number): number
}

function sampleSizes(bytes: Buffer, box: Box | undefined): SampleSizes | undefined {
  if (!box || box.end - box.payload < 12) return undefined
  const same = bytes.readUInt32BE(box.payload + 4)
  const count = bytes.readUInt32BE(box.payload + 8)
  const at = box.payload + 12
  // QuickTime writes 1 for uncompressed sound, whatever a sample takes; where the samples end is then not in this table.
  if (same === 1) return undefined
  if (same > 0) return { count, total: (from, to) => (to - from) * same }
  if (count * 4 > box.end - at) return undefined
  return {
    count,
    total(from, to) {
      let sum = 0
      for (let sample = from; sample < to; sample++) sum += bytes.readUInt32BE(at + sample * 4)
      return sum
    },
  }
}

/** A full box whose payload is a count and then that many entries. */
function table(bytes: Buffer, box: Box | undefined, entryBytes: number): { count: number; at: number } | undefined {
  if (!box || box.end - box.payload < 8) return undefined
  const count = bytes.readUInt32BE(box.payload + 4)
  const at = box.payload + 8
  return count * entryBytes <= box.end - at ? { count, at } : undefined
}
