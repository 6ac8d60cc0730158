import type { Fault } from '../../core/fault.ts'

/** The port of outgoing HTTP as connectors and channels see it; `makeOutgoing` implements it. */
export interface OutgoingHttp {
  /** One exchange, never a retry, never a redirect followed. A 4xx or 5xx is an answer: `faultOfAnswer` reads it. */
  request(call: HttpCall): Promise<HttpAnswer | Fault>
}

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface HttpAnswer {
  readonly status: number
  /** Lower-case names; a header that came several times is joined by `, ` (RFC 9110 §5.2). Cookies are left out. */
  readonly headers: Readonly<Record<string, string>>
  /** Whole where the status is 2xx; of an error page, what fits into the cap. */
  readonly body: Buffer
}

/** What went over the wire in one call, for the person who looks why it failed: capped, and with every secret taken out. */
export interface ExchangeTrace {
  readonly request: TracedMessage
  /** Absent where no status line came. */
  readonly response?: TracedMessage & { readonly status: number }
  readonly durationMs: number
  /** Why there was no usable answer. */
  readonly error?: string
}

/** Each part is text of at most `TRACE_BYTES`. */
export interface TracedMessage {
  /** `POST https://office.example/in` or `HTTP 200`. */
  readonly line: string
  /** One `name: value` a line. */
  readonly headers: string
  readonly body: string
}
