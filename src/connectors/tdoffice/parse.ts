import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { type Complaint, complaintAbout } from './guard.ts'
import { legal } from './xml.ts'

/** Above what any exchange takes, far below what a worker can hold. */
export const MAX_EDXML_BYTES = 60_000_000

/** Names without their prefix; every value is a list, a leaf's is text. */
export interface Element {
  readonly [name: string]: readonly (string | Element)[] | string | undefined
}

export type Unreadable = { readonly unreadable: Complaint | 'too-large' | 'not-utf8' | 'not-edxml' }

/** The five of XML 1.0 §4.6 and numbers, nothing else: an unknown one stays as it is written. */
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' }

const parser = new XMLParser({
  // Offices write other prefixes than `edXML:`, or none.
  removeNSPrefix: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // `03` is a code, not 3.
  parseTagValue: false,
  isArray: () => true,
  // Left as it stands in the source: tens of megabytes of Base64 take milliseconds so, and seconds letter by letter.
  stopNodes: ['..ContentTransferEncoded'],
  entityDecoder: {
    decode: decoded,
    setExternalEntities: () => undefined,
    addInputEntities: () => undefined,
    setXmlVersion: () => undefined,
    reset: () => undefined,
  },
})

/** Never throws: what cannot be read is said. */
export function parseXml(bytes: Buffer): Element | Unreadable {
  if (bytes.length > MAX_EDXML_BYTES) return { unreadable: 'too-large' }
  const xml = textOf(bytes)
  if (xml === undefined) return { unreadable: 'not-utf8' }
  const complaint = complaintAbout(xml)
  if (complaint !== undefined) return { unreadable: complaint }
  try {
    // The parser itself forgives a document that was cut off.
    if (XMLValidator.validate(xml) !== true) return { unreadable: 'not-xml' }
    return parser.parse(xml) as Element
  } catch {
    return { unreadable: 'not-xml' }
  }
}

/** The first element of this name, at any depth: some wrap the whole in SOAP, some leave the envelope out. */
export function find(within: Element, name: string): Element | undefined {
  let level: Element[] = [within]
  while (level.length > 0) {
    for (const element of level) {
      const [found] = childrenOf(element, name)
      if (found !== undefined) return found
    }
    level = level.flatMap((element) => Object.keys(element).flatMap((each) => childrenOf(element, each)))
  }
  return undefined
}

export function childrenOf(element: Element | undefined, name: string): Element[] {
  const values = element?.[name]
  if (typeof values !== 'object') return []
  return values.map((value) => (typeof value === 'string' ? { '#text': value } : value))
}

/** Of the first element at the end of this path; empty where there is none. */
export function textAt(element: Element | undefined, ...path: readonly string[]): string {
  const last = path.reduce<Element | undefined>((within, name) => childrenOf(within, name)[0], element)
  const text = last?.['#text']
  return typeof text === 'object' ? legal(text.join('')).trim() : legal(text ?? '').trim()
}

function textOf(bytes: Buffer): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (all, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? all
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : all
  })
}
