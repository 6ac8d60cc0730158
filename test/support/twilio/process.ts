import { startStandIn } from '../stand-in.ts'
import type { Behaviour } from './behaviour.ts'

/** A message that it was given to send. */
export interface SentMessage {
  readonly sid: string
  readonly from: string | null
  readonly to: string
  readonly body: string
  readonly statusCallback: string | null
}

/** A webhook as it called it, and what it heard. */
export interface Called {
  readonly status: number
  readonly answer: string
  readonly hook: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TwilioProcess {
  /** What a source's `apiUrl` is set to. */
  readonly url: string
  control(change: Partial<Behaviour>): Promise<Behaviour>
  sent(): Promise<SentMessage[]>
  /** Somebody writes to the number; its webhook is called where `hook` names it. */
  receive(message: {
    readonly from: string
    readonly body: string
    readonly at?: string
    readonly media?: readonly { readonly type: string; readonly base64: string }[]
    readonly hook?: string
    readonly reach?: string
  }): Promise<{ readonly sid: string } & Partial<Called>>
  /** What became of a message that was sent: its status callback is called. */
  status(word: {
    readonly sid: string
    readonly status: string
    readonly errorCode?: string
    readonly reach?: string
  }): Promise<Called>
  kill(): Promise<void>
}

/** Starts it as a process of its own and waits until it listens. */
export async function startTwilio(as: {
  readonly accountSid: string
  readonly authToken: string
  readonly number: string
  readonly service: string
  readonly behaviour?: Partial<Behaviour>
}): Promise<TwilioProcess> {
  const flags = {
    'account-sid': as.accountSid,
    'auth-token': as.authToken,
    number: as.number,
    service: as.service,
    behaviour: JSON.stringify(as.behaviour ?? {}),
  }
  const { url, kill } = await startStandIn('twilio', flags)
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url + path, body && { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as T
  }
  return {
    url,
    control: (change) => ask('/control', change),
    sent: () => ask('/sent'),
    receive: (message) => ask('/receive', message),
    status: (word) => ask('/status', word),
    kill,
  }
}
