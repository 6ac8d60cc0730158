import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Envelope, Item, Unreadable } from '../channel.ts'
import { readChange } from './feed.ts'
import { FOUND, readFound } from './found.ts'
import { ignored, submitted } from './item.ts'
import { readMessaging } from './messaging.ts'
import type { FacebookSettings } from './settings.ts'

/** Keys of `locales/*\/aside.json`. */
type Aside = 'other-page' | 'unreadable-part'

/** "Up to 1000 updates": https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
const MOST_UPDATES = 5_000

/** A body is many updates; each is read by itself, so that one that is broken costs no other. */
export async function readEnvelope(
  envelope: Envelope,
  settings: FacebookSettings,
): Promise<readonly Item[] | Unreadable> {
  const { body, contentType } = envelope
  const json = isUtf8(body) ? parsed(body) : undefined
  const parts = json && (contentType === FOUND ? partsFound(json.value, settings) : partsTold(json.value, settings))
  if (parts === undefined) return { unreadable: 'no body as the Graph API writes it' }
  if (parts.length > MOST_UPDATES) return { unreadable: `more than ${MOST_UPDATES} updates` }
  const digest = createHash('sha256').update(body).digest('hex')
  return parts.map(({ part, read }, at) => readPart(part, read, `broken:${digest}:${at}`))
}

interface Part {
  readonly part: unknown
  /** @throws where the part is broken. */
  read(): Item
}

function readPart(part: unknown, read: () => Item, event: string): Item {
  try {
    return read()
  } catch {
    // An officer sees what there is of it.
    const as = submitted({ event, keys: [event], sender: {}, content: written(part) })
    return ignored(event, 'unreadable-part' satisfies Aside, as)
  }
}

const MOST_SHOWN = 5_000

function written(part: unknown): string {
  try {
    return String(JSON.stringify(part, null, 1)).slice(0, MOST_SHOWN)
  } catch {
    return 'nested too deep'
  }
}

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications */
function partsTold(value: unknown, settings: FacebookSettings): readonly Part[] | undefined {
  if (!isObject(value) || value['object'] !== 'page' || !Array.isArray(value['entry'])) return undefined
  return value['entry'].flatMap((entry: unknown) => partsOf(entry, settings))
}

function partsOf(entry: unknown, settings: FacebookSettings): readonly Part[] {
  if (!isObject(entry)) return [{ part: entry, read: broken }]
  const { id, time, messaging, standby, changes } = entry
  const none = [messaging, standby, changes].every((list) => list === undefined)
  // Another app that answers in our stead has the talk now: what people write is told to us in `standby` all the same.
  const parts = [...listed(messaging), ...listed(standby)].map((part) => ({
    part,
    read: () => readMessaging(part, settings),
  }))
  const all = [
    ...parts,
    ...listed(changes).map((part) => ({ part, read: () => readChange(part, time, settings) })),
    ...(none ? [{ part: entry, read: broken }] : []),
  ]
  if (String(id) === settings.pageId) return all
  const event = `other:${createHash('sha256').update(written(entry)).digest('hex')}`
  return [{ part: entry, read: () => ignored(event, 'other-page' satisfies Aside) }]
}

function partsFound(value: unknown, settings: FacebookSettings): readonly Part[] | undefined {
  if (!isObject(value) || !Array.isArray(value['data'])) return undefined
  return value['data'].map((part: unknown) => ({ part, read: () => readFound(value['of'], part, settings) }))
}

function listed(list: unknown): readonly unknown[] {
  return list === undefined ? [] : Array.isArray(list) ? list : [list]
}

function broken(): never {
  throw new Error('not as documented')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString()) }
  } catch {
    return undefined
  }
}
