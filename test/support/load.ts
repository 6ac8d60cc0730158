import { setTimeout as later } from 'node:timers/promises'
import type { ReportForm } from './citizens.ts'

/** What one attempt came to; without a status there was no answer at all. */
export interface Answer {
  readonly status: number | undefined
  readonly code?: string
  readonly link?: string
  readonly retryAfter?: string | undefined
  readonly milliseconds: number
}

export type Photo = Uint8Array<ArrayBuffer>

/** One line of the citizens' own ledger: what was sent under one Idempotency-Key, and every answer to it. */
export interface Sent {
  readonly key: string
  readonly form: ReportForm
  readonly photo?: Photo | undefined
  /** Sent by the same person in the same words in the same second: one matter, whatever the number of keys. */
  readonly matter: string
  readonly answers: Answer[]
  /** Answers to another text under the same key. */
  readonly abused: Answer[]
}

export interface Crowd {
  readonly ledger: readonly Sent[]
  /** Requests that wait for an answer at this moment. */
  inFlight(): number
  acknowledged(): number
  /** Called with each code at the very moment at which it is promised. */
  onPromise(listen: ((url: string) => void) | undefined): void
  /** Sends so many more under new keys and resolves when each is acknowledged. */
  send(count: number): Promise<void>
  /** Goes on sending until `stop`, as long as `room` says so; then everything sent is acknowledged. */
  flow(room: () => boolean): { stop(): Promise<void> }
  /** One attempt under a new key. */
  once(photo?: Photo): Promise<Sent>
  /** Again under the same key, until it is settled. */
  insist(sent: Sent): Promise<void>
}

export interface CrowdOptions {
  /** Where the portals are; a citizen whose attempt fails tries the next one. */
  readonly portals: readonly string[]
  readonly people: Iterator<ReportForm, never>
  /** May people press "send" twice on two machines in the same second? Asked for each report. */
  readonly pairs: () => boolean
  readonly atOnce: number
}

/** A citizen gives up on an attempt after this, and tries again. */
const PATIENCE_MS = 15_000
const AGAIN_AFTER_MS = 200

/** Of each twelve: one matter told by two people, one request sent to two machines at once, one sent again after its answer, one key used for something else. */
const HABITS = [
  'plain',
  'pair',
  'plain',
  'both',
  'plain',
  'plain',
  'again',
  'plain',
  'abuse',
  'plain',
  'plain',
  'plain',
] as const

export function crowd({ portals, people, pairs, atOnce }: CrowdOptions): Crowd {
  const ledger: Sent[] = []
  let turn = 0
  let flying = 0
  let promised = 0
  let listener: ((url: string) => void) | undefined

  const portal = () => portals[turn++ % portals.length]!
  const open = (form: ReportForm, { matter, photo }: { matter?: string; photo?: Photo | undefined } = {}): Sent => {
    const key = `k${ledger.length + 1}`
    const sent = { key, form, photo, matter: matter ?? key, answers: [], abused: [] }
    ledger.push(sent)
    return sent
  }

  async function attempt(url: string, sent: Sent, form = sent.form): Promise<Answer> {
    flying++
    const answer = await post(url, { ...sent, form })
    flying--
    if (form !== sent.form) sent.abused.push(answer)
    else {
      if (answer.status === 201 && !sent.answers.some((a) => a.status === 201)) promised++
      sent.answers.push(answer)
    }
    if (answer.status === 201) listener?.(url)
    return answer
  }

  /** Until it is settled, one way or the other. */
  async function insist(sent: Sent, { url = portal(), form = sent.form } = {}): Promise<void> {
    for (let to = url; ; to = portal()) {
      const { status } = await attempt(to, sent, form)
      if (status !== undefined && status !== 503) return
      await later(AGAIN_AFTER_MS)
    }
  }

  async function act(): Promise<void> {
    const habit = HABITS[ledger.length % HABITS.length]!
    const form = people.next().value
    const sent = open(form)
    const [here, there] = [portal(), portal()]
    if (habit === 'pair' && pairs()) {
      // By somebody else: what one person sends is read one after the other, their limits being counted.
      const { name, phone } = people.next().value
      const twin = open({ ...form, name, phone }, { matter: sent.matter })
      await Promise.all([insist(sent, { url: here }), insist(twin, { url: there })])
    } else if (habit === 'both') await Promise.all([insist(sent, { url: here }), insist(sent, { url: there })])
    else await insist(sent, { url: here })
    if (habit === 'again') await insist(sent, { url: there })
    if (habit === 'abuse') await insist(sent, { url: there, form: { ...form, content: `${form.content} (2)` } })
  }

  return {
    ledger,
    inFlight: () => flying,
    acknowledged: () => promised,
    onPromise: (listen) => {
      listener = listen
    },
    send: async (count) => {
      const enough = ledger.length + count
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          while (ledger.length < enough) await act()
        }),
      )
    },
    flow: (room) => {
      let stopped = false
      const people_ = Array.from({ length: atOnce }, async () => {
        while (!stopped) {
          if (room()) await act()
          else await later(20)
        }
      })
      return {
        stop: async () => {
          stopped = true
          await Promise.all(people_)
        },
      }
    },
    once: async (photo) => {
      const sent = open(people.next().value, { photo })
      await attempt(portal(), sent)
      return sent
    },
    insist: (sent) => insist(sent),
  }
}

async function post(url: string, sent: Pick<Sent, 'key' | 'form' | 'photo'>): Promise<Answer> {
  const started = performance.now()
  try {
    const answer = await fetch(`${url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'idempotency-key': sent.key, ...(sent.photo === undefined && { 'content-type': 'application/json' }) },
      body: sent.photo === undefined ? JSON.stringify(sent.form) : withPhoto(sent.form, sent.photo),
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const { code, link } = (await answer.json()) as { code?: string; link?: string }
    return {
      status: answer.status,
      ...(code !== undefined && { code }),
      ...(link !== undefined && { link }),
      retryAfter: answer.headers.get('retry-after') ?? undefined,
      milliseconds: performance.now() - started,
    }
  } catch {
    // Refused, reset, cut off in the middle or too slow: the sender knows nothing, and that is what the ledger says.
    return { status: undefined, milliseconds: performance.now() - started }
  }
}

function withPhoto(form: ReportForm, photo: Photo): FormData {
  const whole = new FormData()
  for (const [name, value] of Object.entries(form)) whole.append(name, String(value))
  whole.append('photos', new Blob([photo], { type: 'image/jpeg' }), 'photo.jpg')
  return whole
}
