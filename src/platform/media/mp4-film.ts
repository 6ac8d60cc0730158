import { type Box, boxAt, boxesIn } from './mp4-boxes.ts'
import { eachChunk, type Span } from './mp4-chunks.ts'

/** A film while it is being copied. */
export interface Film {
  readonly bytes: Buffer
  /** As long as `bytes`, zeros at first. */
  readonly copy: Buffer
  readonly media: readonly Box[]
  /** Media bytes that may still be copied: frames do not overlap, so tables that ask for more than the file holds are hostile. */
  left: number
  /** Picture and sound tracks found. */
  tracks: number
}

/** `keep`: the header stays as it is. `drop`: the box becomes free space, and nothing of it has been copied. */
interface Answer {
  readonly box: 'keep' | 'drop'
  readonly problem?: string
}

const KEEP: Answer = { box: 'keep' }
const DROP: Answer = { box: 'drop' }
const broken = (problem: string): Answer => ({ box: 'drop', problem })

/** Copies what may stay of a box's payload. */
type Rule = (film: Film, box: Box) => Answer
type Rules = Readonly<Record<string, Rule>>

/** `boxes`: those at the top of the file. Answers with a problem when the film cannot be cleaned. */
export function copyFilm(film: Film, boxes: readonly Box[]): Answer {
  return copyBoxes(film, boxes, FILE)
}

function copyBoxes(film: Film, boxes: readonly Box[] | undefined, rules: Rules): Answer {
  if (!boxes) return broken('a box does not fit into its parent')
  for (const box of boxes) {
    const rule = Object.hasOwn(rules, box.type) ? rules[box.type] : undefined
    const answer = rule?.(film, box) ?? DROP
    if (answer.problem !== undefined) return answer
    copySpan(film, { from: box.start, to: box.payload })
    if (answer.box === 'drop') film.copy.write('free', box.start + 4, 'latin1')
  }
  return KEEP
}

function copySpan(film: Film, span: Span): void {
  film.bytes.copy(film.copy, span.from, span.from, span.to)
}

const children =
  (rules: Rules): Rule =>
  (film, box) =>
    copyBoxes(film, boxesIn(film.bytes, box.payload, box.end), rules)

const whole: Rule = (film, box) => {
  copySpan(film, { from: box.payload, to: box.end })
  return KEEP
}

/** Its payload is filled by `mediaOf`, track by track. */
const media: Rule = () => KEEP

/** Version and flags, then the times of creation and change, 32 bits each in version 0 and 64 in version 1. */
const withoutTimes: Rule = (film, box) => {
  const after = box.payload + (film.bytes[box.payload] === 1 ? 20 : 12)
  if (after > box.end) return broken(`${box.type} is too short`)
  copySpan(film, { from: box.payload, to: box.payload + 4 })
  copySpan(film, { from: after, to: box.end })
  return KEEP
}

/** Version, flags, component type and handler stay; behind them stands the name of the program that wrote the track. */
const withoutName: Rule = (film, box) => {
  if (box.end - box.payload < 12) return broken('hdlr is too short')
  copySpan(film, { from: box.payload, to: box.payload + 12 })
  return KEEP
}

/** Flag 1 says that the media is in this file; what has another place would name a file or an address. */
const inThisFile: Rule = (film, box) => {
  const entries = boxesIn(film.bytes, box.payload + 8, box.end)
  if (!entries) return broken('dref is broken')
  for (const entry of entries) {
    const here = entry.end - entry.payload >= 4 && (film.bytes.readUInt32BE(entry.payload) & 1) === 1
    if (!here) return broken('the film refers to another file')
    copySpan(film, { from: entry.start, to: entry.payload + 4 })
  }
  copySpan(film, { from: box.payload, to: box.payload + 8 })
  return KEEP
}

const CODEC_BOXES = [
  ...['avcC', 'hvcC', 'lhvC', 'vvcC', 'av1C', 'vpcC', 'dvcC', 'dvvC', 'dvwC', 'd263', 's263', 'esds', 'bitr', 'btrt'],
  ...['colr', 'nclx', 'pasp', 'clap', 'fiel', 'gama', 'mdcv', 'clli', 'SmDm', 'CoLL', 'chrm'],
  ...['wave', 'chan', 'chnl', 'damr', 'dac3', 'dec3', 'dac4', 'ddts', 'dOps', 'dfLa', 'alac', 'pcmC', 'srat'],
]
const CODEC: Rules = Object.fromEntries(CODEC_BOXES.map((type) => [type, whole]))

/** Offsets in the payload of a sample entry: the four bytes of the camera's vendor, and 32 with the name of its encoder. */
const VENDOR = { from: 12, to: 16 }
const ENCODER = { from: 42, to: 74 }

const sampleEntries =
  (kind: Track): Rule =>
  (film, box) => {
    const entries = boxesIn(film.bytes, box.payload + 8, box.end)
    if (!entries) return broken('stsd is broken')
    copySpan(film, { from: box.payload, to: box.payload + 8 })
    for (const entry of entries) {
      const fixed = entry.payload + (kind === 'vide' ? 78 : soundEntryBytes(film.bytes, box, entry))
      if (fixed > entry.end) return broken('a sample entry is too short')
      copySpan(film, { from: entry.start, to: fixed })
      const blank = kind === 'vide' ? [VENDOR, ENCODER] : [VENDOR]
      for (const { from, to } of blank) film.copy.fill(0, entry.payload + from, entry.payload + to)
      const answer = copyBoxes(film, boxesIn(film.bytes, fixed, entry.end), CODEC)
      if (answer.problem !== undefined) return answer
    }
    return KEEP
  }

/** QuickTime's sound entries of version 1 and 2 are longer; ISO's version 1 (then `stsd` is of version 1 too) is not. */
function soundEntryBytes(bytes: Buffer, stsd: Box, entry: Box): number {
  if (entry.end - entry.payload < 28) return Number.POSITIVE_INFINITY
  const version = bytes[stsd.payload] === 0 ? bytes.readUInt16BE(entry.payload + 8) : 0
  return version === 1 ? 44 : version === 2 ? 64 : 28
}

const TRACKS = ['vide', 'soun'] as const
type Track = (typeof TRACKS)[number]

/** Tracks of places, texts, pictures of the cover and whatever else is neither picture nor sound are dropped with their samples. */
const track: Rule = (film, box) => {
  const handler = boxAt(film.bytes, box, ['mdia', 'hdlr'])
  const kind = TRACKS.find(
    (known) => handler && film.bytes.toString('latin1', handler.payload + 8, handler.payload + 12) === known,
  )
  if (!kind) return DROP
  film.tracks++
  const answer = copyBoxes(film, boxesIn(film.bytes, box.payload, box.end), TRACK[kind])
  return answer.problem === undefined ? mediaOf(film, box) : answer
}

function mediaOf(film: Film, trak: Box): Answer {
  const samples = boxAt(film.bytes, trak, ['mdia', 'minf', 'stbl'])
  if (!samples) return broken('a track has no sample tables')
  const problem = eachChunk(film.bytes, samples, (chunk) => {
    if (chunk.from === chunk.to) return undefined
    film.left -= chunk.to - chunk.from
    const inside = film.media.some((box) => chunk.from >= box.payload && chunk.to <= box.end)
    if (!inside || film.left < 0) return 'a track refers to bytes that are no media data'
    copySpan(film, chunk)
    return undefined
  })
  return problem === undefined ? KEEP : broken(problem)
}

const trackRules = (kind: Track): Rules => ({
  tkhd: withoutTimes,
  edts: children({ elst: whole }),
  tapt: children({ clef: whole, prof: whole, enof: whole }),
  mdia: children({
    mdhd: withoutTimes,
    hdlr: withoutName,
    minf: children({
      vmhd: whole,
      smhd: whole,
      hdlr: withoutName,
      dinf: children({ dref: inThisFile }),
      stbl: children({ ...SAMPLE_TABLES, stsd: sampleEntries(kind) }),
    }),
  }),
})

const SAMPLE_TABLES: Rules = Object.fromEntries(
  ['stts', 'ctts', 'cslg', 'stss', 'stps', 'stsh', 'sdtp', 'stsc', 'stsz', 'stco', 'co64', 'sgpd', 'sbgp'].map(
    (type) => [type, whole],
  ),
)

const TRACK: Readonly<Record<Track, Rules>> = { vide: trackRules('vide'), soun: trackRules('soun') }

const FILE: Rules = { ftyp: whole, mdat: media, moov: children({ mvhd: withoutTimes, trak: track }) }
