import { type Fault, fault, isFault } from '../../core/fault.ts'
import { faultOfAnswer } from '../../core/fault-of-answer.ts'
import type { ChannelContext, FetchedFile, RemoteFile } from '../channel.ts'
import type { ZaloSettings } from './settings.ts'

/** What people send lies on Zalo's servers for files, which change; it asks for no password, so none is given. */
export async function fetchZalo(
  { ref }: RemoteFile,
  { settings, http, at }: ChannelContext<ZaloSettings>,
): Promise<FetchedFile | Fault> {
  const url = URL.canParse(ref) ? new URL(ref) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.origin !== new URL(settings.apiUrl).origin)) {
    return fault('rejected', 'No https address of a file')
  }
  const answer = await http.request({ method: 'GET', url: url.href })
  if (isFault(answer)) return answer
  if ([403, 404, 410].includes(answer.status)) return fault('rejected', 'Zalo does not keep the file any more')
  const type = answer.headers['content-type'] ?? 'application/octet-stream'
  return faultOfAnswer(answer, at) ?? { bytes: answer.body, type }
}
