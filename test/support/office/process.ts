import { startStandIn } from '../stand-in.ts'
import type { Behaviour } from './behaviour.ts'
import type { Held, OwnEvent } from './store.ts'

export interface OfficeProcess {
  /** Where it takes deliveries. */
  readonly url: string
  /** Where it can be asked, with `{key}`. */
  readonly lookupUrl: string
  control(change: Partial<Behaviour>): Promise<Behaviour>
  ledger(): Promise<Held[]>
  count(): Promise<{ held: number; arrived: number }>
  updates(): Promise<(OwnEvent & { told: boolean })[]>
  /** How many of them the hub has not confirmed. */
  untold(): Promise<number>
  /** As a power cut does it. What it holds is in its store: start it anew on the same file. */
  kill(): Promise<void>
}

/** Starts the office as a process of its own and waits until it listens. */
export async function startOffice(as: {
  readonly store: string
  readonly urlOfHub: string
  readonly link: string
  readonly secret: string
  readonly callbackSecret: string
  readonly port?: number
  readonly behaviour?: Partial<Behaviour>
}): Promise<OfficeProcess> {
  const flags = {
    port: String(as.port ?? 0),
    store: as.store,
    'url-of-hub': as.urlOfHub,
    link: as.link,
    secret: as.secret,
    'callback-secret': as.callbackSecret,
    behaviour: JSON.stringify(as.behaviour ?? {}),
  }
  const { url, kill } = await startStandIn('office', flags)

  const get = async <T>(path: string) => (await (await fetch(url + path)).json()) as T
  return {
    url: `${url}/deliveries`,
    lookupUrl: `${url}/deliveries/{key}`,
    control: async (change) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/control`, { method: 'POST', headers, body: JSON.stringify(change) })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as Behaviour
    },
    ledger: () => get('/ledger'),
    count: () => get('/ledger/count'),
    updates: () => get('/updates'),
    untold: async () => (await get<{ untold: number }>('/updates/count')).untold,
    kill,
  }
}
