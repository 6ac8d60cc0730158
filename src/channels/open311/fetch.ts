import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { ChannelContext, FetchedFile, RemoteFile } from '../channel.ts'
import type { Open311Settings } from './settings.ts'

/** As large as a file that is sent along. */
export const MOST_FILE_BYTES = 25 * 1024 * 1024

/** What a client keeps behind `media_url`; it asks for no password, so none is given. */
export async function fetchMedia(
  { ref }: RemoteFile,
  { http, at }: ChannelContext<Open311Settings>,
): Promise<FetchedFile | Fault> {
  const answer = await http.request({ method: 'GET', url: ref })
  if (isFault(answer)) return answer
  // A link that is gone, or that wants a password, is that file's misfortune, not the client's.
  if (answer.status >= 300 && answer.status < 500 && answer.status !== 429)
    return fault('rejected', `Answered ${answer.status}: no file lies there`)
  const type = answer.headers['content-type'] ?? 'application/octet-stream'
  return faultOfAnswer(answer, at) ?? { bytes: answer.body, type }
}
