import { startStandIn } from '../stand-in.ts'
import type { Behaviour } from './behaviour.ts'

export interface GraphClient {
  /** Where the hub asks and sends: its `graphUrl`. */
  readonly url: string
  /** What a person does: `message`, `edit-message`, `post`, `comment`, `edit-comment`, `remove-comment`. */
  does(what: string, body: object): Promise<{ readonly id: string }>
  control(change: Partial<Behaviour>): Promise<Behaviour>
  /** What the hub wrote. */
  ledger(): Promise<Ledger>
  /** Tells the hub again what it did not take; how much is left. */
  tellAgain(): Promise<number>
}

export interface GraphProcess extends GraphClient {
  kill(): Promise<void>
}

export interface Ledger {
  readonly messages: readonly { readonly id: string; readonly talk: string; readonly text: string }[]
  readonly comments: readonly { readonly id: string; readonly post: string; readonly text: string }[]
  readonly repliedTo: readonly string[]
}

/** Starts it as a process of its own and waits until it listens. */
export async function startGraph(as: {
  readonly page: string
  readonly token: string
  readonly appSecret: string
  readonly hookUrl?: string
  readonly port?: number
  readonly behaviour?: Partial<Behaviour>
}): Promise<GraphProcess> {
  const flags = {
    port: String(as.port ?? 0),
    page: as.page,
    token: as.token,
    'app-secret': as.appSecret,
    ...(as.hookUrl !== undefined && { 'hook-url': as.hookUrl }),
    behaviour: JSON.stringify(as.behaviour ?? {}),
  }
  const { url, kill } = await startStandIn('graph', flags)

  return {
    ...graphAt(url),
    kill,
  }
}

export function graphAt(url: string): GraphClient {
  const post = async <T>(path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as T
  }
  return {
    url,
    does: (what, body) => post(`/people/${what}`, body),
    control: (change) => post('/control', change),
    ledger: async () => (await (await fetch(`${url}/ledger`)).json()) as Ledger,
    tellAgain: async () => (await post<{ untold: number }>('/tell-again', {})).untold,
  }
}
