import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What must not be found, by a name of its own: `{ 'phone in the form': '0912345678' }`. */
export type Marks = Readonly<Record<string, string>>

/** Looks through bytes for every mark in every guise; gives the names of those found. */
export type Search = (bytes: Uint8Array) => string[]

/**
 * A mark is found however it is written (letter case, accents apart or gone, a number without its grouping) and however those letters
 * are stored (UTF-8, UTF-16, Latin-1, hex, Base64 wherever in it, JSON and URL escapes).
 */
export function makeSearch(marks: Marks): Search {
  const byStart = new Map<number, { readonly name: string; readonly bytes: Buffer }[]>()
  // Most positions are dismissed by two bytes alone: 100 MB take a second.
  const pairs = new Uint8Array(1 << 16)
  for (const [name, text] of Object.entries(marks)) {
    for (const bytes of guisesOf(text)) {
      const start = bytes.readUInt32BE(0)
      pairs[start >>> 16] = 1
      byStart.set(start, [...(byStart.get(start) ?? []), { name, bytes }])
    }
  }
  return (given) => {
    const hay = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    const found = new Set<string>()
    for (let i = 0; i + 4 <= hay.length; i++) {
      if (pairs[(hay[i]! << 8) | hay[i + 1]!] === 0) continue
      for (const { name, bytes } of byStart.get(hay.readUInt32BE(i)) ?? [])
        if (hay.compare(bytes, 0, bytes.length, i, Math.min(i + bytes.length, hay.length)) === 0) found.add(name)
    }
    return [...found].sort()
  }
}

/** Every file below a folder, whatever it is; `path: mark` for each mark found. */
export function searchFolder(folder: string, search: Search): string[] {
  return filesBelow(folder).flatMap((path) => search(readFileSync(path)).map((mark) => `${path}: ${mark}`))
}

function filesBelow(folder: string): string[] {
  const below = (entry: Dirent): string[] => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  }
  return readdirSync(folder, { withFileTypes: true }).flatMap(below)
}

function guisesOf(text: string): Buffer[] {
  const all = new Map<string, Buffer>()
  for (const writing of writingsOf(text)) {
    for (const bytes of storedForms(writing)) if (bytes.length >= 6) all.set(bytes.toString('latin1'), bytes)
  }
  return [...all.values()]
}

function writingsOf(text: string): Set<string> {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd')
  const digits = text.replace(/\D/g, '')
  const letters = [text, text.normalize('NFC'), text.normalize('NFD'), bare]
  const words = [
    bare
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim(),
    bare.toLowerCase().replace(/[^a-z0-9]+/g, ''),
  ]
  return new Set([
    ...letters.flatMap((one) => [one, one.toLowerCase(), one.toUpperCase()]),
    ...words,
    // Without the zero or the country before it, a phone number is the same in each of its forms.
    ...(digits.length >= 8 && !/\p{L}/u.test(text) ? [digits.replace(/^(?:84|0)/, '')] : []),
  ])
}

function storedForms(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  const utf16 = Buffer.from(text, 'utf16le')
  const escaped = text.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const written = [
    utf8.toString('hex'),
    utf8.toString('hex').toUpperCase(),
    encodeURIComponent(text),
    escaped,
    ...[0, 1, 2].flatMap((offset) => [inBase64(utf8, offset, 'base64'), inBase64(utf8, offset, 'base64url')]),
  ]
  return [
    utf8,
    utf16,
    Buffer.from(utf16).swap16(),
    ...(/^[\0-\xff]*$/.test(text) ? [Buffer.from(text, 'latin1')] : []),
    ...written.map((one) => Buffer.from(one)),
  ]
}

/** The letters of Base64 that depend on nothing but the text, where it stands `offset` bytes (mod 3) into what is encoded. */
function inBase64(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replace(/=+$/, '')
  const whole = Math.floor(((offset + bytes.length) * 8) / 6)
  return encoded.slice(Math.ceil((offset * 8) / 6), whole)
}
