import { readCsv } from './csv.ts'
import { readJson } from './json.ts'
import { readPlain } from './plain.ts'
import type { FormatReader } from './reader.ts'
import { readSrt, readVtt } from './subtitles.ts'

/** What call centres send: by content type where it comes over HTTP, by the file's ending where it lies in a folder. */
const TEXTS: readonly {
  readonly endings: readonly string[]
  readonly types: readonly string[]
  readonly read: FormatReader
}[] = [
  { endings: ['json'], types: ['application/json', 'text/json'], read: readJson },
  { endings: ['vtt'], types: ['text/vtt'], read: readVtt },
  { endings: ['srt'], types: ['application/x-subrip', 'text/srt', 'application/srt'], read: readSrt },
  { endings: ['csv'], types: ['text/csv', 'application/csv'], read: readCsv },
]
const RECORDINGS = [
  { endings: ['mp3'], types: ['audio/mpeg', 'audio/mp3'] },
  { endings: ['wav'], types: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'] },
  { endings: ['ogg', 'oga', 'opus'], types: ['audio/ogg', 'application/ogg', 'audio/opus'] },
  { endings: ['m4a'], types: ['audio/mp4', 'audio/x-m4a', 'audio/m4a'] },
] as const
/** Says nothing about which text it is. */
const PLAIN = { endings: ['txt'], types: ['text/plain', 'application/octet-stream', ''] }

const ALL = [...TEXTS, ...RECORDINGS, PLAIN]

/** The content type of a file by its name; undefined where it is none of those that call centres put there. */
export function typeOfName(name: string): string | undefined {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase()
  return ending === undefined ? undefined : ALL.find(({ endings }) => endings.some((one) => one === ending))?.types[0]
}

/** The name without its ending and a language before it: `17.42.vi.vtt` is of call 17.42. */
export function bareName(name: string): string {
  if (typeOfName(name) === undefined) return name
  return name.replace(/\.[a-z0-9]{1,5}$/i, '').replace(/\.[a-z]{2}$/i, '')
}

export function isRecordingType(type: string): boolean {
  return RECORDINGS.some(({ types }) => types.some((one) => one === type))
}

/** A name's ending for a recording of that type. */
export function endingOf(type: string): string | undefined {
  return RECORDINGS.find(({ types }) => types.some((one) => one === type))?.endings[0]
}

/** Who reads a text of that type; undefined where nobody does. */
export function readerOf(type: string, text: string): FormatReader | undefined {
  if (!PLAIN.types.includes(type)) return TEXTS.find(({ types }) => types.includes(type))?.read
  if (/^WEBVTT(?:\s|$)/.test(text)) return readVtt
  if (/^\s*\d{1,9}\n\d\d:\d\d:\d\d[,.]\d{3} *-->/.test(text)) return readSrt
  return /^\s*[[{]\s*["{}\]]/.test(text) ? readJson : readPlain
}
