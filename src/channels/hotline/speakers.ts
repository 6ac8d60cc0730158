import { fold } from '../../normalize/text.ts'
import type { Turn } from './call.ts'
import type { HotlineSettings } from './settings.ts'

type Labels = Pick<HotlineSettings, 'citizenLabels' | 'operatorLabels'>

/**
 * What the citizen said. Who speaks is often unknown (`SPEAKER_01`, no label at all), and a sentence of the operator too many does less harm than
 * one of the citizen's too few: everything counts that is not plainly our side's. Where only our side is heard, all of it.
 */
export function citizensWords(turns: readonly Turn[], { operatorLabels }: Labels): string {
  const ours = namesOf(operatorLabels)
  const theirs = turns.filter(({ speaker }) => speaker === undefined || !isNamed(speaker, ours))
  return textOf(theirs) || textOf(turns)
}

const textOf = (turns: readonly Turn[]) =>
  turns
    .map(({ text }) => text)
    .join('\n')
    .trim()

/** The whole talk, a line a turn. */
export function transcriptOf(turns: readonly Turn[]): string {
  return turns.map(({ speaker, text }) => (speaker === undefined ? text : `${speaker}: ${text}`)).join('\n')
}

const namesOf = (labels: readonly string[]): ReadonlySet<string> => new Set(labels.map(fold))

/** `KH 2` is a second of them. */
function isNamed(speaker: string, names: ReadonlySet<string>): boolean {
  const name = fold(speaker)
  return names.has(name) || names.has(name.replace(/\s?\d{1,2}$/, ''))
}

/** A text whose lines begin with labels, as turns. A line without one goes on with the turn before it. */
export function splitByLabels(text: string, { citizenLabels, operatorLabels }: Labels): Turn[] {
  const names = namesOf([...citizenLabels, ...operatorLabels])
  const turns: { speaker?: string; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const { speaker, said } = labelled(line, names)
    const last = turns.at(-1)
    if (speaker === undefined && last !== undefined) last.lines.push(said)
    else turns.push({ ...(speaker !== undefined && { speaker }), lines: [said] })
  }
  return turns
    .map(({ lines, ...turn }) => ({ ...turn, text: lines.join('\n').trim() }))
    .filter(({ text: said }) => said !== '')
}

/** `[00:01:02] KH: …`, `- ĐTV 2 (Lan): …`. */
const LABEL =
  /^[\s\-*•]{0,10}(?:[[(]?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?[\])]?[\s\-–]{0,5})?(?<name>\p{L}[\p{L}\p{M}\p{N} _.-]{0,59})(?:\([^()]{0,60}\)\s{0,5})?[:：]/u
/** As recognizers call those whom they tell apart. */
const NUMBERED = /^(?:speaker|spk|channel)\s?\d{1,3}$/

function labelled(line: string, names: ReadonlySet<string>): { readonly speaker?: string; readonly said: string } {
  const found = LABEL.exec(line.slice(0, 200))
  const name = found?.groups?.['name']?.trim()
  if (found === null || name === undefined) return { said: line }
  return isNamed(name, names) || NUMBERED.test(fold(name))
    ? { speaker: name, said: line.slice(found[0].length).trim() }
    : { said: line }
}

/** Recognizers cut where somebody breathes: what one speaker says in a row is one turn. */
export function joinRuns(turns: readonly Turn[]): Turn[] {
  const runs: { speaker?: string; texts: string[] }[] = []
  for (const { speaker, text } of turns) {
    const said = text.trim()
    const last = runs.at(-1)
    if (said === '') continue
    if (last !== undefined && last.speaker === speaker) last.texts.push(said)
    else runs.push({ ...(speaker !== undefined && { speaker }), texts: [said] })
  }
  return runs.map(({ texts, ...run }) => ({ ...run, text: texts.join(' ') }))
}
