import { createHash } from 'node:crypto'
import { Refusal } from './refusal.ts'
import { all, at, type Element, textAt } from './xml.ts'
import { isZip, NotOneFile, unzipOne } from './zip.ts'

export interface AttachedFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
  /** It came in a zip of its own. */
  readonly zipped: boolean
}

/** Formats that are zips themselves, or nearly: their `PK` says nothing. */
const ZIP_BY_NATURE = /\.(?:zip|docx|xlsx|pptx|odt|ods|odp|jar|epub)$/i

/** Every Reference of the manifest has its Attachment and the other way round; the files unpacked. */
export function attachmentsOf(root: Element): AttachedFile[] {
  const manifest = at(root, 'edXMLEnvelope/edXMLBody/edXMLManifest')
  const encoded = at(root, 'AttachmentEncoded')
  const announced = manifest ? all(manifest, 'Reference').map(announcedBy) : []
  const attachments = encoded ? all(encoded, 'Attachment') : []
  const carried = attachments.map((attachment) => textAt(attachment, 'ContentId'))
  for (const ids of [announced, carried]) {
    const twice = ids.find((id, index) => ids.indexOf(id) < index)
    if (twice) throw new Refusal('21', `ContentId ${twice} có hai lần`)
  }
  const missing = announced.find((id) => !carried.includes(id))
  if (missing) throw new Refusal('21', `Reference ${missing} không có Attachment`)
  const unknown = carried.find((id) => !announced.includes(id))
  if (unknown) throw new Refusal('21', `Attachment ${unknown} không có Reference`)
  return attachments.map(fileOf)
}

function announcedBy(reference: Element): string {
  const contentId = textAt(reference, 'ContentId')
  const href = Object.entries(reference.attributes).find(([name]) => name.endsWith(':href'))?.[1]
  if (href !== undefined && href !== contentId)
    throw new Refusal('21', `xlink:href ${href} khác ContentId ${contentId}`)
  return contentId.replace('cid:', '')
}

function fileOf(attachment: Element): AttachedFile {
  const name = textAt(attachment, 'AttachmentName')
  const type = textAt(attachment, 'ContentType')
  const bytes = fromBase64(textAt(attachment, 'ContentTransferEncoded'), name)
  if (!isZip(bytes) || ZIP_BY_NATURE.test(name)) return { name, type, bytes, zipped: false }
  try {
    return { name, type, bytes: unzipOne(bytes).bytes, zipped: true }
  } catch (error) {
    if (error instanceof NotOneFile) throw new Refusal('21', `${name}: ${error.message}`)
    throw error
  }
}

/** Strictly: Node's own reader passes over letters that are not base64. */
function fromBase64(text: string, name: string): Buffer {
  const packed = text.replaceAll(/\s+/g, '')
  const bytes = Buffer.from(packed, 'base64')
  if (packed === '' || bytes.toString('base64') !== packed) throw new Refusal('21', `${name}: base64 hỏng`)
  return bytes
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
