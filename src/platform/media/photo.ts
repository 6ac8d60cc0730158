import exifr from 'exifr'
import { fileTypeFromBuffer } from 'file-type'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Point } from '../../core/words.ts'
import { isPhotoType, type PhotoType } from './accepted-types.ts'
import type { NotStripped, Stripped } from './stripped.ts'

/**
 * 65 million pixels let the 64-megapixel mode of phones pass. A 48-megapixel photo that must be turned took 1.5 s and 560 MB, one of 108
 * took 5.3 s and 1.1 GB.
 */
const MAX_PIXELS = 65_000_000
const MAX_SECONDS = 20
/** EXIF of phones has 1 to 64 kB; JPEG allows no more, the other formats do. */
const MAX_EXIF_BYTES = 256_000
/** What `file-type` looks at most at. */
const HEAD_BYTES = 4100
const OPTIONS: SharpOptions = { limitInputPixels: MAX_PIXELS, failOn: 'error' }

/** What a photo says of itself; a camera may be wrong, and a reporter may have changed it. */
export interface PhotoHint {
  readonly point?: Point
  /** Local time of the camera without a zone: `2026-03-05T14:22:10`. */
  readonly takenAt?: string
}

/** Nothing when the photo says neither where nor when. Never throws, whatever the bytes are: a hint that cannot be read is none. */
export async function readHint(bytes: Buffer): Promise<PhotoHint | undefined> {
  try {
    const type = await fileTypeFromBuffer(bytes.subarray(0, HEAD_BYTES))
    if (!type || !isPhotoType(type.mime)) return undefined
    const { exif } = await sharp(bytes, OPTIONS).metadata()
    if (!exif || exif.length > MAX_EXIF_BYTES) return undefined
    const tags: unknown = await exifr.parse(withoutPrefix(exif), {
      pick: ['DateTimeOriginal', 'GPSLatitude', 'GPSLatitudeRef', 'GPSLongitude', 'GPSLongitudeRef'],
      reviveValues: false,
    })
    if (typeof tags !== 'object' || tags === null) return undefined
    const { latitude, longitude, DateTimeOriginal } = tags as Readonly<Record<string, unknown>>
    const point = pointOf(latitude, longitude)
    const takenAt = localTimeOf(DateTimeOriginal)
    return point || takenAt ? { ...(point && { point }), ...(takenAt && { takenAt }) } : undefined
  } catch {
    return undefined
  }
}

/** JPEG and HEIC put "Exif\0\0" before the TIFF structure, PNG, WebP and AVIF mostly do not; `exifr` wants the structure alone. */
function withoutPrefix(exif: Buffer): Buffer {
  return exif.subarray(0, 6).equals(Buffer.from('Exif\0\0')) ? exif.subarray(6) : exif
}

/** A camera that has no fix writes 0, 0: a place in the sea. */
function pointOf(lat: unknown, lng: unknown): Point | undefined {
  if (typeof lat !== 'number' || typeof lng !== 'number') return undefined
  const onEarth = Math.abs(lat) <= 90 && Math.abs(lng) <= 180
  return onEarth && (lat !== 0 || lng !== 0) ? { lat, lng } : undefined
}

/** `2026:03:05 14:22:10` as EXIF writes it; a day that is not in the calendar, such as the zeros of a camera without a clock, is none. */
function localTimeOf(text: unknown): string | undefined {
  const found = typeof text === 'string' && /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text)
  if (!found) return undefined
  const local = `${found[1]}-${found[2]}-${found[3]}T${found[4]}`
  const time = Date.parse(`${local}Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(local) ? local : undefined
}

/**
 * Decodes and encodes anew, so that nothing but pixels comes through: EXIF, XMP, IPTC, comments and what lies behind the image are gone,
 * the turn that EXIF asked for is applied, colours are converted to sRGB by the profile that came with the photo.
 */
export async function strip(bytes: Buffer, type: string): Promise<Stripped | NotStripped> {
  if (!isPhotoType(type)) return { notStripped: `${type} is no photo` }
  try {
    const { format } = await sharp(bytes, OPTIONS).metadata()
    const { decoder, encode, animated, type: stored } = FORMATS[type]
    if (format !== decoder) return { notStripped: `${type} turned out to be ${format}` }
    const photo = sharp(bytes, { ...OPTIONS, animated }).timeout({ seconds: MAX_SECONDS })
    return { bytes: await encode(photo.autoOrient().toColourspace('srgb')).toBuffer(), type: stored }
  } catch (error) {
    return { notStripped: `${type} cannot be decoded: ${lastLine(error)}` }
  }
}

interface Format {
  /** What sharp calls it once it has looked at the bytes. */
  readonly decoder: string
  readonly animated: boolean
  readonly encode: (photo: Sharp) => Sharp
  readonly type: PhotoType
}

const JPEG = { encode: (photo: Sharp) => photo.jpeg({ quality: 90 }), animated: false, type: 'image/jpeg' } as const

/** AVIF is stored as JPEG, since encoding 12 megapixels of it took 83 s. HEIC holds HEVC, which sharp's own build does not decode. */
const FORMATS: Readonly<Record<PhotoType, Format>> = {
  'image/jpeg': { ...JPEG, decoder: 'jpeg' },
  'image/avif': { ...JPEG, decoder: 'heif' },
  'image/heic': { ...JPEG, decoder: 'heif' },
  'image/heif': { ...JPEG, decoder: 'heif' },
  'image/png': { decoder: 'png', animated: false, encode: (photo) => photo.png(), type: 'image/png' },
  'image/webp': { decoder: 'webp', animated: true, encode: (photo) => photo.webp({ quality: 90 }), type: 'image/webp' },
  'image/gif': { decoder: 'gif', animated: true, encode: (photo) => photo.gif(), type: 'image/gif' },
}

/** libvips puts a line for each step it tried before the one that says why; none quotes the file's content. */
function lastLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.trim().split('\n').at(-1) ?? '').slice(0, 200)
}
