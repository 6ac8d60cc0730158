import { StringDecoder } from 'node:string_decoder'
import type { TracedMessage } from './http.ts'

/** Enough to read an error page by, little enough to keep for every attempt. */
export const TRACE_BYTES = 20_000

const REDACTED = '[redacted]'

/** Headers whose whole value goes, known secret or not. */
const SENSITIVE_HEADER = /authori[sz]ation|cookie|signature|secret|token|password|api-?key/i

export interface Message {
  readonly line: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  /** Reading stopped before the end, so the last bytes may be the beginning of a secret. */
  readonly cut: boolean
}

/** Takes secrets out of a message and caps it. Made once per link: the forms in which a secret can appear are many. */
export function tracer(secrets: readonly string[]): (message: Message) => TracedMessage {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))].sort(longestFirst)
  const margin = forms[0]?.length ?? 0

  const shown = (bytes: Buffer, cut: boolean): string => {
    // Reads further than it shows: a secret that the cap would halve is found whole.
    const head = bytes.subarray(0, TRACE_BYTES + margin * 4)
    const text = forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), decoded(head))
    const end = cut || head.length < bytes.length ? Math.max(0, text.length - margin) : text.length
    return decoded(Buffer.from(text.slice(0, end)).subarray(0, TRACE_BYTES))
  }

  return ({ line, headers, body, cut }) => ({
    line: shown(Buffer.from(line), false),
    headers: shown(Buffer.from(headerLines(headers)), false),
    body: shown(body, cut),
  })
}

function headerLines(headers: Message['headers']): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${SENSITIVE_HEADER.test(name) ? REDACTED : [value].flat().join(', ')}`)
    .join('\n')
}

/** As itself, inside JSON, in a path or query, in a form, and in Base64. */
function formsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    Buffer.from(secret).toString('base64'),
  ]
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length
}

/** Without the character that the cap cuts in two. */
function decoded(bytes: Buffer): string {
  return new StringDecoder('utf8').write(bytes)
}
