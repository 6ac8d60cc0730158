import { attachmentsOf } from './attachments.ts'
import type { MessageType } from './check.ts'
import { day, stamp } from './clock.ts'
import { Refusal } from './refusal.ts'
import type { Store, TransportStatus } from './store.ts'
import { at, parseXml, textAt } from './xml.ts'

export const TRANSPORT: Readonly<Record<TransportStatus, string>> = {
  initial: 'Chưa xử lý',
  processing: 'Đang xử lý',
  done: 'Đã xử lý',
  fail: 'Lỗi',
}

export interface Asked {
  readonly messageType?: string
  readonly fromDate?: string
  readonly toDate?: string
}

/** What a list says of a document. No DocumentId: the real ones say none either. */
interface Item {
  readonly serviceType: 'eDoc'
  readonly messageType: MessageType
  readonly docId: string
  readonly from: string
  readonly to: string
  readonly createdTime: string
  readonly updatedTime: string
  readonly status: TransportStatus
  readonly statusDesc: string
}

export function received(store: Store, asked: Asked): Item[] {
  const items = [...store.inbox.values()].map((message) => {
    const transport = store.transport(message.docId)
    return item(message, { status: transport?.status ?? 'initial', updatedAt: transport?.at })
  })
  const all = dated(asked) ? items : items.filter(({ status }) => status !== 'done')
  return matching(all, asked)
}

export function sent(store: Store, asked: Asked): Item[] {
  const items = [...store.sent.values()].map((one) => {
    const { count, at: updatedAt } = store.done(one.docId)
    const to = one.to.map(({ id }) => id).join(',')
    return item({ ...one, to }, { status: count > 0 ? 'done' : 'initial', updatedAt })
  })
  return matching(items, asked)
}

function item(
  { docId, messageType, from, to, at: createdAt }: Pick<Item, 'docId' | 'messageType' | 'from' | 'to'> & { at: string },
  { status, updatedAt }: { status: TransportStatus; updatedAt: string | undefined },
): Item {
  const createdTime = stamp(new Date(createdAt))
  const updatedTime = updatedAt ? stamp(new Date(updatedAt)) : createdTime
  const statusDesc = TRANSPORT[status]
  return { serviceType: 'eDoc', messageType, docId, from, to, createdTime, updatedTime, status, statusDesc }
}

function dated({ fromDate, toDate }: Asked): boolean {
  return fromDate !== undefined || toDate !== undefined
}

function matching(items: readonly Item[], { messageType, fromDate, toDate }: Asked): Item[] {
  if (messageType !== 'edoc' && messageType !== 'status')
    throw new Refusal('10', 'messageType phải là edoc hoặc status')
  for (const [name, date] of Object.entries({ fromDate, toDate })) {
    if (date !== undefined && !isDay(date)) throw new Refusal('10', `${name} ${date} không phải yyyy/MM/dd`)
  }
  return items.filter((one) => {
    const created = one.createdTime.slice(0, 10)
    return one.messageType === messageType && created >= (fromDate ?? '') && created <= (toDate ?? '9999')
  })
}

function isDay(text: string): boolean {
  const moment = /^\d{4}\/\d\d\/\d\d$/.test(text) ? new Date(`${text.replaceAll('/', '-')}T00:00:00+07:00`) : undefined
  return moment !== undefined && !Number.isNaN(moment.getTime()) && day(moment) === text
}

/** A document with its files unpacked, of either side. */
export function document(store: Store, { docId, as }: { docId: string; as: 'text' | 'base64' }): object {
  const one = store.inbox.get(docId) ?? store.sent.get(docId)
  if (!one) throw new Refusal('10', `Không có văn bản ${docId}`, { status: 404 })
  const bytes = store.document(docId)
  const root = parseXml(bytes.toString())
  const header = at(root, 'edXMLEnvelope/edXMLHeader')!
  return {
    docId,
    from: one.from,
    fromName: textAt(header, 'MessageHeader/From/OrganName') || textAt(header, 'Status/From/OrganName'),
    edocCode: one.documentId.split(',').slice(2).join(','),
    edocAbstract: one.subject,
    edxml: bytes.toString(as === 'text' ? 'utf8' : 'base64'),
    attachments: attachmentsOf(root).map(({ name, bytes: content }) => ({
      fileName: name,
      fileContent: content.toString('base64'),
    })),
  }
}
