import type { Envelope, Item, Unreadable } from '../channel.ts'
import { given } from './call.ts'
import { decode } from './decode.ts'
import { FORM, readForm } from './form.ts'
import { bareName, isRecordingType, readerOf } from './formats/formats.ts'
import { itemsOf, toRecording } from './items.ts'
import { FILM, isFilm } from './recording.ts'
import type { HotlineSettings } from './settings.ts'

/** An hour of talk is 60 kB; with a time for each word, in JSON, 2 MB. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024

export async function readCalls(envelope: Envelope, settings: HotlineSettings): Promise<readonly Item[] | Unreadable> {
  if (envelope.event.startsWith(FORM)) return [readForm(envelope)]
  const { body } = envelope
  const type = envelope.contentType.split(';', 1)[0]!.trim().toLowerCase()
  const id = idOfFile(envelope.event)
  if (isRecordingType(type) && isFilm(body)) return { unreadable: FILM }
  if (isRecordingType(type)) return itemsOf({ ...given('id', id), turns: [] }, settings, toRecording(id, type, body))
  if (body.length > MOST_TEXT_BYTES) return { unreadable: `more than ${MOST_TEXT_BYTES} bytes of text` }
  const text = decode(body)
  if (text === undefined) return { unreadable: 'no text' }
  const calls = (await readerOf(type, text)?.(text, settings)) ?? { unreadable: `nothing reads ${type.slice(0, 100)}` }
  if ('unreadable' in calls) return calls
  // One call in a file is that of its name, where it does not say otherwise.
  const named = calls.length === 1 ? calls.map((call) => ({ ...given('id', id), ...call })) : calls
  const told = named.filter(({ turns, ...fields }) => turns.length > 0 || Object.keys(fields).length > 0)
  return told.length === 0 ? { unreadable: 'tells of no call' } : told.flatMap((call) => itemsOf(call, settings))
}

/** As `folder.ts` names what it hands over. */
function idOfFile(event: string): string | undefined {
  const name = /^file:(.*):[0-9a-f]{64}$/s.exec(event)?.[1]
  return name === undefined ? undefined : bareName(name)
}
