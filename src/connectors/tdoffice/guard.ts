/** Nobody's letter has as many; each costs the parser an object. */
const MAX_ELEMENTS = 20_000
const MAX_DEPTH = 30
/** Longer ones hold thousands of attributes. */
const MAX_TAG = 4_096
/** Outside the Base64 of the files: the parser adds text letter by letter. */
const MAX_TEXT = 2_000_000

export type Complaint = 'dtd' | 'too-deep' | 'too-many' | 'too-much-text' | 'not-xml'

/**
 * What must not reach the parser, found in one walk from tag to tag: a document from outside is bounded before it is parsed. A DTD is refused
 * whatever is in it, so no entity can be declared, local or remote.
 */
export function complaintAbout(xml: string): Complaint | undefined {
  let [at, depth, elements, text] = [0, 0, 0, 0]
  let inFile = false
  while (true) {
    const open = xml.indexOf('<', at)
    const until = open === -1 ? xml.length : open
    if (!inFile) text += until - at
    if (text > MAX_TEXT) return 'too-much-text'
    if (open === -1) return undefined

    const end = endOf(xml, open)
    if (end === -1) return xml.startsWith('<!', open) ? 'dtd' : 'not-xml'
    if (isElement(xml, open)) {
      const closing = xml[open + 1] === '/'
      if (closing) depth -= 1
      else if (xml[end - 2] !== '/') depth += 1
      if (depth > MAX_DEPTH) return 'too-deep'
      elements += 1
      if (elements > MAX_ELEMENTS) return 'too-many'
      inFile = !closing && /^<(?:[^\s:>/]+:)?ContentTransferEncoded[\s>]/.test(xml.slice(open, open + 100))
    } else if (!inFile) text += end - open
    at = end
  }
}

function isElement(xml: string, open: number): boolean {
  return xml[open + 1] !== '!' && xml[open + 1] !== '?'
}

/** Behind the construct that begins at `open`; -1 where it has no end, is longer than any, or is a declaration. */
function endOf(xml: string, open: number): number {
  if (xml.startsWith('<!--', open)) return behind(xml, '-->', open + 4)
  if (xml.startsWith('<![CDATA[', open)) return behind(xml, ']]>', open + 9)
  if (xml[open + 1] === '!') return -1
  if (xml[open + 1] === '?') {
    const end = behind(xml, '?>', open + 2)
    return end - open > MAX_TAG ? -1 : end
  }
  let quote = ''
  for (let at = open + 1; at < Math.min(xml.length, open + MAX_TAG); at++) {
    const letter = xml[at]!
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '<') return -1
    else if (letter === '>') return at + 1
  }
  return -1
}

function behind(xml: string, end: string, from: number): number {
  const at = xml.indexOf(end, from)
  return at === -1 ? -1 : at + end.length
}
