import { startStandIn } from '../stand-in.ts'
import type { Behaviour } from './behaviour.ts'

export interface ZaloProcess {
  /** What a source's `apiUrl` and `oauthUrl` are set to. */
  readonly url: string
  control(change: Partial<Behaviour>): Promise<Behaviour>
  /** No access token holds any more. */
  expire(): Promise<void>
  sent(): Promise<{ readonly id: string; readonly user: string; readonly text: string }[]>
  /** How often a token was asked for. */
  asked(): Promise<number>
  /** Where a file lies that a person sends. */
  keep(bytes: Buffer): Promise<string>
  /** An event, signed; the webhook is called where `reach` names it. */
  happens(
    event: object,
    reach?: string,
  ): Promise<{ readonly headers: Record<string, string>; readonly body: string; readonly status?: number }>
  kill(): Promise<void>
}

/** Starts it as a process of its own and waits until it listens. */
export async function startZalo(as: {
  readonly oaId: string
  readonly appId: string
  readonly secretKey: string
  readonly appSecret: string
  readonly refreshToken: string
  readonly behaviour?: Partial<Behaviour>
}): Promise<ZaloProcess> {
  const flags = {
    'oa-id': as.oaId,
    'app-id': as.appId,
    'secret-key': as.secretKey,
    'app-secret': as.appSecret,
    'refresh-token': as.refreshToken,
    behaviour: JSON.stringify(as.behaviour ?? {}),
  }
  const { url, kill } = await startStandIn('zalo', flags)
  const ask = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url + path, body && { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    url,
    control: (change) => ask('/control', change),
    expire: () => ask('/expire', {}),
    sent: () => ask('/sent'),
    asked: async () => (await ask('/tokens')).asked,
    keep: async (bytes) => url + (await ask('/files', { base64: bytes.toString('base64') })).path,
    happens: (event, reach) => ask('/happens', { event, ...(reach !== undefined && { reach }) }),
    kill,
  }
}
