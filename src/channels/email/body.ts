import { clean } from '../../normalize/text.ts'
import type { Attachment } from '../channel.ts'
import { type FileSource, toAttachment } from './files.ts'
import { htmlToText, shownIds, takePictures } from './html.ts'
import { allParts, type Mail, type Part } from './mime.ts'

export interface Body {
  /** Cleaned: what there is to read, plain text before HTML. */
  readonly text: string
  readonly files: readonly Attachment[]
  /** Each text as it was sent, for its hash: decoded, cleaned. */
  readonly written: readonly string[]
}

/** Of all text parts together; what is beyond is a file: nobody reads it in a list, and making 14 MB of HTML readable takes 20 s. */
const MOST_TEXT = 1024 * 1024

interface Readable {
  readonly text: string
  readonly source: string
  readonly files: readonly FileSource[]
  readonly shown: readonly string[]
}

export function readBody({ root, files }: Mail): Body {
  const read = new Map<Part, Readable>()
  let room = MOST_TEXT
  for (const part of allParts(root)) {
    if (part.textContent === undefined) continue
    const readable = readText(part.textContent, part.contentType === 'text/html', room)
    if (readable.source.length <= room) room -= readable.source.length
    read.set(part, readable)
  }
  const readables = [...read.values()]
  const shown = new Set(readables.flatMap((each) => each.shown))
  return {
    text: textOf(root, read).trim(),
    files: [
      ...files.flatMap((file, i) => toAttachment(file, i + 1, shown) ?? []),
      ...readables
        .flatMap((each) => each.files)
        .flatMap((file, i) => toAttachment(file, files.length + read.size + i + 1, shown) ?? []),
    ],
    written: readables.map(({ source }) => source),
  }
}

function readText(raw: string, isHtml: boolean, room: number): Readable {
  const { html, pictures } = isHtml ? takePictures(raw) : { html: raw, pictures: [] }
  if (html.length > room)
    return {
      source: raw,
      text: '',
      shown: [],
      files: [{ type: isHtml ? 'text/html' : 'text/plain', bytes: Buffer.from(raw) }],
    }
  if (!isHtml) {
    const text = clean(raw).trimEnd()
    return { source: text, text, files: [], shown: [] }
  }
  const written = pictures.map((picture): FileSource => ({ ...picture, written: true }))
  return { source: html.trimEnd(), text: clean(htmlToText(html)), files: written, shown: shownIds(html) }
}

/** A plain text this much shorter than its HTML says no more than that there is one. */
const MUCH_SHORTER = 10

function textOf(part: Part, read: ReadonlyMap<Part, Readable>): string {
  const texts = part.children.map((child) => textOf(child, read)).filter((text) => text.trim() !== '')
  if (part.children.length === 0) return read.get(part)?.text ?? ''
  if (part.contentType !== 'multipart/alternative') return texts.join('\n\n')
  // RFC 2046 §5.1.4: the plainest is the first, the richest the last.
  const [plain = '', rich = ''] = [texts[0], texts.at(-1)]
  return plain.length * MUCH_SHORTER < rich.length ? rich : plain
}
