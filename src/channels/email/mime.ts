import { once } from 'node:events'
import type { Transform } from 'node:stream'
import { type AttachmentStream, MailParser, type MailParserOptions } from 'mailparser'
import { Base64Decoder } from './base64.ts'
import { GuessingDecoder, guess, saysNothing } from './charset.ts'
import { type MailHeaders, readHeaders } from './headers.ts'

/** Far above what mail programs make: a bounce of a forwarded newsletter has some ten parts, four deep. */
const MOST_PARTS = 500
const MOST_DEPTH = 20
/** Of one part. Ten thousand recipients take some 400 kB. */
const MOST_HEADER_BYTES = 1024 * 1024

export class TooMuch extends Error {}

/** A part as MailParser keeps it while it reads: its types show the sum of all parts alone. */
export interface Part {
  readonly contentType: string | false
  readonly children: readonly Part[]
  /** Of text that is no attachment. */
  readonly textContent?: string
}

export interface MailFile {
  readonly type: string
  readonly bytes: Buffer
  readonly sha256: string
  readonly disposition: string | undefined
  /** As its sender named it. */
  readonly name: string | undefined
  /** Without angle brackets. */
  readonly contentId: string | undefined
}

export interface Mail {
  readonly headers: MailHeaders
  readonly root: Part
  readonly files: readonly MailFile[]
}

interface OpenPart extends Part {
  readonly children: readonly OpenPart[]
  charset?: string
  encoding?: string
  decoder?: Transform
  isAttachment?: boolean
  textContent?: string
}
interface MimeNode {
  readonly parentNode: MimeNode | false
  readonly filename: string | false
}
interface Chunk {
  readonly type: 'node' | 'data' | 'body'
  readonly node: MimeNode
  readonly value: Buffer
}
/** With the two methods that tell part from part, which its types leave out: its version is pinned for them. */
const OpenParser = MailParser as unknown as new (
  options: MailParserOptions,
) => MailParser & {
  createNode(node: MimeNode): OpenPart
  processChunk(chunk: Chunk, done: (error?: Error) => void): void
}

class Parser extends OpenParser {
  root: OpenPart | undefined
  /** What stands in a multipart before its first part. */
  readonly before = new Map<OpenPart, Buffer[]>()
  readonly #parts = new Map<MimeNode, OpenPart>()
  #hasBody = false

  /** Where a part comes into MailParser's tree, before its body is read. */
  override createNode(node: MimeNode): OpenPart {
    const part = super.createNode(node)
    this.root ??= part
    this.#parts.set(node, part)
    if (depthOf(node) > MOST_DEPTH) this.destroy(new TooMuch(`parts more than ${MOST_DEPTH} deep`))
    if (part.encoding === 'base64') part.decoder = new Base64Decoder()
    // It would take these for UTF-8 without asking the decoder.
    if (saysNothing(part.charset)) part.charset = 'unknown'
    if (part.isAttachment === false) {
      // A text with a name is a file, but where it is the first: few programs name the body.
      part.isAttachment = this.#hasBody && node.filename !== false
      this.#hasBody = true
    }
    return part
  }

  override processChunk(chunk: Chunk, done: (error?: Error) => void): void {
    const part = chunk.type === 'data' ? this.#parts.get(chunk.node) : undefined
    if (part?.children.length === 0) {
      const before = this.before.get(part) ?? []
      this.before.set(part, before)
      before.push(chunk.value)
    }
    super.processChunk(chunk, done)
  }
}

function depthOf({ parentNode }: MimeNode): number {
  return parentNode === false ? 1 : depthOf(parentNode) + 1
}

/** Takes a mail apart, bounded in parts, depth and header; in bytes and time it is bounded by whoever calls. */
export async function readParts(source: Buffer): Promise<Mail> {
  const parser = new Parser({
    Iconv: GuessingDecoder,
    maxHeadSize: MOST_HEADER_BYTES,
    maxChildNodes: MOST_PARTS,
    checksumAlgo: 'sha256',
    ignoreEmbedded: true,
    keepDeliveryStatus: true,
    // Which of the texts is shown, and how, is decided in body.ts.
    skipHtmlToText: true,
    skipTextToHtml: true,
  })
  const files: Promise<MailFile>[] = []
  parser.on('data', (found) => {
    if (found.type === 'text') return
    const file = toFile(found)
    file.catch((error: Error) => parser.destroy(error))
    files.push(file)
  })
  try {
    parser.end(source)
    // Not `once`: an error after the first would find no listener and end the thread.
    await new Promise((resolve, reject) => parser.on('end', resolve).on('error', reject))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EMAXLEN') throw error
    throw new TooMuch(`more than ${MOST_PARTS} parts or than ${MOST_HEADER_BYTES} bytes of header`, { cause: error })
  }
  // A multipart whose boundary never comes is what it would be without: text.
  for (const [part, text] of parser.before)
    if (part.children.length === 0) part.textContent = guess(Buffer.concat(text))
  return { headers: readHeaders(parser.headerLines || []), root: parser.root!, files: await Promise.all(files) }
}

async function toFile(found: AttachmentStream): Promise<MailFile> {
  const { content, contentType, contentDisposition, filename, cid } = found
  const chunks: Buffer[] = []
  content.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(content, 'end')
  found.release!()
  return {
    type: contentType || 'application/octet-stream',
    bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
    sha256: found.checksum!,
    disposition: contentDisposition,
    name: filename,
    contentId: cid,
  }
}

/** The part and all below it, in the order of the mail. */
export function allParts(part: Part): Part[] {
  return [part, ...part.children.flatMap(allParts)]
}
