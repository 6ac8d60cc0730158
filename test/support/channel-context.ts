import type { ChannelContext, Memory, OutgoingNotice } from '../../src/channels/channel.ts'
import type { Mail } from '../../src/platform/mail/mail.ts'
import type { OutgoingHttp } from '../../src/platform/outgoing/http.ts'
import { makeOutgoing } from '../../src/platform/outgoing/outgoing.ts'

/** For tests of a channel by itself: what it must not use throws. */
export function channelContext<S>(settings: S, given: Partial<ChannelContext<S>> = {}): ChannelContext<S> {
  return {
    settings,
    mail: {} as Mail,
    http: NO_HTTP,
    at: new Date('2026-11-23T01:00:00Z'),
    memory: inMemory(),
    hookUrl: 'https://paht.dienbien.example/hooks/sources/source-1',
    ...given,
  }
}

const NO_HTTP: OutgoingHttp = {
  request: async ({ method, url }) => {
    throw new Error(`not expected: ${method} ${url}`)
  },
}

/** What a source remembers, for as long as the test runs; changes wait for each other as they do under the lock. */
export function inMemory(known?: unknown): Memory {
  let value = known
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: async () => value,
    change: (change) => {
      const next = last.then(async () => {
        value = await change(value)
        return value
      })
      last = next.catch(() => undefined)
      return next
    },
  }
}

export const TOKEN = `${'a1'.repeat(20)}z`

/** A notice of which a channel that sends one sentence looks at that alone. */
export function notice(short: string, more: Partial<OutgoingNotice> = {}): OutgoingNotice {
  return {
    ...{ code: 'DB-26-7K3M-9QXT', at: new Date('2026-11-22T00:00:00Z'), sentence: short },
    ...{ event: 'received', short, publicly: '', token: TOKEN, to: '+84912345678', subject: '', text: '' },
    ...{ earlier: [], lastHeard: new Date('2026-11-22T00:00:00Z'), ...more },
  }
}

/** The way out, into this machine alone; a secret that shows in a trace fails. */
export function outgoing(secrets: readonly string[]): OutgoingHttp {
  return makeOutgoing({
    ...{ timeoutMs: 5_000, maxAnswerBytes: 8 * 1024 * 1024, allow: ['127.0.0.0/8'], secrets },
    trace: (exchange) => {
      const shown = JSON.stringify(exchange)
      for (const secret of secrets) if (shown.includes(secret)) throw new Error('a secret in a trace')
    },
  })
}
