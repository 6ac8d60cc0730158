import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { ChannelContext, FetchedFile, RemoteFile } from '../channel.ts'
import { isRecordingType } from './formats/formats.ts'
import type { HotlineSettings } from './settings.ts'

/** As much as a file may have. An hour at telephone quality is 14 MB. */
export const MOST_RECORDING_BYTES = 25 * 1024 * 1024

/** Of the hosts in the settings alone: whoever can send us a call must not make us ask for what they like, nor learn our password. */
export async function fetchRecording(
  { ref }: RemoteFile,
  { settings, http, at }: ChannelContext<HotlineSettings>,
): Promise<FetchedFile | Fault> {
  const url = URL.canParse(ref) ? new URL(ref) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return fault('rejected', 'The recording has no address')
  if (!settings.recordingHosts.includes(url.host))
    return fault('config', `Recordings of ${url.host} are not fetched: recordingHosts does not name it`)
  const authorization = settings.recordingAuthorization
  const answer = await http.request({
    method: 'GET',
    url: url.href,
    headers: { accept: 'audio/*', ...(authorization !== undefined && { authorization }) },
  })
  if (isFault(answer)) return answer
  // Call centres announce a recording minutes before it can be had.
  if (answer.status === 404) return fault('unreachable', 'Answered 404: the recording is not there yet')
  const refused = faultOfAnswer(answer, at)
  if (refused !== undefined) return refused
  const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
  // What it is in truth its bytes tell; a page with an error on it says so itself.
  if (!isRecordingType(type) && type !== 'application/octet-stream')
    return fault('rejected', `Answered ${type.slice(0, 60) || 'without a type'}: that is no recording`)
  return isFilm(answer.body) ? fault('rejected', FILM) : { bytes: answer.body, type }
}

/** ISO/IEC 14496-12 §4.3: brands of sound alone. */
const SOUND_BRANDS = ['M4A ', 'M4B ', 'F4A ', 'F4B ']

export const FILM = 'a film, and no recording of sound'

/** Of a film a copy is made that leaves the intake, with the voices in it; a caller's voice must not. */
export function isFilm(bytes: Buffer): boolean {
  return bytes.toString('latin1', 4, 8) === 'ftyp' && !SOUND_BRANDS.includes(bytes.toString('latin1', 8, 12))
}
