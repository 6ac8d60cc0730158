import { setTimeout as wait } from 'node:timers/promises'
import { type Behaviour, timeOf } from './behaviour.ts'
import { sign } from './signature.ts'
import type { OwnEvent, Store } from './store.ts'

export interface Hub {
  readonly url: string
  readonly link: string
  readonly callbackSecret: string
}

const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 2_000
/** Requests under way at a time, as an office's outbox has it: what was kept back for long is no reason to storm the hub. */
const AT_ONCE = 16

/** Those who wait for their turn to speak, in the order in which they came. */
export interface Line {
  enter(): Promise<void>
  leave(): void
}

export function openLine(): Line {
  const waiting: (() => void)[] = []
  let speaking = 0
  return {
    enter: () => {
      if (speaking === AT_ONCE) return new Promise((turn) => waiting.push(turn))
      speaking++
      return Promise.resolve()
    },
    leave: () => {
      const next = waiting.shift()
      if (next === undefined) speaking--
      else next()
    },
  }
}

interface Teller {
  readonly hub: Hub
  readonly behaviour: () => Behaviour
  readonly line: Line
  readonly stop: AbortSignal
}

/** What the office will say about a delivery that it has just taken. */
export function eventsAbout(of: { key: string; id: string; kind: string }, behaviour: Behaviour): OwnEvent[] {
  const say = (kind: string, text: string, after: number): OwnEvent => ({
    event: `${of.id}-${kind}`,
    of: of.key,
    kind,
    at: new Date(timeOf(behaviour).getTime() + after).toISOString(),
    text,
  })
  if (behaviour.refuse !== null) return [say('refused', behaviour.refuse, 0)]
  if (!behaviour.answers || of.kind !== 'case') return []
  return [say('taken', '', 0), say('in-progress', '', 1), say('answer', behaviour.answerText, 2)]
}

/** Tells the hub, one event after the other, each until the hub says 2xx; the event's id is the same every time. */
export async function tell(events: readonly OwnEvent[], by: Teller & { readonly store: Store }): Promise<void> {
  for (const event of by.behaviour().outOfOrder ? events.toReversed() : events) {
    for (let pause = FIRST_WAIT_MS; !(await told(event, by)); pause = Math.min(pause * 2, LONGEST_WAIT_MS)) {
      await wait(pause, undefined, { signal: by.stop })
    }
    by.store.told(event.event)
    if (by.behaviour().sendTwice) await told(event, by)
  }
}

async function told(event: OwnEvent, by: Teller): Promise<boolean> {
  by.stop.throwIfAborted()
  if (keepsQuiet(by.behaviour())) return false
  await by.line.enter()
  try {
    by.stop.throwIfAborted()
    return await post(event, by)
  } finally {
    by.line.leave()
  }
}

const keepsQuiet = ({ down, silent }: Behaviour): boolean => silent || down !== null

async function post(event: OwnEvent, by: Teller): Promise<boolean> {
  const body = Buffer.from(JSON.stringify(event))
  const timestamp = Math.floor(timeOf(by.behaviour()).getTime() / 1000)
  try {
    const answer = await fetch(`${by.hub.url}/hooks/links/${by.hub.link}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': event.event,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': sign(by.hub.callbackSecret, { id: event.event, timestamp, body }),
      },
      body,
      signal: AbortSignal.any([by.stop, AbortSignal.timeout(5_000)]),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch (error) {
    // The hub is away, which is one of the things this office is here to live through.
    if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')) return false
    throw error
  }
}
