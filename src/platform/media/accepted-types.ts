/**
 * What a reporter may attach, by the bytes of the file. Accepted is more than shown: a file that cannot be stripped of its metadata
 * (`photo.ts`, `video.ts`) reaches the officers and nobody else.
 */
export const PHOTO_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/heic',
  'image/heif',
] as const

const VIDEO_TYPES = ['video/mp4', 'video/quicktime', 'video/x-m4v', 'video/3gpp', 'video/3gpp2', 'video/webm'] as const

export const ACCEPTED_TYPES = [...PHOTO_TYPES, ...VIDEO_TYPES] as const

export type PhotoType = (typeof PHOTO_TYPES)[number]
type VideoType = (typeof VIDEO_TYPES)[number]

export function isPhotoType(type: string): type is PhotoType {
  return PHOTO_TYPES.some((known) => known === type)
}

export function isVideoType(type: string): type is VideoType {
  return VIDEO_TYPES.some((known) => known === type)
}

export function isAcceptedType(type: string): boolean {
  return isPhotoType(type) || isVideoType(type)
}
