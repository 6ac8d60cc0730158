import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxAt, boxesIn } from './mp4-boxes.ts'
import { strip } from './video.ts'

/** What phones and cameras really write into these places, each with a mark. */
const PLANTED = {
  place: box('udta', box('©xyz', Buffer.from('\0\x12\x15\xc7PLANTED+21.0283+105.8416/'))),
  keys: box(
    'meta',
    box('hdlr', zeros(8), 'mdta', zeros(13)),
    box('keys', u32(0, 1), box('mdta', 'com.apple.quicktime.location.ISO6709')),
    box('ilst', box('\0\0\0\x01', box('data', u32(1, 0), 'PLANTED+21.0283+105.8416/'))),
  ),
  xmp: box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), '<x:xmpmeta>PLANTED</x:xmpmeta>'),
  dashcam: box('free', 'GPS PLANTED'),
  unknown: box('SDLN', 'PLANTED serial number'),
}
const PICTURE = 'frame-1 frame-2 frame-3 '
const SOUND = 'sound-1 sound-2 '
const GAP = '[PLANTED between the frames]'
const POSITIONS = '[PLANTED 21.0283,105.8416 a second]'
const FTYP = box('ftyp', 'mp42', u32(0), 'isommp42')
const SIZES = box('stsz', u32(0, 0, 3, 8, 8, 8))

interface Chunk {
  /** Bytes of each sample. */
  readonly samples: readonly number[]
  readonly at: number
}

function track(handler: string, entry: Buffer, chunk: Chunk, extra: readonly Buffer[] = []): Buffer {
  const table = box(
    'stbl',
    box('stsd', u32(0, 1), entry),
    box('stts', u32(0, 1, chunk.samples.length, 1)),
    box('stsc', u32(0, 1, 1, chunk.samples.length, 1)),
    box('stsz', u32(0, 0, chunk.samples.length, ...chunk.samples)),
    box('stco', u32(0, 1, chunk.at)),
    PLANTED.unknown,
  )
  const here = box('dinf', box('dref', u32(0, 1), box('url ', u32(1), 'PLANTED')))
  return box(
    'trak',
    box('tkhd', u32(7, 0xe5000001, 0xe5000002, 1, 0, 10), zeros(60)),
    box(
      'mdia',
      box('mdhd', u32(0, 0xe5000003, 0xe5000004, 30, 90), u32(0)),
      box('hdlr', u32(0, 0), handler, zeros(12), 'PLANTED handler name\0'),
      box('minf', box('vmhd', u32(1), zeros(8)), here, table),
      PLANTED.keys,
    ),
    ...extra,
  )
}

/** A picture entry with the encoder's name, a sound entry with its vendor, and a metadata entry. */
const ENTRIES = {
  vide: box('avc1', zeros(42), 'PLANTED encoder'.padEnd(32, '\0'), zeros(4), box('avcC', 'sps'), PLANTED.unknown),
  soun: box('mp4a', zeros(12), 'PLNT', zeros(12), box('esds', 'decoder'), PLANTED.unknown),
  meta: box('mebx', zeros(8), 'PLANTED'),
}

function movie(offset: { picture: number; sound: number; positions: number }): Buffer {
  return box(
    'moov',
    box('mvhd', u32(0, 0xe5000005, 0xe5000006, 600, 1800), zeros(80)),
    PLANTED.place,
    track('vide', ENTRIES.vide, { samples: [8, 8, 8], at: offset.picture }, [PLANTED.place, PLANTED.keys]),
    track('soun', ENTRIES.soun, { samples: [8, 8], at: offset.sound }, [PLANTED.xmp]),
    track('meta', ENTRIES.meta, { samples: [POSITIONS.length], at: offset.positions }),
    PLANTED.keys,
    PLANTED.unknown,
  )
}

const moovBytes = movie({ picture: 0, sound: 0, positions: 0 }).length
const media = FTYP.length + moovBytes + PLANTED.xmp.length + PLANTED.dashcam.length + 8
const at = {
  picture: media,
  sound: media + PICTURE.length + GAP.length,
  positions: media + PICTURE.length + GAP.length + SOUND.length,
}
const moov = movie(at)
const mdat = box('mdat', PICTURE, GAP, SOUND, POSITIONS)
const film = Buffer.concat([FTYP, moov, PLANTED.xmp, PLANTED.dashcam, mdat, PLANTED.xmp])

describe('a film with marks in every place where phones and cameras write', () => {
  const copy = stripped(film)

  it('has none of them left', () => {
    expect(film.toString('latin1').match(/PLANTED/g)).toHaveLength(27)
    expect(copy.includes('PLANTED')).toBe(false)
    expect(copy.includes('PLNT')).toBe(false)
    expect(copy.includes('21.0283')).toBe(false)
    expect(copy.includes('com.apple')).toBe(false)
  })

  it('has no time of recording left', () => {
    expect(film.includes(Buffer.from([0xe5, 0, 0]))).toBe(true)
    expect(copy.includes(Buffer.from([0xe5, 0, 0]))).toBe(false)
  })

  it('has its frames and its sound where they were, and zeros between them', () => {
    expect(copy).toHaveLength(film.length)
    expect(copy.toString('latin1', at.picture, at.picture + PICTURE.length)).toBe(PICTURE)
    expect(copy.toString('latin1', at.sound, at.sound + SOUND.length)).toBe(SOUND)
    expect(copy.subarray(at.picture + PICTURE.length, at.sound)).toEqual(Buffer.alloc(GAP.length))
    expect(copy.subarray(at.positions, at.positions + POSITIONS.length)).toEqual(Buffer.alloc(POSITIONS.length))
  })

  it('keeps every box in its place; what is gone is free space', () => {
    expect(types(copy)).toEqual(['ftyp', 'moov', 'free', 'free', 'mdat', 'free'])
    const [, kept] = boxesIn(copy, 0, copy.length) ?? []
    const inside = boxesIn(copy, kept!.payload, kept!.end)?.map(({ type }) => type)
    expect(inside).toEqual(['mvhd', 'free', 'trak', 'trak', 'free', 'free', 'free'])
  })

  it('keeps what a player needs: the turn, the duration, the decoder and the sample tables', () => {
    const [, kept] = boxesIn(copy, 0, copy.length) ?? []
    const [trak] = (boxesIn(copy, kept!.payload, kept!.end) ?? []).filter(({ type }) => type === 'trak')
    for (const path of [['tkhd'], ['mdia', 'mdhd'], ['mdia', 'minf', 'vmhd']])
      expect(boxAt(copy, trak!, path)).toBeDefined()
    for (const table of ['stts', 'stsc', 'stsz', 'stco']) {
      const found = boxAt(copy, trak!, ['mdia', 'minf', 'stbl', table])
      expect(copy.subarray(found!.start, found!.end)).toEqual(film.subarray(found!.start, found!.end))
    }
    expect(copy.includes('avcC')).toBe(true)
    expect(copy.includes('sps')).toBe(true)
    expect(copy.includes('decoder')).toBe(true)
  })

  it('stays as it is when it is stripped again', () => {
    expect(stripped(copy).equals(copy)).toBe(true)
  })

  it('is left alone itself: the original bytes do not change', () => {
    const before = Buffer.from(film)
    strip(film, 'video/mp4')
    expect(film.equals(before)).toBe(true)
  })
})

describe('other ways to say the same', () => {
  it('64-bit sizes and offsets', () => {
    const large = Buffer.concat([u32(1), Buffer.from('mdat'), u32(0, 16 + PICTURE.length), Buffer.from(PICTURE)])
    const co64 = box('co64', u32(0, 1, 0, FTYP.length + 16))
    const copy = stripped(Buffer.concat([FTYP, large, tiny({ offsets: co64 })]))
    expect(copy.includes(PICTURE)).toBe(true)
  })

  it('media data to the end of the file', () => {
    const head = Buffer.concat([FTYP, tiny({ at: FTYP.length + tiny({}).length + 8 })])
    const open = Buffer.concat([u32(0), Buffer.from(`mdat${PICTURE}PLANTED`)])
    const copy = stripped(Buffer.concat([head, open]))
    expect(copy.includes(PICTURE)).toBe(true)
    expect(copy.includes('PLANTED')).toBe(false)
  })

  it('samples of one size', () => {
    const sizes = box('stsz', u32(0, 8, 3))
    expect(stripped(Buffer.concat([FTYP, box('mdat', PICTURE), tiny({ sizes })])).includes(PICTURE)).toBe(true)
  })

  it.each([
    ['ISO', 0, 0, 28],
    ['QuickTime, version 1', 0, 1, 44],
    ['QuickTime, version 2', 0, 2, 64],
    ['ISO, version 1', 1, 1, 28],
  ])('sound entries of %s keep their decoder', (_, stsdVersion, version, fixed) => {
    const entry = box(
      'mp4a',
      zeros(8),
      Buffer.from([0, version]),
      zeros(fixed - 10),
      box('esds', 'decoder'),
      PLANTED.unknown,
    )
    const stsd = box('stsd', u32(stsdVersion << 24, 1), entry)
    const copy = stripped(Buffer.concat([FTYP, box('mdat', PICTURE), tiny({ handler: 'soun', stsd })]))
    expect(copy.includes('decoder')).toBe(true)
    expect(copy.includes('PLANTED')).toBe(false)
  })
})

describe('what is not one plain film is not stripped', () => {
  const frames = box('mdat', PICTURE)
  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['no film', Buffer.concat([FTYP, frames])],
    ['two films', Buffer.concat([FTYP, frames, tiny({}), tiny({})])],
    [
      'a hundred boxes of media data',
      Buffer.concat([FTYP, frames, tiny({}), ...Array.from({ length: 100 }, () => box('mdat'))]),
    ],
    ['only tracks of places', Buffer.concat([FTYP, frames, tiny({ handler: 'meta' })])],
    ['fragments', Buffer.concat([FTYP, tiny({}), box('moof'), frames])],
    ['a cut off file', film.subarray(0, film.length - 10)],
    ['a box larger than the file', Buffer.concat([FTYP, u32(0xffffffff), Buffer.from('mdat')])],
    ['a box of 2^64 bytes', Buffer.concat([FTYP, u32(1), Buffer.from('mdat'), u32(0xffffffff, 0xffffffff)])],
    ['a box smaller than its header', Buffer.concat([FTYP, u32(7), Buffer.from('mdat')])],
    ['a large box smaller than its header', Buffer.concat([FTYP, u32(1), Buffer.from('mdat'), u32(0, 15)])],
    ['a box larger than its parent', Buffer.concat([FTYP, box('moov', u32(100), 'trak'), frames, zeros(100)])],
    ['a million empty boxes', Buffer.concat([FTYP, ...Array.from({ length: 20_000 }, () => box('free'))])],
    ['boxes nested a thousand deep', Buffer.concat([FTYP, frames, nested(1000)])],
    ['frames outside the media data', Buffer.concat([FTYP, frames, tiny({ at: 0 })])],
    ['frames behind the end of the file', Buffer.concat([FTYP, frames, tiny({ at: 0xfffffff0 })])],
    [
      'more samples than the table has',
      Buffer.concat([FTYP, frames, tiny({ sizes: box('stsz', u32(0, 0, 0xffffffff, 8)) })]),
    ],
    [
      'more chunks than the table has',
      Buffer.concat([FTYP, frames, tiny({ offsets: box('stco', u32(0, 0xffffffff, 1)) })]),
    ],
    ['chunks of no run', Buffer.concat([FTYP, frames, tiny({ runs: box('stsc', u32(0, 0)) })])],
    ['no sizes', Buffer.concat([FTYP, frames, tiny({ sizes: box('free') })])],
    ['two tables of sizes', Buffer.concat([FTYP, frames, tiny({ sizes: Buffer.concat([SIZES, SIZES]) })])],
    ['uncompressed sound without sizes', Buffer.concat([FTYP, frames, tiny({ sizes: box('stsz', u32(0, 1, 3)) })])],
    [
      'media in another file',
      Buffer.concat([FTYP, frames, tiny({ dref: box('url ', u32(0), 'file:///home/PLANTED\0') })]),
    ],
  ])('%s', (_, bytes) => {
    expect(strip(bytes, 'video/mp4')).toEqual({ notStripped: expect.any(String) })
  })

  it('the same frames asked for a thousand times, as a film that unpacks to terabytes would', () => {
    const offsets = box('stco', u32(0, 1000, ...Array.from({ length: 1000 }, () => FTYP.length + 8)))
    const sizes = box('stsz', u32(0, PICTURE.length, 1000))
    const bytes = Buffer.concat([FTYP, frames, tiny({ offsets, sizes, runs: box('stsc', u32(0, 1, 1, 1, 1)) })])
    expect(strip(bytes, 'video/mp4')).toEqual({ notStripped: expect.stringContaining('no media data') })
  })

  it.each(['video/webm', 'video/x-msvideo', 'image/jpeg', ''])('%j', (type) => {
    expect(strip(film, type)).toEqual({ notStripped: expect.any(String) })
  })
})

describe('hostile bytes', () => {
  it('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(strip(Buffer.from(bytes), 'video/mp4')).toHaveProperty('notStripped')
      }),
    )
  })

  it('damaged films never throw, and never grow', () => {
    const numbers = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff))
    const damage = fc.array(fc.tuple(fc.nat(film.length - 4), numbers), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = Buffer.from(film)
        for (const [offset, number] of changes) damaged.writeUInt32BE(number, offset)
        const answer = strip(damaged, 'video/mp4')
        if ('bytes' in answer) expect(answer.bytes).toHaveLength(film.length)
      }),
      { numRuns: 3000 },
    )
  })
})

/** A film of one track; `PICTURE` right behind `FTYP` unless told otherwise. */
function tiny(parts: {
  handler?: string
  stsd?: Buffer
  at?: number
  offsets?: Buffer
  sizes?: Buffer
  runs?: Buffer
  dref?: Buffer
}): Buffer {
  const table = box(
    'stbl',
    parts.stsd ?? box('stsd', u32(0, 1), ENTRIES.vide),
    parts.runs ?? box('stsc', u32(0, 1, 1, 3, 1)),
    parts.sizes ?? SIZES,
    parts.offsets ?? box('stco', u32(0, 1, parts.at ?? FTYP.length + 8)),
  )
  const dinf = box('dinf', box('dref', u32(0, 1), parts.dref ?? box('url ', u32(1))))
  return box(
    'moov',
    box('trak', box('mdia', box('hdlr', u32(0, 0), parts.handler ?? 'vide'), box('minf', dinf, table))),
  )
}

function nested(depth: number): Buffer {
  let inner = box('moov')
  for (let level = 0; level < depth; level++) inner = box(level % 2 ? 'moov' : 'trak', inner)
  return inner
}

function stripped(bytes: Buffer): Buffer {
  const answer = strip(bytes, 'video/mp4')
  if ('notStripped' in answer) throw new Error(answer.notStripped)
  return answer.bytes
}

function types(bytes: Buffer): string[] | undefined {
  return boxesIn(bytes, 0, bytes.length)?.map(({ type }) => type)
}

function box(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const payload = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
  return Buffer.concat([u32(payload.length + 8), Buffer.from(type, 'latin1'), payload])
}

function u32(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, i * 4)
  return bytes
}

function zeros(length: number): Buffer {
  return Buffer.alloc(length)
}
