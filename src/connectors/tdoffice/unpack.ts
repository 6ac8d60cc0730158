import { unzipSync } from 'fflate'
import type { OfficeFile } from '../connector.ts'
import { childrenOf, type Element, find, textAt } from './parse.ts'

/** As much as the core keeps of one file. */
const MAX_UNZIPPED_BYTES = 100_000_000

const LOCAL_FILE_HEADER = Buffer.from('PK\x03\x04')

/** Formats that are zips themselves: their `PK` says nothing. */
const ZIP_BY_NATURE = /\.(?:zip|docx|xlsx|pptx|odt|ods|odp|jar|epub|apk)$/i

export interface Unpacked {
  readonly files: readonly OfficeFile[]
  /** Names of those that could not be read. */
  readonly broken: readonly string[]
}

/** Every `Attachment`, whatever its ContentId looks like (`cid:` or not), with what the manifest says where it says nothing itself. */
export function filesOf(root: Element): Unpacked {
  const files: OfficeFile[] = []
  const broken: string[] = []
  const references = childrenOf(find(root, 'edXMLManifest'), 'Reference')
  const announced = new Map(references.map((reference) => [contentIdOf(reference), reference]))
  for (const [index, attachment] of childrenOf(find(root, 'AttachmentEncoded'), 'Attachment').entries()) {
    const reference = announced.get(contentIdOf(attachment))
    const said = (field: string) => (textAt(attachment, field) || textAt(reference, field)).slice(0, 200)
    const name = said('AttachmentName') || `${index + 1}`
    const bytes = bytesOf(attachment, name)
    if (bytes === undefined) broken.push(name)
    else files.push({ name, type: said('ContentType') || 'application/octet-stream', bytes })
  }
  return { files, broken }
}

function contentIdOf(element: Element): string {
  return textAt(element, 'ContentId').replace(/^cid:/i, '')
}

function bytesOf(attachment: Element, name: string): Buffer | undefined {
  const packed = fromBase64(textAt(attachment, 'ContentTransferEncoded'))
  if (packed === undefined || !isZip(packed) || ZIP_BY_NATURE.test(name)) return packed
  return onlyFileIn(packed)
}

/** Strictly: Node's own reader passes over letters that are no Base64, and a letter with a hole is no letter. */
function fromBase64(source: string): Buffer | undefined {
  const text = source.replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1').replaceAll(/\s+/g, '')
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}

function isZip(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(LOCAL_FILE_HEADER)
}

/** What a zip of one file holds; a zip of several, or one that will not open, is a file as it is; nothing where it would blow up. */
function onlyFileIn(zip: Buffer): Buffer | undefined {
  let count = 0
  let unzipped = 0
  try {
    const entries = unzipSync(zip, {
      // Sizes stand in the directory; what is larger than it says is cut off there by the library, never grown.
      filter: ({ originalSize, size }) => {
        count += 1
        unzipped += Math.max(originalSize, size)
        return count === 1 && unzipped <= MAX_UNZIPPED_BYTES
      },
    })
    if (unzipped > MAX_UNZIPPED_BYTES) return undefined
    const [only] = Object.values(entries)
    return count === 1 && only !== undefined ? Buffer.from(only) : zip
  } catch {
    return zip
  }
}
