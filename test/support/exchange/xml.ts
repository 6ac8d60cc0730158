/** An element as it is written: names with their prefix, which a schema does not see. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

export class NotXml extends Error {}

const TAG = /<(\/?)([^\s/<>]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Reads what a receiver must read. No DTD, hence no entities but the five; whether it is all well-formed, libxml2 says later. */
export function parseXml(source: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  let position = 0
  while (position < source.length) {
    const here = open.at(-1)!
    if (source[position] !== '<') {
      const end = indexOrEnd(source, '<', position)
      here.text += decoded(source.slice(position, end))
      position = end
    } else if (source.startsWith('<![CDATA[', position)) {
      const end = indexOf(source, ']]>', position)
      here.text += source.slice(position + 9, end)
      position = end + 3
    } else if (source.startsWith('<!--', position)) position = indexOf(source, '-->', position) + 3
    else if (source.startsWith('<?', position)) position = indexOf(source, '?>', position) + 2
    else if (source.startsWith('<!', position)) throw new NotXml('DTD không được phép')
    else position = tag(source, position, open)
  }
  const root = top.children[0]
  if (!root || open.length > 1) throw new NotXml('không phải XML: thiếu thẻ đóng hoặc không có gốc')
  return root
}

/** Opens or closes an element, says where the tag ends. */
function tag(source: string, position: number, open: Element[]): number {
  TAG.lastIndex = position
  const found = TAG.exec(source)
  if (!found) throw new NotXml(`không phải XML, tại ký tự ${position}`)
  const [whole, closing, name = '', attributes = '', empty] = found
  if (closing) {
    if (open.length < 2 || open.pop()!.name !== name) throw new NotXml(`không phải XML: thẻ đóng ${name} không khớp`)
  } else {
    const element: Element = { name, attributes: attributesIn(attributes), children: [], text: '' }
    open.at(-1)!.children.push(element)
    if (!empty) open.push(element)
  }
  return position + whole.length
}

function attributesIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]),
  )
}

function decoded(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function indexOf(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from)
  if (found < 0) throw new NotXml(`không phải XML: thiếu ${what}`)
  return found
}

function indexOrEnd(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from)
  return found < 0 ? source.length : found
}

/** The elements of that local name, whatever their prefix. */
export function all(element: Element, local: string): Element[] {
  return element.children.filter(({ name }) => name.slice(name.indexOf(':') + 1) === local)
}

/** The first element on a path of local names: `edXMLHeader/Status`. */
export function at(element: Element, path: string): Element | undefined {
  return path.split('/').reduce<Element | undefined>((here, local) => here && all(here, local)[0], element)
}

export function textAt(element: Element, path: string): string {
  return at(element, path)?.text.trim() ?? ''
}

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]!)
}
