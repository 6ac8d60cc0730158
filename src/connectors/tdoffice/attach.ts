import { zipSync } from 'fflate'
import { v5 as uuidOf } from 'uuid'
import type { OutgoingDelivery, OutgoingFile } from '../connector.ts'
import { caseData } from './case-data.ts'
import type { TdofficeSettings } from './settings.ts'
import { say } from './texts.ts'

/** One receiver in the field passed over attachments above 50 MB, so the Base64 of all of them together stays below. */
const MAX_TOTAL_BYTES = 45_000_000
/** A video: the office fetches it by its link. */
const MAX_FILE_BYTES = 20_000_000

/** A namespace of ours (RFC 9562 §5.5). */
const IDS = '8f0c1d52-6a37-5e0b-9a41-7c2d9e4b3f10'

export interface Attachment {
  readonly contentId: string
  readonly name: string
  readonly type: string
  readonly description: string
  /** Base64. */
  readonly encoded: string
}

/** Which files go in the document and which as a link: in their order, as long as they fit. */
export function divide(files: readonly OutgoingFile[]): { attached: OutgoingFile[]; linked: OutgoingFile[] } {
  const attached: OutgoingFile[] = []
  const linked: OutgoingFile[] = []
  let total = 0
  for (const file of files) {
    const encoded = Math.ceil(file.size / 3) * 4
    const fits = file.size <= MAX_FILE_BYTES && total + encoded <= MAX_TOTAL_BYTES
    if (fits) total += encoded
    ;(fits ? attached : linked).push(file)
  }
  return { attached, linked }
}

/** `paht.json` first, then the files; read one after the other, since each may be large. */
export async function attach(
  delivery: OutgoingDelivery,
  attached: readonly OutgoingFile[],
  settings: TdofficeSettings,
): Promise<Attachment[]> {
  const data = Buffer.from(JSON.stringify(caseData(delivery, attached), null, 2))
  const first = { name: 'paht.json', type: 'application/json', description: say('caseData'), bytes: data }
  const attachments = [encode(first, delivery.key, settings)]
  for (const file of attached) {
    const part = { name: file.name, type: file.type, description: say('file'), bytes: await file.read() }
    attachments.push(encode(part, delivery.key, settings))
  }
  return attachments
}

function encode(
  { bytes, ...part }: Pick<Attachment, 'name' | 'type' | 'description'> & { bytes: Buffer },
  key: string,
  settings: TdofficeSettings,
): Attachment {
  const packed = settings.attachments === 'zip' ? zipped(part.name, bytes) : bytes
  return { ...part, contentId: stableId(key, part.name), encoded: packed.toString('base64') }
}

/** Dated by the earliest day that a zip can name (in the machine's zone, as the format has it): the same file packs into the same bytes. */
function zipped(name: string, bytes: Buffer): Buffer {
  return Buffer.from(zipSync({ [name]: [bytes, { mtime: new Date(1980, 0, 1) }] }))
}

/** The same part of the same delivery has the same id in every attempt. */
export function stableId(key: string, part: string): string {
  return uuidOf(`${key}/${part}`, IDS)
}
