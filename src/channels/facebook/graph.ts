import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import type { z } from 'zod'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { HttpAnswer } from '../../platform/outgoing/http.ts'
import type { ChannelContext } from '../channel.ts'
import { faultOfGraph } from './graph-fault.ts'
import type { FacebookSettings } from './settings.ts'

export type GraphContext = ChannelContext<FacebookSettings>

interface Asked {
  readonly method: 'GET' | 'POST'
  /** `[page, 'messages']`. */
  readonly path: readonly string[]
  readonly params?: Readonly<Record<string, unknown>>
}

/** One call through Meta's SDK; its answer in the form that is expected. */
export async function graph<T>(ctx: GraphContext, asked: Asked, expected: z.ZodType<T>): Promise<T | Fault> {
  const way: Way = { ctx }
  const { FacebookAdsApi } = await sdk()
  // Made for this call and not `init`, which would be everybody's. The last argument: no crash reports to Meta.
  const api = new FacebookAdsApi(ctx.settings.pageToken, 'en_US', false)
  try {
    const value = await ways.run(way, () => api.call<unknown>(asked.method, [...asked.path], { ...asked.params }))
    const found = expected.safeParse(value)
    return found.success ? found.data : fault('config', 'The Graph API answers otherwise than documented', SENT)
  } catch (error) {
    // What the SDK makes of a refusal holds the address and so the token: the answer itself says all that is needed.
    if (way.answer === undefined) return fault('ours', 'A call to the Graph API could not be made', { cause: error })
    return isFault(way.answer) ? way.answer : faultOfGraph(way.answer, ctx.at)
  }
}

const SENT = { outcomeUnknown: true }

/** Where a call of the SDK goes out, and what came back. */
interface Way {
  readonly ctx: GraphContext
  answer?: HttpAnswer | Fault
}

const ways = new AsyncLocalStorage<Way>()

/** What of axios, which the SDK sends through and offers no way around, is touched here. */
interface Axios {
  readonly defaults: { adapter: unknown }
  getAdapter(adapter: unknown): Adapter
}
type Adapter = (call: AxiosCall) => Promise<unknown>
interface AxiosCall {
  readonly method?: string
  readonly url?: string
  readonly data?: unknown
}

let loaded: Promise<typeof import('facebook-nodejs-business-sdk')> | undefined

/** 33 MB and 200 ms: loaded by the first call, not by every process that knows the channel. */
function sdk(): Promise<typeof import('facebook-nodejs-business-sdk')> {
  loaded ??= import('facebook-nodejs-business-sdk').then((module) => {
    const from = createRequire(import.meta.url).resolve('facebook-nodejs-business-sdk')
    const axios = createRequire(from)('axios') as Axios
    // Others in this process may send through the same axios: what is no call of ours goes its usual way.
    const usual = axios.getAdapter(axios.defaults.adapter)
    const { GRAPH, VERSION } = module.FacebookAdsApi
    const base = `${GRAPH}/${VERSION}`
    axios.defaults.adapter = (call: AxiosCall) => {
      const way = ways.getStore()
      return way === undefined ? usual(call) : send(call, way, base)
    }
    return module
  })
  return loaded
}

/** Through the guarded way out, to the address and version that the source names. */
async function send({ method, url = '', data, ...config }: AxiosCall, way: Way, base: string): Promise<unknown> {
  const { http, settings } = way.ctx
  if (!url.startsWith(`${base}/`)) throw new Error('not an address of the Graph API')
  const writes = method?.toUpperCase() === 'POST'
  way.answer = await http.request({
    method: writes ? 'POST' : 'GET',
    url: `${settings.graphUrl}/${settings.graphVersion}${url.slice(base.length)}`,
    ...(writes && { headers: { 'content-type': 'application/json' }, body: String(data) }),
  })
  if (isFault(way.answer) || way.answer.status >= 300) throw new Error('refused')
  return { data: way.answer.body.toString(), status: way.answer.status, statusText: '', headers: {}, config }
}
