import { type AttachedFile, attachmentsOf } from './attachments.ts'
import { Refusal } from './refusal.ts'
import { complaintOfSchema } from './schema.ts'
import { all, at, type Element, NotXml, parseXml, textAt } from './xml.ts'

export type MessageType = 'edoc' | 'status'

export interface Organ {
  readonly id: string
  readonly inCharge: string
  readonly name: string
}

/** A document or a status, read and found right. */
export interface Edoc {
  readonly messageType: MessageType
  readonly from: Organ
  /** Nobody for a status: who gets it follows from the document it is about. */
  readonly to: readonly Organ[]
  /** Its own; of a status, that of the document it is about. */
  readonly documentId: string
  /** The status code. */
  readonly code: string | null
  readonly subject: string
  readonly content: string
  /** 0 new, 1 revoke, 2 update, 3 replace. */
  readonly docType: number
  /** Of a status the document it is about; of a revocation, update or replacement the one that it touches; else itself. */
  readonly about: string
  /** The documents that it answers or adds to. */
  readonly responseFor: readonly string[]
  readonly files: readonly AttachedFile[]
}

/** QĐ 28/2018/QĐ-TTg; 14 is seen in the field for 15. */
const STATUS_CODES = new Set(['01', '02', '03', '04', '05', '06', '13', '14', '15', '16'])
const SIGNATURES = new Set(['edXML:Signature', 'edXML:DigitalSignature'])

/** Throws a `Refusal` with the first thing that is wrong. */
export async function check(bytes: Buffer, messageType: MessageType): Promise<Edoc> {
  const source = utf8(bytes)
  const root = parsed(source)
  const complaint = await complaintOfSchema(source)
  if (complaint) throw new Refusal('22', complaint)
  checkPrefixes(root)
  const status = at(root, 'edXMLEnvelope/edXMLHeader/Status')
  if (messageType !== (status ? 'status' : 'edoc')) {
    throw new Refusal('22', `messageType=${messageType} không khớp ${status ? 'Status' : 'MessageHeader'}`)
  }
  return status ? statusIn(status) : documentIn(root)
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('22', 'không phải UTF-8')
  }
}

function parsed(source: string): Element {
  try {
    return parseXml(source)
  } catch (error) {
    if (error instanceof NotXml) throw new Refusal('22', error.message)
    throw error
  }
}

/** A schema sees namespaces. The receivers' .NET serializer wants the letters `edXML:` as well, and none outside the envelope. */
function checkPrefixes(root: Element): void {
  const walk = (element: Element, prefix: '' | 'edXML:'): void => {
    const local = element.name.slice(element.name.indexOf(':') + 1)
    const within = local === 'edXMLEnvelope' ? 'edXML:' : prefix
    if (element.name !== within + local) {
      throw new Refusal('22', `Tiền tố: ${element.name} phải là ${within}${local}`)
    }
    if (SIGNATURES.has(element.name)) return
    for (const child of element.children) walk(child, within)
  }
  walk(root, '')
}

function documentIn(root: Element): Edoc {
  const header = at(root, 'edXMLEnvelope/edXMLHeader/MessageHeader')!
  if (!at(root, 'edXMLEnvelope/edXMLBody')) throw new Refusal('22', 'Thiếu edXMLBody')
  const from = organIn(at(header, 'From')!)
  const documentId = textAt(header, 'DocumentId')
  agree(documentId, {
    organ: from.id,
    date: textAt(header, 'PromulgationInfo/PromulgationDate'),
    code: `${textAt(header, 'Code/CodeNumber')}/${textAt(header, 'Code/CodeNotation')}`,
  })
  const bussiness = at(root, 'edXMLEnvelope/edXMLHeader/TraceHeaderList/Bussiness')!
  return {
    messageType: 'edoc',
    from,
    to: all(header, 'To').map(organIn),
    documentId,
    code: null,
    subject: textAt(header, 'Subject'),
    content: textAt(header, 'Content'),
    docType: Number(textAt(bussiness, 'BussinessDocType')),
    about: textAt(bussiness, 'DocumentId') || documentId,
    responseFor: all(header, 'ResponseFor').map(referredBy),
    files: attachmentsOf(root),
  }
}

function statusIn(status: Element): Edoc {
  const code = textAt(status, 'StatusCode')
  if (!STATUS_CODES.has(code)) throw new Refusal('22', `StatusCode ${code} không có trong QĐ 28/2018/QĐ-TTg`)
  const about = referredBy(at(status, 'ResponseFor')!)
  const from = organIn(at(status, 'From')!)
  const content = textAt(status, 'Description')
  return {
    messageType: 'status',
    from,
    to: [],
    documentId: about,
    code,
    subject: '',
    content,
    docType: 0,
    about,
    responseFor: [about],
    files: [],
  }
}

function organIn(organ: Element): Organ {
  return {
    id: textAt(organ, 'OrganId'),
    inCharge: textAt(organ, 'OrganizationInCharge'),
    name: textAt(organ, 'OrganName'),
  }
}

function referredBy(responseFor: Element): string {
  const documentId = textAt(responseFor, 'DocumentId')
  agree(documentId, {
    organ: textAt(responseFor, 'OrganId'),
    date: textAt(responseFor, 'PromulgationDate'),
    code: textAt(responseFor, 'Code'),
  })
  return documentId
}

function agree(documentId: string, { organ, date, code }: { organ: string; date: string; code: string }): void {
  const expected = `${organ},${date},${code}`
  if (documentId !== expected) throw new Refusal('22', `DocumentId ${documentId} không khớp ${expected}`)
}
