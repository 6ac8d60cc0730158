import { startStandIn } from '../stand-in.ts'
import type { Behaviour } from './behaviour.ts'
import type { Line } from './store.ts'

export interface ExchangeProcess {
  /** What a link is set to: `/v1/sendEdoc` and the rest lie under it. */
  readonly url: string
  control(change: Partial<Behaviour>): Promise<Behaviour>
  ledger(): Promise<Line[]>
  count(): Promise<Count>
  /** The edXML as it came or went. */
  document(docId: string): Promise<string>
  /** As a power cut does it. What it holds is in its store: start it anew on the same file. */
  kill(): Promise<void>
}

export interface Count {
  readonly documents: number
  readonly statuses: number
  readonly duplicates: number
  readonly refused: number
  readonly received: number
}

/** Starts the exchange as a process of its own and waits until it listens. */
export async function startExchange(as: {
  readonly store: string
  readonly organ: string
  readonly systemId: string
  readonly secret: string
  /** As `--offices` takes it; any organ without. */
  readonly offices?: string
  readonly port?: number
  readonly behaviour?: Partial<Behaviour>
}): Promise<ExchangeProcess> {
  const flags = {
    port: String(as.port ?? 0),
    store: as.store,
    organ: as.organ,
    'system-id': as.systemId,
    secret: as.secret,
    offices: as.offices ?? '*',
    behaviour: JSON.stringify(as.behaviour ?? {}),
  }
  const { url, kill } = await startStandIn('exchange', flags)

  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(url + path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer
  }
  return {
    url,
    control: async (change) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/control`, { method: 'POST', headers, body: JSON.stringify(change) })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as Behaviour
    },
    ledger: async () => (await (await get('/ledger')).json()) as Line[],
    count: async () => (await (await get('/ledger/count')).json()) as Count,
    document: async (docId) => (await get(`/ledger/documents/${encodeURIComponent(docId)}`)).text(),
    kill,
  }
}
