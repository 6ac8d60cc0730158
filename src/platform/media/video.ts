import { boxesIn } from './mp4-boxes.ts'
import { copyFilm } from './mp4-film.ts'
import type { NotStripped, Stripped } from './stripped.ts'

const MP4_TYPES = ['video/mp4', 'video/quicktime', 'video/x-m4v', 'video/3gpp', 'video/3gpp2']
/** A recording has one; a few cameras begin another after a pause. */
const MAX_MEDIA_BOXES = 64

/**
 * The copy starts as zeros, and only what is needed to play picture and sound is copied into it: the boxes that `mp4-film.ts` names and
 * the media data to which a picture or sound track refers. Everything else (places in `©xyz`, `meta` and `uuid` boxes, tracks with a
 * position a second, what dashboard cameras put between the frames) stays zero, in a `free` box of the same size. No offset changes, so
 * no table is rewritten. What the frames themselves carry (pixels, voices, messages inside H.264) stays.
 *
 * Takes as much memory again as the file has. Never throws, whatever the bytes are.
 */
export function strip(bytes: Buffer, type: string): Stripped | NotStripped {
  if (!MP4_TYPES.includes(type)) return { notStripped: `${type} is no MP4 or QuickTime file` }
  const boxes = boxesIn(bytes, 0, bytes.length)
  if (!boxes) return { notStripped: 'a box does not fit into the file' }
  if (boxes.some((box) => box.type === 'moof')) return { notStripped: 'the film is fragmented' }
  const media = boxes.filter((box) => box.type === 'mdat')
  const films = boxes.filter((box) => box.type === 'moov')
  if (films.length !== 1 || media.length > MAX_MEDIA_BOXES) return { notStripped: 'the file is not one film' }

  const film = { bytes, copy: Buffer.alloc(bytes.length), media, left: bytes.length, tracks: 0 }
  const answer = copyFilm(film, boxes)
  if (answer.problem !== undefined) return { notStripped: answer.problem }
  return film.tracks > 0 ? { bytes: film.copy, type } : { notStripped: 'there is neither picture nor sound' }
}
