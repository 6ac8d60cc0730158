import { randomUUID } from 'node:crypto'
import type { Organ } from './check.ts'
import { day, stamp } from './clock.ts'
import { escaped } from './xml.ts'

const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
const STAFF =
  '<edXML:StaffInfo><edXML:Department>Văn phòng HĐND và UBND</edXML:Department><edXML:Staff>Lò Thị B</edXML:Staff>' +
  '<edXML:Mobile/><edXML:Email>vanthu@example.gov.vn</edXML:Email></edXML:StaffInfo>'

export function statusXml(status: {
  readonly from: Organ
  /** The document it is about. */
  readonly of: string
  readonly code: string
  readonly text: string
  readonly at: Date
}): Buffer {
  const rest = [
    responseFor(status.of),
    `<edXML:From>${organ(status.from)}</edXML:From>`,
    tag('StatusCode', status.code),
    tag('Description', status.text),
    tag('Timestamp', stamp(status.at)),
    STAFF,
  ]
  return edxml(`<edXML:edXMLHeader><edXML:Status>${rest.join('')}</edXML:Status></edXML:edXMLHeader>`)
}

export interface Answer {
  readonly from: Organ
  readonly to: Organ
  readonly of: string
  readonly number: string
  readonly notation: string
  readonly subject: string
  readonly content: string
  readonly at: Date
  readonly file: { readonly name: string; readonly type: string; readonly encoded: string }
}

export function documentIdOf({ from, at, number, notation }: Answer): string {
  return `${from.id},${day(at)},${number}/${notation}`
}

export function answerXml(answer: Answer): Buffer {
  const id = randomUUID()
  const { name, type, encoded } = answer.file
  const header = [
    `<edXML:From>${organ(answer.from)}</edXML:From><edXML:To>${organ(answer.to)}</edXML:To>`,
    `<edXML:Code>${tag('CodeNumber', answer.number)}${tag('CodeNotation', answer.notation)}</edXML:Code>`,
    `<edXML:PromulgationInfo>${tag('Place', 'Điện Biên')}${tag('PromulgationDate', day(answer.at))}</edXML:PromulgationInfo>`,
    `<edXML:DocumentType>${tag('Type', '2')}${tag('TypeDetail', '18')}${tag('TypeName', 'Công văn')}</edXML:DocumentType>`,
    tag('Subject', answer.subject),
    tag('Content', answer.content),
    `<edXML:SignerInfo>${tag('Competence', 'TM. ỦY BAN NHÂN DÂN')}${tag('Position', 'Chủ tịch')}${tag('FullName', 'Quàng Văn C')}</edXML:SignerInfo>`,
    `<edXML:OtherInfo>${tag('Priority', '0')}${tag('PageAmount', '1')}</edXML:OtherInfo>`,
    responseFor(answer.of),
    tag('DocumentId', documentIdOf(answer)),
  ]
  const trace = [
    `<edXML:TraceHeader>${tag('OrganId', answer.from.id)}${tag('Timestamp', stamp(answer.at))}</edXML:TraceHeader>`,
    `<edXML:Bussiness>${tag('BussinessDocType', '0')}${tag('BussinessDocReason', 'Văn bản điện tử mới')}${tag('Paper', '0')}${STAFF}</edXML:Bussiness>`,
  ]
  const reference = `${tag('ContentId', `cid:${id}`)}${tag('ContentType', type)}${tag('AttachmentName', name)}`
  return edxml(
    `<edXML:edXMLHeader><edXML:MessageHeader>${header.join('')}</edXML:MessageHeader>` +
      `<edXML:TraceHeaderList id="${id.slice(0, 8)}" version="1.0">${trace.join('')}</edXML:TraceHeaderList></edXML:edXMLHeader>` +
      `<edXML:edXMLBody><edXML:edXMLManifest version="1.0"><edXML:Reference xmlns:xlink="http://www.w3.org/1999/xlink" ` +
      `xlink:href="cid:${id}" xlink:role="XLinkRole" xlink:type="simple">${reference}</edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody>`,
    `<AttachmentEncoded><Attachment><ContentType>${type}</ContentType><ContentId>${id}</ContentId>` +
      `<ContentTransferEncoded>${encoded}</ContentTransferEncoded><AttachmentName>${escaped(name)}</AttachmentName></Attachment></AttachmentEncoded>`,
  )
}

function edxml(envelope: string, attachments = ''): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<edXML xmlns="${NAMESPACE}">` +
      `<edXML:edXMLEnvelope xmlns:edXML="${NAMESPACE}">${envelope}</edXML:edXMLEnvelope>${attachments}</edXML>\n`,
  )
}

function organ({ id, inCharge, name }: Organ): string {
  return tag('OrganId', id) + tag('OrganizationInCharge', inCharge) + tag('OrganName', name)
}

function responseFor(documentId: string): string {
  const [organId = '', date = '', ...code] = documentId.split(',')
  return `<edXML:ResponseFor>${tag('OrganId', organId)}${tag('Code', code.join(','))}${tag('PromulgationDate', date)}${tag('DocumentId', documentId)}</edXML:ResponseFor>`
}

function tag(name: string, text: string): string {
  return `<edXML:${name}>${escaped(text)}</edXML:${name}>`
}
