import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'

export interface Held {
  readonly key: string
  /** Ours: `VP-000001` and so on. */
  readonly id: string
  readonly kind: string
  readonly caseId: string
  readonly code: string
  readonly title: string
  readonly text: string
  /** Its code. */
  readonly agency: string
  readonly urgent: boolean
  readonly dueAt?: string | undefined
  readonly reporter?: { readonly name?: string | undefined; readonly phone?: string | undefined } | undefined
  readonly receivedAt: string
  /** How often it arrived, the first time included. */
  times: number
  readonly files: readonly {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly url: string
  }[]
}

/** One thing to tell the hub. */
export interface OwnEvent {
  readonly event: string
  readonly of: string
  readonly kind: string
  readonly at: string
  readonly text: string
}

type Line =
  | { readonly line: 'held'; readonly held: Omit<Held, 'times'>; readonly events: readonly OwnEvent[] }
  | { readonly line: 'again'; readonly key: string }
  | { readonly line: 'says'; readonly event: OwnEvent }
  | { readonly line: 'told'; readonly event: string }

/** What the office holds: a file that only grows, each line on disk before anyone hears of it, so that a kill loses nothing. */
export interface Store {
  readonly held: ReadonlyMap<string, Held>
  /** Not yet confirmed by the hub, oldest first. */
  untold(): readonly OwnEvent[]
  events(): readonly (OwnEvent & { readonly told: boolean })[]
  /** The delivery and what will be said about it, in one line: both or neither. */
  take(held: Omit<Held, 'times'>, events: readonly OwnEvent[]): void
  again(key: string): void
  /** What somebody at the office says by hand. */
  says(event: OwnEvent): void
  told(event: string): void
  close(): void
}

export function openStore(path: string): Store {
  const held = new Map<string, Held>()
  const events = new Map<string, OwnEvent & { told: boolean }>()

  const apply = (line: Line): void => {
    if (line.line === 'held') {
      held.set(line.held.key, { ...line.held, times: 1 })
      for (const event of line.events) events.set(event.event, { ...event, told: false })
    }
    if (line.line === 'says') events.set(line.event.event, { ...line.event, told: false })
    if (line.line === 'again') held.get(line.key)!.times += 1
    if (line.line === 'told') events.get(line.event)!.told = true
  }
  for (const line of linesOf(path)) apply(JSON.parse(line) as Line)

  const file = openSync(path, 'a')
  const append = (line: Line): void => {
    writeSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
    apply(line)
  }
  return {
    held,
    untold: () => [...events.values()].filter(({ told }) => !told),
    events: () => [...events.values()],
    take: (one, about) => append({ line: 'held', held: one, events: about }),
    again: (key) => append({ line: 'again', key }),
    says: (event) => append({ line: 'says', event }),
    told: (event) => append({ line: 'told', event }),
    close: () => closeSync(file),
  }
}

/** A line without its end was never answered for: a kill fell into the middle of it. */
function linesOf(path: string): string[] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
  if (whole.length < bytes.length) truncateSync(path, whole.length)
  return whole.toString().split('\n').filter(Boolean)
}
