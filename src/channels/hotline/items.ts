import { createHash } from 'node:crypto'
import { clean } from '../../normalize/text.ts'
import type { Attachment, Item, Revised, Submitted } from '../channel.ts'
import { type Call, given } from './call.ts'
import { callerNumber } from './caller.ts'
import { endingOf } from './formats/formats.ts'
import type { HotlineSettings } from './settings.ts'
import { citizensWords, transcriptOf } from './speakers.ts'
import { say } from './texts.ts'
import { inWords, timeOf } from './time.ts'

/**
 * A call is what is known of it once it rings (who, when), under the call centre's id; what is known later (what was said, the recording) is more
 * about it, each under an event of its own. Every payload says all of that as far as it knows, so that they may come in any order, together, and
 * again: what came before is known by its key or event and changes nothing. A call without an id stands alone: nothing can be said of it later.
 */
export function itemsOf(call: Call, settings: HotlineSettings, recording?: Attachment): Item[] {
  const known = keyOf(call)
  const event = known ?? `call:${hash(JSON.stringify(call), recording?.bytes)}`
  const bare: Submitted = {
    ...{ item: 'submitted', event, keys: [event], sender: senderOf(call, settings), content: '' },
    ...contextOf(call),
    ...{ identitySecret: false, contentSecret: false, files: [] },
  }
  const said = saidIn(call, settings)
  const recorded = recordingOf(call, recording)
  if (known === undefined) return [{ ...bare, ...titleOf(call, said), ...said, ...recorded }]
  const more = (name: string, of: string | Uint8Array, now: Partial<Submitted>): Revised => ({
    ...{ item: 'revised', how: 'more', event: `${event}:${name}:${hash(of)}`, keys: [event], at: atOf(call) },
    now: { ...bare, ...now },
  })
  return [
    // A recording that is known at once need not wait for the report: it is fetched before that is read.
    { ...bare, ...titleOf(call, said), ...(recorded?.remote !== undefined && recorded) },
    ...(said === undefined ? [] : [more('said', JSON.stringify(call.turns), said)]),
    ...(recorded === undefined ? [] : [more('recording', recording?.bytes ?? call.recordingUrl!, recorded)]),
  ]
}

function senderOf({ from, name }: Call, { switchboards }: HotlineSettings): Submitted['sender'] {
  return { ...given('name', name), ...given('phone', callerNumber(from, switchboards)) }
}

/** Shown in lists until more is known; then the words themselves make the title. */
function titleOf(call: Call, said: object | undefined): Pick<Submitted, 'title'> {
  return said === undefined ? { title: describe(call) } : {}
}

function contextOf(call: Call): Pick<Submitted, 'context'> {
  return timeOf(call.startedAt) === undefined ? {} : { context: describe(call) }
}

function describe({ startedAt }: Call): string {
  const time = timeOf(startedAt)
  return time === undefined ? say('call') : say('call.at', inWords(time))
}

/** What an officer can read. The rest lies in the envelope. */
const MOST_CONTENT = 50_000

function saidIn(
  { turns }: Call,
  settings: HotlineSettings,
): Pick<Submitted, 'content' | 'aside' | 'spoken'> | undefined {
  const content = citizensWords(turns, settings)
  if (content === '') return undefined
  const whole = transcriptOf(turns)
  return {
    content: cut(content, MOST_CONTENT),
    spoken: true,
    ...((whole !== content || content.length > MOST_CONTENT) && { aside: cut(whole, MOST_CONTENT) }),
  }
}

function recordingOf(
  { id = '', recordingUrl }: Call,
  recording: Attachment | undefined,
): Pick<Submitted, 'attachments' | 'remote'> | undefined {
  if (recording !== undefined) return { attachments: [recording] }
  if (recordingUrl === undefined) return undefined
  return {
    remote: [{ ref: recordingUrl, name: recordingName(id, /\.([a-z0-9]{3,4})(?:[?#]|$)/i.exec(recordingUrl)?.[1]) }],
  }
}

export function toRecording(id = '', type: string, bytes: Buffer): Attachment {
  return { name: recordingName(id, endingOf(type)), type, bytes }
}

/** Of letters that are the same in every file system. */
function recordingName(id: string, ending = 'audio'): string {
  const safe = id.replace(/[^\w.-]+/g, '-').slice(0, 80)
  return `${[say('recording'), safe].filter(Boolean).join('-')}.${ending.toLowerCase()}`
}

function atOf({ startedAt }: Call): string {
  return (timeOf(startedAt) ?? new Date(0)).toISOString()
}

export function keyOf({ id }: Pick<Call, 'id'>): string | undefined {
  const name = clean(id ?? '').trim()
  if (name === '') return undefined
  return `call:${name.length > 200 ? hash(name) : name}`
}

function hash(...parts: readonly (string | Uint8Array | undefined)[]): string {
  const made = createHash('sha256')
  for (const part of parts) if (part !== undefined) made.update(part)
  return made.digest('hex')
}

function cut(text: string, most: number): string {
  return text.length > most ? text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '') : text
}
