import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { readHint, strip } from './photo.ts'

/** Red on the left, blue on the right, so that a turn can be seen. */
const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#00f' } })
  .composite([{ input: { create: { width: 32, height: 48, channels: 3, background: '#f00' } }, left: 0, top: 0 }])
  .png()
const pixels = await picture.toBuffer()

const EXIF = {
  IFD0: { Artist: 'PLANTED Nguyễn Văn Thử', Make: 'PLANTED make', ImageDescription: 'PLANTED description' },
  IFD2: { DateTimeOriginal: '2026:03:05 14:22:10' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '21/1 1/1 42/1', GPSLongitudeRef: 'E', GPSLongitude: '105/1 50/1 30/1' },
}
const XMP = '<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">PLANTED xmp</x:xmpmeta><?xpacket end="w"?>'
const planted = (photo: Sharp) => photo.withExif(EXIF).withXmp(XMP)
const HINT = { point: { lat: 21 + 1 / 60 + 42 / 3600, lng: 105 + 50 / 60 + 30 / 3600 }, takenAt: '2026-03-05T14:22:10' }

const jpeg = await planted(sharp(pixels).jpeg()).toBuffer()
const png = await planted(sharp(pixels).png()).toBuffer()
const webp = await planted(sharp(pixels).webp()).toBuffer()
const avif = await planted(sharp(pixels).avif()).toBuffer()
const gif = await sharp(pixels).gif().toBuffer()

const PHOTOS: readonly [what: string, type: string, bytes: Buffer, stored: string][] = [
  ['JPEG with EXIF and XMP', 'image/jpeg', jpeg, 'image/jpeg'],
  [
    'JPEG with IPTC',
    'image/jpeg',
    afterStart(jpeg, 0xed, 'Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10PLANTED by-line'),
    'image/jpeg',
  ],
  ['JPEG with a comment', 'image/jpeg', afterStart(jpeg, 0xfe, 'PLANTED comment'), 'image/jpeg'],
  [
    'JPEG with a film behind it',
    'image/jpeg',
    Buffer.concat([jpeg, Buffer.from('....ftypmp42 PLANTED')]),
    'image/jpeg',
  ],
  ['PNG with EXIF', 'image/png', png, 'image/png'],
  ['PNG with text', 'image/png', withPngText(png, 'Author\0PLANTED author'), 'image/png'],
  ['WebP with EXIF and XMP', 'image/webp', webp, 'image/webp'],
  ['AVIF with EXIF and XMP', 'image/avif', avif, 'image/jpeg'],
  ['GIF with a comment', 'image/gif', withGifComment(gif, 'PLANTED comment'), 'image/gif'],
]

describe('strip', () => {
  it.each(PHOTOS)('%s: what was planted is gone', async (_, type, bytes, stored) => {
    expect(bytes.includes('PLANTED')).toBe(true)
    const stripped = await strip(bytes, type)
    if ('notStripped' in stripped) throw new Error(stripped.notStripped)
    expect(stripped.type).toBe(stored)
    expect(stripped.bytes.includes('PLANTED')).toBe(false)
    const { exif, xmp, iptc, icc, comments, width, height } = await sharp(stripped.bytes).metadata()
    expect({ exif, xmp, iptc, icc, comments, width, height }).toEqual({ width: 64, height: 48 })
    expect(await readHint(stripped.bytes)).toBeUndefined()
  })

  it('turns the picture as EXIF asks, since the mark itself is gone afterwards', async () => {
    const turned = await sharp(pixels).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const { data, info } = await decoded(await strip(turned, 'image/jpeg'))
    expect([info.width, info.height]).toEqual([48, 64])
    expect(colourAt(data, info, 24, 5)).toBe('red')
    expect(colourAt(data, info, 24, 60)).toBe('blue')
  })

  it('converts colours to sRGB instead of keeping a profile, whose text can name a device', async () => {
    const wide = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c80' } })
      .withIccProfile('p3')
      .png()
      .toBuffer()
    const stripped = await strip(wide, 'image/png')
    if ('notStripped' in stripped) throw new Error(stripped.notStripped)
    expect((await sharp(wide).metadata()).icc).toBeDefined()
    expect((await sharp(stripped.bytes).metadata()).icc).toBeUndefined()
    const [red, green] = (await decoded(stripped)).data
    expect(Math.abs(red! - 0xcc)).toBeLessThan(4)
    expect(Math.abs(green! - 0x88)).toBeLessThan(4)
  })

  it('keeps an animation moving', async () => {
    const frames = [0, 80, 160, 240].map((red) => ({
      create: { width: 8, height: 8, channels: 3 as const, background: { r: red, g: 0, b: 0 } },
    }))
    const moving = await sharp(await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer())), {
      join: { animated: true },
    })
      .gif()
      .toBuffer()
    const stripped = await strip(moving, 'image/gif')
    if ('notStripped' in stripped) throw new Error(stripped.notStripped)
    expect((await sharp(stripped.bytes).metadata()).pages).toBe(4)
  })

  it.each([
    ['HEIC, whose HEVC is not decoded here', 'image/heic', asHeic(avif)],
    ['bytes of another kind', 'image/jpeg', png],
    [
      'SVG under the name of a photo',
      'image/png',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    ['a type that is no photo', 'image/svg+xml', pixels],
    ['a picture of 4 000 million pixels in 200 bytes', 'image/png', withPngSize(png, 65_000, 65_000)],
    ['a photo that was cut off', 'image/jpeg', jpeg.subarray(0, jpeg.length - 60)],
    ['no bytes', 'image/jpeg', Buffer.alloc(0)],
  ])('%s is not stripped, and the reason quotes nothing of it', async (_, type, bytes) => {
    const refused = await strip(bytes, type)
    expect(refused).toEqual({ notStripped: expect.stringContaining(type) })
    expect(JSON.stringify(refused)).not.toContain('PLANTED')
  })
})

describe('readHint', () => {
  it.each([
    ['JPEG', jpeg],
    ['PNG', png],
    ['WebP', webp],
    ['AVIF', avif],
  ])('%s: says where and when', async (_, bytes) => {
    const hint = await readHint(bytes)
    expect(hint?.takenAt).toBe(HINT.takenAt)
    expect(hint?.point?.lat).toBeCloseTo(HINT.point.lat, 9)
    expect(hint?.point?.lng).toBeCloseTo(HINT.point.lng, 9)
  })

  it.each([
    [
      'south and west',
      { ...EXIF.IFD3, GPSLatitudeRef: 'S', GPSLongitudeRef: 'W' },
      { lat: -HINT.point.lat, lng: -HINT.point.lng },
    ],
    [
      '0, 0, as a camera without a fix writes',
      { ...EXIF.IFD3, GPSLatitude: '0/1 0/1 0/1', GPSLongitude: '0/1 0/1 0/1' },
      undefined,
    ],
    [
      '0/0, as a camera without a fix writes',
      { ...EXIF.IFD3, GPSLatitude: '0/0 0/0 0/0', GPSLongitude: '0/0 0/0 0/0' },
      undefined,
    ],
    ['off the earth', { ...EXIF.IFD3, GPSLatitude: '91/1 0/1 0/1' }, undefined],
    ['half a place', { GPSLatitudeRef: 'N', GPSLatitude: '21/1 1/1 42/1' }, undefined],
  ])('%s', async (_, IFD3, point) => {
    const bytes = await sharp(pixels).jpeg().withExif({ IFD3 }).toBuffer()
    const hint = await readHint(bytes)
    if (!point) return expect(hint).toBeUndefined()
    expect(hint?.point?.lat).toBeCloseTo(point.lat, 9)
    expect(hint?.point?.lng).toBeCloseTo(point.lng, 9)
  })

  it.each(['0000:00:00 00:00:00', '2026:02:31 10:00:00', '2026:01:01 25:00:00', '    :  :     :  :  ', 'yesterday'])(
    '%j is no time',
    async (DateTimeOriginal) => {
      const bytes = await sharp(pixels).jpeg().withExif({ IFD2: { DateTimeOriginal } }).toBuffer()
      expect(await readHint(bytes)).toBeUndefined()
    },
  )

  it.each([5, 10, 12])(
    'four thousand million values of type %i in one tag cost neither memory nor time',
    async (type) => {
      const ifd = (tag: number, kind: number, count: number, value: number) => {
        const bytes = Buffer.alloc(18)
        bytes.writeUInt16BE(1, 0)
        bytes.writeUInt16BE(tag, 2)
        bytes.writeUInt16BE(kind, 4)
        bytes.writeUInt32BE(count, 6)
        bytes.writeUInt32BE(value, 10)
        return bytes
      }
      const tiff = Buffer.concat([
        Buffer.from('MM\0*\0\0\0\x08'),
        ifd(0x8769, 4, 1, 26),
        ifd(0x9003, type, 0xffffffff, 44),
      ])
      const plain = await sharp(pixels).jpeg().toBuffer()
      expect(await readHint(afterStart(plain, 0xe1, `Exif\0\0${tiff.toString('latin1')}`))).toBeUndefined()
    },
  )
})

describe('hostile bytes', () => {
  const types = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/heic', 'video/mp4']

  it('random bytes never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom(...types), async (bytes, type) => {
        expect(await readHint(Buffer.from(bytes))).toBeUndefined()
        expect(await strip(Buffer.from(bytes), type)).toHaveProperty('notStripped')
      }),
    )
  })

  it('damaged photos never throw and never let through what was planted', async () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PHOTOS), damage, async ([, type, bytes], changes) => {
        const damaged = Buffer.from(bytes)
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte
        await readHint(damaged)
        const stripped = await strip(damaged, type)
        if ('bytes' in stripped) expect(stripped.bytes.includes('PLANTED')).toBe(false)
      }),
      { numRuns: 200 },
    )
  }, 30_000)
})

function afterStart(bytes: Buffer, marker: number, content: string): Buffer {
  const body = Buffer.from(content, 'latin1')
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([bytes.subarray(0, 2), head, body, bytes.subarray(2)])
}

/** Length, type, data and CRC, as PNG has it (RFC 2083 §3.2). */
function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

function withPngText(bytes: Buffer, text: string): Buffer {
  return Buffer.concat([bytes.subarray(0, 33), pngChunk('tEXt', Buffer.from(text)), bytes.subarray(33)])
}

function withPngSize(bytes: Buffer, width: number, height: number): Buffer {
  const header = Buffer.from(bytes.subarray(16, 29))
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  return Buffer.concat([bytes.subarray(0, 8), pngChunk('IHDR', header), bytes.subarray(33)])
}

function withGifComment(bytes: Buffer, comment: string): Buffer {
  const block = Buffer.concat([Buffer.from([0x21, 0xfe, comment.length]), Buffer.from(comment), Buffer.from([0])])
  return Buffer.concat([bytes.subarray(0, -1), block, bytes.subarray(-1)])
}

/** The names that make a HEIC of it; the content stays AV1, which is no HEVC. */
function asHeic(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replaceAll('avif', 'heic').replaceAll('av01', 'hvc1').replaceAll('av1C', 'hvcC')
  return Buffer.from(text, 'latin1')
}

async function decoded(stripped: Awaited<ReturnType<typeof strip>>) {
  if ('notStripped' in stripped) throw new Error(stripped.notStripped)
  return sharp(stripped.bytes).raw().toBuffer({ resolveWithObject: true })
}

function colourAt(
  data: Buffer,
  { width, channels }: { width: number; channels: number },
  x: number,
  y: number,
): string {
  const at = (y * width + x) * channels
  return data[at]! > data[at + 2]! ? 'red' : 'blue'
}
