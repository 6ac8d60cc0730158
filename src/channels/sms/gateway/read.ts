import { createHash } from 'node:crypto'
import type { Envelope, Item, Unreadable } from '../../channel.ts'
import { itemOf } from '../incoming.ts'
import type { GatewaySettings } from '../settings.ts'
import { parsed, valueAt } from './value.ts'

/** One call is one message: JSON, or a form. */
export function readGateway({ contentType, body }: Envelope, settings: GatewaySettings): readonly Item[] | Unreadable {
  const get = /\bx-www-form-urlencoded\b/i.test(contentType) ? inForm(body) : inJson(body)
  const { id, from, text, time } = settings.fields
  const [sender, content] = [get(from), get(text)]
  if (sender === undefined || content === undefined)
    return { unreadable: 'no sender or no text where the settings say' }
  const own = id === undefined ? undefined : get(id)
  const at = time === undefined ? undefined : get(time)
  if (!own && !at) return { unreadable: 'neither id nor time where the settings say' }
  const key = own ? own.slice(0, 200) : hash(sender, content, at!)
  return [itemOf({ ids: [key], from: sender, text: content }, settings)]
}

type Get = (path: string) => string | undefined

function inForm(body: Buffer): Get {
  const form = new URLSearchParams(body.toString())
  return (name) => form.get(name) ?? undefined
}

function inJson(body: Buffer): Get {
  const json = parsed(body)
  return (path) => valueAt(json, path)
}

function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
