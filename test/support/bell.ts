import { z } from 'zod'
import type {
  AnyChannel,
  FetchedFile,
  HookCall,
  Item,
  OutgoingNotice,
  Revised,
  Sent,
  ShutForNow,
  Submitted,
} from '../../src/channels/channel.ts'
import { signatureSetting } from '../../src/channels/webhook-settings.ts'
import { type Fault, fault, isFault } from '../../src/core/fault.ts'

/** A channel with the plug's webhook and nothing else that is hard: a body is the items themselves, as JSON. */
export interface Bell {
  readonly channel: AnyChannel
  readonly sent: OutgoingNotice[]
  /** Every call that was to be verified. */
  readonly calls: HookCall[]
  /** How the next notices end; then all are sent. */
  answer(...answers: readonly (Sent | ShutForNow | Fault)[]): void
  /** What the provider has behind a link now. */
  readonly remote: Map<string, FetchedFile | Fault | (() => Promise<FetchedFile | Fault>)>
  /** What the provider says there was, when it is asked. Its cursor is how much of it was taken. */
  readonly history: (Fault | { readonly items: readonly Item[]; readonly receivedAt: Date })[]
}

export const SIGNED = { 'x-bell': 'ding', 'content-type': 'application/json' }

export function makeBell(kind = 'bell', to: 'provider' | 'phone' = 'provider'): Bell {
  const sent: OutgoingNotice[] = []
  const calls: HookCall[] = []
  const remote: Bell['remote'] = new Map()
  const history: Bell['history'] = []
  let answers: readonly (Sent | ShutForNow | Fault)[] = []
  const channel: AnyChannel = {
    kind,
    settings: z.strictObject({ signature: signatureSetting }),
    secrets: [],
    intakes: [
      {
        intake: 'webhook',
        maxBytes: 64 * 1024,
        challenge: ({ word }) => (word === 'open' ? 'sesame' : undefined),
        verify: (call) => {
          calls.push(call)
          return call.headers['x-bell'] === 'ding' ? undefined : fault('rejected', 'it does not ring')
        },
        reply: { contentType: 'text/plain', body: 'dong' },
      },
    ],
    read: async ({ body }) => JSON.parse(body.toString()) as readonly Item[],
    fetchFile: async ({ ref }) => {
      const found = remote.get(ref) ?? fault('unreachable', 'the provider is away')
      return typeof found === 'function' ? found() : found
    },
    reconcile: async function* (cursor) {
      const from = typeof cursor === 'number' ? cursor : 0
      for (const [i, one] of history.entries()) {
        if (i < from) continue
        if (isFault(one)) return yield one
        const body = Buffer.from(JSON.stringify(one.items))
        const envelope = { event: `page ${i}`, contentType: 'application/json', body, files: [] }
        yield { envelope, receivedAt: one.receivedAt, cursor: i + 1 }
      }
    },
    send: {
      to,
      whenUnknown: 'again',
      attempt: async (notice) => {
        sent.push(notice)
        const [answer, ...rest] = answers
        answers = rest
        return answer ?? { sent: true, providerIds: [`out-${sent.length}`] }
      },
    },
  }
  const answer: Bell['answer'] = (...given) => {
    answers = given
  }
  return { channel, sent, calls, remote, history, answer }
}

/** What somebody says in a talk. */
export function said(id: string, content: string, more: Partial<Submitted> = {}): Submitted {
  return {
    ...{ item: 'submitted', event: id, keys: [`m:${id}`], sender: { provider: 'lan' }, talk: 'lan', content },
    ...{ identitySecret: false, contentSecret: false, files: [], ...more },
  } as Submitted
}

/** A later word about it. */
export function edited(id: string, content: string, at: string, how: Revised['how'] = 'edited'): Revised {
  return { item: 'revised', event: `${id} ${at}`, keys: [`m:${id}`], how, at, now: said(id, content) }
}
