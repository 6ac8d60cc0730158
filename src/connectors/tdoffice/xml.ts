import { XMLBuilder } from 'fast-xml-parser'

const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'

/** XML 1.0 §2.2: what a document may hold, even escaped. Halves of surrogate pairs are not in it. */
const ILLEGAL = /[^\t\n\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

/** Elements in the order of their keys; `@_name` is an attribute. */
export interface Node {
  readonly [name: string]: string | number | Node | readonly (string | Node)[] | undefined
}

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true, suppressBooleanAttributes: false })

/** The part of a text that XML (and PostgreSQL, which takes no NUL) can hold; lines end as XML ends them. */
export function legal(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(ILLEGAL, '')
}

/**
 * A whole edXML. Inside the envelope every name has the literal prefix `edXML:` (the national exchange's .NET serializer refuses the same
 * namespace without it); `AttachmentEncoded` stands outside and has none.
 */
export function edxml({
  header,
  body,
  attachments,
}: {
  header: Node
  body?: Node
  attachments?: readonly Node[]
}): Buffer {
  const envelope = prefixed({ edXMLHeader: header, edXMLBody: body })
  const document = {
    '?xml': { '@_version': '1.0', '@_encoding': 'utf-8' },
    edXML: {
      '@_xmlns': NAMESPACE,
      'edXML:edXMLEnvelope': { '@_xmlns:edXML': NAMESPACE, ...envelope },
      ...(attachments && { AttachmentEncoded: { Attachment: attachments } }),
    },
  }
  return Buffer.from(builder.build(document))
}

function prefixed(node: Node): Node {
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) =>
      name.startsWith('@') ? [name, value] : [`edXML:${name}`, within(value)],
    ),
  )
}

function within(value: Node[string]): Node[string] {
  if (typeof value === 'string') return legal(value)
  if (typeof value !== 'object') return value
  return isList(value)
    ? value.map((each) => (typeof each === 'string' ? legal(each) : prefixed(each)))
    : prefixed(value)
}

/** `Array.isArray` does not narrow a readonly one. */
function isList(value: Node | readonly (string | Node)[]): value is readonly (string | Node)[] {
  return Array.isArray(value)
}
