import { type Call, type Turn, toCall, written } from '../call.ts'
import type { HotlineSettings } from '../settings.ts'
import { joinRuns, splitByLabels } from '../speakers.ts'
import { type FormatReader, MOST_CALLS } from './reader.ts'

/**
 * A call with its turns, `{ callId, from, startedAt, turns: [{ speaker, text }], recordingUrl }`, or what recognizers of the Whisper family write,
 * `{ text, segments: [{ speaker, text }] }`; the two mixed, or several in a list. A field of another kind than it should be counts as not sent.
 */
export const readJson: FormatReader = async (text, settings) => {
  const parsed = parse(text)
  if (parsed === undefined) return { unreadable: 'no JSON' }
  const all = Array.isArray(parsed.value) ? parsed.value : [parsed.value]
  if (all.length > MOST_CALLS) return { unreadable: `more than ${MOST_CALLS} calls` }
  return all.flatMap((one) => callOf(one, settings) ?? [])
}

function callOf(value: unknown, settings: HotlineSettings): Call | undefined {
  if (!isRecord(value)) return undefined
  const { callId, from, name, startedAt, recordingUrl } = value
  return toCall({ id: callId, from, name, startedAt, recordingUrl }, turnsOf(value, settings))
}

function turnsOf({ turns, segments, text }: Readonly<Record<string, unknown>>, settings: HotlineSettings): Turn[] {
  for (const list of [turns, segments]) {
    const said = Array.isArray(list) ? joinRuns(list.flatMap((one) => turnOf(one) ?? [])) : []
    if (said.length > 0) return said
  }
  return typeof text === 'string' ? splitByLabels(text, settings) : []
}

function turnOf(value: unknown): Turn | undefined {
  if (!isRecord(value) || typeof value['text'] !== 'string') return undefined
  const speaker = written(value['speaker'], 100)
  return { ...(speaker !== undefined && { speaker }), text: value['text'] }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // The call centre's text; whoever looks at it is told that it is no JSON.
    return undefined
  }
}
