import { z } from 'zod'
import type { AnyChannel, Handed, Item, OutgoingNotice, Sent } from '../../src/channels/channel.ts'
import type { Fault } from '../../src/core/fault.ts'

/** What a message of the box says; its bytes are this as JSON. */
export interface BoxMessage {
  readonly keys?: readonly string[]
  readonly from?: string
  readonly text?: string
  readonly tokens?: readonly string[]
  readonly codes?: readonly string[]
  readonly thread?: string
  readonly attachments?: readonly { readonly name: string; readonly text: string }[]
  /** It is none of a person, but would be this as a report. */
  readonly ignored?: string
  /** Beside `ignored`: whether its sender wants messages. */
  readonly wish?: 'none' | 'again'
  readonly receipt?: 'bounced' | 'delayed'
  readonly unreadable?: string
}

/** A channel with nothing but the plug's two hard sides, a listener and a sender: for tests of the core that shall not depend on mail. */
export interface Box {
  readonly channel: AnyChannel
  readonly sent: OutgoingNotice[]
  /** How the next attempts end; then all succeed. */
  answer(...answers: readonly (Fault | Sent)[]): void
  /** What a running listener hands over at once. */
  put(...handed: readonly Handed[]): void
  /** Listeners that run now, over all processes of the test. */
  readonly listening: () => number
}

export function makeBox(): Box {
  const sent: OutgoingNotice[] = []
  let answers: readonly (Fault | Sent)[] = []
  const waiting: Handed[] = []
  let wake: () => void = () => undefined
  let listening = 0
  const channel: AnyChannel = {
    kind: 'box',
    settings: z.strictObject({
      since: z.string(),
      notifyBackfill: z.boolean().default(false),
      dailyCap: z.int().default(20),
    }),
    secrets: [],
    intakes: [
      {
        intake: 'listener',
        preview: async () => ({ places: [], waiting: [], newest: [] }),
        run: async ({ signal, take, caughtUp }) => {
          listening++
          signal.addEventListener('abort', () => wake())
          try {
            while (!signal.aborted) {
              await take(waiting.splice(0))
              caughtUp()
              await new Promise<void>((resolve) => {
                wake = resolve
                if (signal.aborted || waiting.length > 0) resolve()
              })
            }
            return undefined
          } finally {
            listening--
          }
        },
      },
    ],
    read: async ({ event, body }) => read(event, JSON.parse(body.toString()) as BoxMessage),
    send: {
      to: 'email',
      whenUnknown: 'again',
      attempt: async (notice) => {
        sent.push(notice)
        const [answer, ...rest] = answers
        answers = rest
        return answer ?? { sent: true }
      },
    },
  }
  return {
    channel,
    sent,
    answer: (...given) => {
      answers = given
    },
    put: (...more) => {
      waiting.push(...more)
      wake()
    },
    listening: () => listening,
  }
}

function read(event: string, message: BoxMessage): readonly Item[] | { readonly unreadable: string } {
  if (message.unreadable !== undefined) return { unreadable: message.unreadable }
  const base = { event, keys: message.keys ?? [`uid:${event}`] }
  const { tokens = [], codes = [] } = message
  if (message.receipt !== undefined)
    return [{ ...base, item: 'receipt', receipt: message.receipt, tokens, text: '550 5.1.1 no such user' }]
  const submitted = {
    ...base,
    item: 'submitted' as const,
    sender: { email: message.from ?? 'lan@example.vn' },
    content: message.text ?? '',
    identitySecret: false,
    contentSecret: false,
    files: [],
    attachments: (message.attachments ?? []).map(({ name, text }) => ({
      name,
      type: 'text/plain',
      bytes: Buffer.from(text),
    })),
    ...(message.thread !== undefined && { thread: message.thread }),
    ...(tokens.length + codes.length > 0 && { answers: { tokens, codes } }),
  }
  return message.ignored === undefined
    ? [submitted]
    : [
        {
          ...{ ...base, item: 'ignored', reason: message.ignored, as: submitted },
          ...(message.wish !== undefined && { wish: { contact: submitted.sender, messages: message.wish } }),
        },
      ]
}

export function handed(uid: number | string, message: BoxMessage, more: Partial<Handed> = {}): Handed {
  return {
    envelope: {
      event: String(uid),
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(message)),
      files: [],
    },
    receivedAt: new Date('2026-10-19T01:30:00Z'),
    place: 'INBOX',
    cursor: { uid },
    ...more,
  }
}
