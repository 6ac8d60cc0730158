import { type Cue, type CueNode, parseText, tokenizeVTTCue } from 'media-captions'
import { given, type Turn, written } from '../call.ts'
import { joinRuns, splitByLabels } from '../speakers.ts'
import type { FormatReader } from './reader.ts'

/** WebVTT (https://www.w3.org/TR/webvtt1/): who speaks stands in `<v Name>`, or as a label before the words. */
export const readVtt: FormatReader = async (text, settings) => {
  const cues = await cuesOf(text, 'vtt')
  if (cues === undefined) return { unreadable: 'no WebVTT' }
  const voiced = cues.flatMap(turnsOf)
  const turns = voiced.some(({ speaker }) => speaker !== undefined)
    ? joinRuns(voiced)
    : splitByLabels(voiced.map((turn) => turn.text).join('\n'), settings)
  return [{ turns }]
}

/** SubRip knows no speakers: they are labels before the words. */
export const readSrt: FormatReader = async (text, settings) => {
  const cues = await cuesOf(text, 'srt')
  if (cues === undefined) return { unreadable: 'no SubRip' }
  return [{ turns: splitByLabels(cues.map((cue) => cue.text.replace(MARKUP, '')).join('\n'), settings) }]
}

const MARKUP = /<\/?(?:i|b|u|s|font)\b[^>]{0,200}>|\{\\[^}]{0,100}\}/gi

/** Undefined where not one cue is found. */
async function cuesOf(text: string, type: 'vtt' | 'srt'): Promise<readonly Cue[] | undefined> {
  const { cues } = await parseText(text, { type })
  return cues.length === 0 ? undefined : cues
}

/** A caption is two lines; taking apart a longer one takes time that grows with its square. */
const MOST_CUE = 5000

function turnsOf(cue: Cue): Turn[] {
  const nodes = cue.text.length > MOST_CUE ? [{ type: 'text', data: cue.text }] : tokenizeVTTCue(cue)
  const turns: { speaker?: string; text: string }[] = []
  for (const { speaker, text } of piecesIn(nodes)) {
    const last = turns.at(-1)
    if (last !== undefined && last.speaker === speaker) last.text += text
    else turns.push({ ...given('speaker', speaker), text })
  }
  return turns
}

function piecesIn(nodes: readonly CueNode[], speaker?: string): Turn[] {
  return nodes.flatMap(({ data, voice, children = [] }) => {
    const by = written(voice, 100) ?? speaker
    return [...(data === undefined ? [] : [{ ...given('speaker', by), text: data }]), ...piecesIn(children, by)]
  })
}
