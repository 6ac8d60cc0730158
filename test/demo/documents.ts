import { attachmentsOf } from '../support/exchange/attachments.ts'
import type { ExchangeProcess } from '../support/exchange/process.ts'
import { parseXml } from '../support/exchange/xml.ts'

/** A document as the exchange holds it, opened as an office opens it. */
export interface Document {
  readonly documentId: string
  readonly responseFor: readonly string[]
  readonly content: string
  readonly photos: readonly Buffer[]
  /** Everything in it that can be read: the edXML, and `paht.json` out of it. */
  readonly text: string
}

export async function documentsOf(exchange: ExchangeProcess): Promise<Document[]> {
  const sent = (await exchange.ledger()).flatMap((line) =>
    line.line === 'sent' && line.messageType === 'edoc' ? [line] : [],
  )
  return Promise.all(
    sent.map(async ({ docId, documentId, responseFor, content }) => {
      const edxml = await exchange.document(docId)
      const files = attachmentsOf(parseXml(edxml))
      const readable = files
        .filter(({ type }) => type === 'application/json')
        .map(({ bytes }) => bytes.toString('utf8'))
      const photos = files.filter(({ type }) => type.startsWith('image/')).map(({ bytes }) => bytes)
      return { documentId, responseFor, content, photos, text: [edxml, ...readable].join('\n') }
    }),
  )
}
