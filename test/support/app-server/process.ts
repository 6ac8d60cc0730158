import { startStandIn } from '../stand-in.ts'
import type { Kept } from './app-server.ts'
import type { Behaviour } from './behaviour.ts'

export interface AppServer {
  /** What a source's `webhookUrl` is set to. */
  readonly url: string
  control(change: Partial<Behaviour>): Promise<Behaviour>
  /** It verifies by this one from now on. */
  changeSecret(secret: string): Promise<void>
  kept(): Promise<readonly Kept[]>
  /** Why it refused what it refused. */
  refused(): Promise<readonly string[]>
  kill(): Promise<void>
}

/** Starts it as a process of its own and waits until it listens. */
export async function startAppServer(as: { readonly secret: string; readonly port?: number }): Promise<AppServer> {
  const { url, kill } = await startStandIn('app-server', { secret: as.secret, port: String(as.port ?? 0) })
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(url + path, body && { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
    return answer.json() as Promise<T>
  }
  return {
    url: `${url}/changes`,
    control: (change) => ask('/control', change),
    changeSecret: async (secret) => void (await ask('/secret', { secret })),
    kept: () => ask('/kept'),
    refused: () => ask('/refused'),
    kill,
  }
}
