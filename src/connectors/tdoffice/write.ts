import type { NumberedDocument, OutgoingDelivery } from '../connector.ts'
import { type Attachment, attach, divide, stableId } from './attach.ts'
import { contentOf, subjectOf } from './content.ts'
import { partsOf } from './documents.ts'
import type { TdofficeSettings } from './settings.ts'
import { say } from './texts.ts'
import { dayOf, slashed, stampOf } from './time.ts'
import { edxml, legal, type Node } from './xml.ts'

/** Priority: 0 normal, 1 urgent, 2 very urgent, 3 at once (hỏa tốc). */
const NORMAL = 0
const AT_ONCE = 3

export interface Writing {
  readonly settings: TdofficeSettings
  readonly at: Date
}

/** The document that tells an office of a case: elements in the order of QCVN 102:2016/BTTTT, which some receivers insist on. */
export async function documentXml(
  delivery: OutgoingDelivery,
  document: NumberedDocument,
  { settings, at }: Writing,
): Promise<Buffer> {
  const { organ } = settings
  const { attached, linked } = divide(delivery.files)
  const attachments = await attach(delivery, attached, settings)
  const header: Node = {
    From: sender(settings),
    To: {
      OrganId: delivery.agency.code,
      OrganizationInCharge: organ.organizationInCharge,
      OrganName: delivery.agency.name,
    },
    Code: { CodeNumber: document.number, CodeNotation: organ.notation },
    PromulgationInfo: { Place: organ.place, PromulgationDate: slashed(document.day) },
    // The list of 2022: 2 administrative documents, of them 18 the official letter. Receivers trust the name.
    DocumentType: { Type: 2, TypeDetail: 18, TypeName: say('typeName') },
    Subject: subjectOf(delivery),
    Content: contentOf(delivery, linked),
    SignerInfo: {
      Competence: organ.signer.competence,
      Position: organ.signer.position,
      FullName: organ.signer.fullName,
    },
    DueDate: delivery.dueAt && slashed(dayOf(delivery.dueAt)),
    ToPlaces: { Place: [say('toPlaces.receiver'), say('toPlaces.file')] },
    OtherInfo: {
      Priority: delivery.urgent ? AT_ONCE : NORMAL,
      SphereOfPromulgation: say('sphere'),
      TyperNotation: '',
      PromulgationAmount: 1,
      PageAmount: 1,
      Appendixes: { Appendix: attachments.map(({ name }) => name) },
    },
    ResponseFor: delivery.follows && responseFor(delivery.follows.id),
    SteeringType: 0,
    DocumentId: document.id,
  }
  return edxml({
    header: { MessageHeader: header, TraceHeaderList: trace(delivery.key, { settings, at }) },
    body: { edXMLManifest: { '@_version': '1.0', Reference: attachments.map(reference) } },
    attachments: attachments.map(attachment),
  })
}

export interface OwnStatus {
  /** The office's document that it is about. */
  readonly of: string
  readonly code: '01' | '03'
}

/** What we tell an office about a document of its own (QĐ 28/2018/QĐ-TTg). */
export function statusXml({ of, code }: OwnStatus, { settings, at }: Writing): Buffer {
  const status: Node = {
    ResponseFor: responseFor(of),
    From: sender(settings),
    StatusCode: code,
    Description: say(`status.${code}`),
    Timestamp: stampOf(at),
    StaffInfo: staff(settings),
  }
  return edxml({ header: { [settings.statusElement]: status } })
}

function sender({ organ }: TdofficeSettings): Node {
  return {
    OrganId: organ.organId,
    OrganizationInCharge: organ.organizationInCharge,
    OrganName: organ.organName,
    OrganAdd: organ.organAdd,
    Email: organ.email,
    Telephone: organ.telephone,
    Fax: '',
    Website: organ.website,
  }
}

function trace(key: string, { settings, at }: Writing): Node {
  return {
    '@_id': stableId(key, 'TraceHeaderList').slice(0, 8),
    '@_version': '1.0',
    '@_mustUnderstand': '1',
    '@_actor': 'http://schemas.xmlsoap.org/soap/actor/next',
    TraceHeader: { OrganId: settings.organ.organId, Timestamp: stampOf(at) },
    // The standard's own spelling.
    Bussiness: {
      BussinessDocType: 0,
      BussinessDocReason: say('reason'),
      Paper: 0,
      StaffInfo: staff(settings),
    },
  }
}

function staff({ organ }: TdofficeSettings): Node {
  return { Department: organ.organName, Staff: say('staff'), Mobile: '', Email: organ.email }
}

function responseFor(documentId: string): Node {
  const { organId, code, date } = partsOf(documentId) ?? { organId: '', code: '', date: '' }
  return { OrganId: organId, Code: code, PromulgationDate: date, DocumentId: documentId }
}

function reference({ contentId, type, name, description }: Attachment): Node {
  return {
    '@_xmlns:xlink': 'http://www.w3.org/1999/xlink',
    '@_xlink:href': `cid:${contentId}`,
    '@_xlink:role': 'XLinkRole',
    '@_xlink:type': 'simple',
    ContentId: `cid:${contentId}`,
    ContentType: type,
    AttachmentName: name,
    Description: description,
  }
}

/** Outside the envelope, and its ContentId without `cid:`. */
function attachment({ contentId, type, name, description, encoded }: Attachment): Node {
  return {
    ContentType: type,
    ContentId: contentId,
    Description: description,
    ContentTransferEncoded: encoded,
    AttachmentName: legal(name),
  }
}
