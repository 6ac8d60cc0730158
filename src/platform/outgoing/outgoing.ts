import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { type buildConnector, Client, type Dispatcher } from 'undici'
import { type Fault, fault, isFault } from '../../core/fault.ts'
import { guardedConnector } from './connect.ts'
import { faultOfError } from './fault-of-error.ts'
import type { ExchangeTrace, HttpAnswer, HttpCall, OutgoingHttp } from './http.ts'
import { tracer } from './trace.ts'

export interface OutgoingOptions {
  /** For the whole exchange: name, connection, handshake, request, answer to its last byte. */
  readonly timeoutMs: number
  readonly maxAnswerBytes: number
  /** CIDRs that may be reached although they are private. */
  readonly allow: readonly string[]
  /** Taken out of the trace wherever they stand. */
  readonly secrets: readonly string[]
  /** Called once per request, before it returns. */
  readonly trace: (exchange: ExchangeTrace) => void
  /** The system's resolver unless given. */
  readonly lookup?: LookupFunction
}

const MAX_HEADER_BYTES = 16_384

/**
 * The one way out over HTTP. Each call has a connection of its own: its address is judged anew, nothing waits behind another call,
 * and whether the request can have left is known for certain (an idle connection that dies under a request leaves that open).
 * No redirects, no cookies, no proxy of the environment.
 */
export function makeOutgoing(options: OutgoingOptions): OutgoingHttp {
  const connect = guardedConnector({ ...options, lookup: options.lookup ?? systemLookup })
  const traced = tracer(options.secrets)
  return {
    async request(call) {
      const started = performance.now()
      const wire: Wire = { sent: false, chunks: [], size: 0, whole: false }
      const outcome = await exchange(call, wire, { options, connect })
      options.trace({
        request: traced({
          line: `${call.method} ${call.url}`,
          headers: call.headers ?? {},
          body: Buffer.from(call.body ?? ''),
          cut: false,
        }),
        ...(wire.response && {
          response: {
            status: wire.response.statusCode,
            ...traced({
              line: `HTTP ${wire.response.statusCode}`,
              headers: wire.response.headers,
              body: Buffer.concat(wire.chunks),
              cut: !wire.whole,
            }),
          },
        }),
        durationMs: Math.round(performance.now() - started),
        ...(isFault(outcome) && { error: outcome.message }),
      })
      return outcome
    },
  }
}

/** What has happened so far, also where it then fails. */
interface Wire {
  sent: boolean
  response?: Dispatcher.ResponseData
  readonly chunks: Buffer[]
  size: number
  whole: boolean
}

async function exchange(
  call: HttpCall,
  wire: Wire,
  by: { readonly options: OutgoingOptions; readonly connect: buildConnector.connector },
): Promise<HttpAnswer | Fault> {
  const url = addressOf(call.url)
  if (isFault(url)) return url
  const client = new Client(url.origin, {
    connect: (to, done) =>
      by.connect(to, (...result) => {
        wire.sent = result[0] === null
        done(...result)
      }),
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The timer below limits the whole; a limit between bytes would only blur which of the two struck.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const timer = setTimeout(() => {
    void client.destroy(new DOMException('The total time ran out', 'TimeoutError'))
  }, by.options.timeoutMs)
  try {
    wire.response = await client.request({
      method: call.method,
      path: url.pathname + url.search,
      headers: { 'user-agent': 'paht-hub', 'accept-encoding': 'identity', ...call.headers },
      body: call.body ?? null,
    })
    await readBody(wire.response.body, wire, by.options.maxAnswerBytes)
    return answerOf(wire, wire.response, by.options.maxAnswerBytes)
  } catch (error) {
    return faultOfError(error, { host: url.host, sent: wire.sent })
  } finally {
    clearTimeout(timer)
    await client.destroy()
  }
}

function addressOf(text: string): URL | Fault {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    return fault('config', 'The address is no http or https URL')
  }
  // They would stand in every log on the way; a header carries them.
  if (url.username || url.password) return fault('config', `The address of ${url.host} holds a user name or password`)
  return url
}

/** Stops one chunk (64 kB at most) after the cap. */
async function readBody(body: AsyncIterable<Buffer>, wire: Wire, maxBytes: number): Promise<void> {
  for await (const chunk of body) {
    wire.chunks.push(chunk)
    wire.size += chunk.length
    if (wire.size > maxBytes) return
  }
  wire.whole = true
}

/** An error page may be cut, its status says it all. A success must be whole: half a file or half a JSON would pass for the whole. */
function answerOf(wire: Wire, response: Dispatcher.ResponseData, maxBytes: number): HttpAnswer | Fault {
  const status = response.statusCode
  if (!wire.whole && status >= 200 && status < 300) {
    return fault('config', `Answered ${status} with more than ${maxBytes} bytes: the address is not the one meant`, {
      outcomeUnknown: true,
    })
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined && name !== 'set-cookie') headers[name] = [value].flat().join(', ')
  }
  return { status, headers, body: Buffer.concat(wire.chunks).subarray(0, maxBytes) }
}
