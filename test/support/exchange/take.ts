import { randomUUID } from 'node:crypto'
import { sha256 } from './attachments.ts'
import { type Behaviour, timeOf } from './behaviour.ts'
import type { Edoc, Organ } from './check.ts'
import { stepsFor } from './plan.ts'
import { Refusal } from './refusal.ts'
import type { Sent, Store } from './store.ts'

export interface Taker {
  readonly store: Store
  readonly behaviour: Behaviour
  readonly organ: string
  /** Is this organ behind the exchange? */
  readonly reaches: (organ: string) => boolean
}

/** Takes a document that is right in itself: known to both sides, new or counted as a duplicate, on disk. */
export function take(edoc: Edoc, bytes: Buffer, by: Taker): Sent {
  const { store, behaviour } = by
  if (edoc.from.id !== by.organ) throw new Refusal('19', `Đơn vị gửi ${edoc.from.id} chưa đăng ký`)
  const unknown = edoc.to.find(({ id }) => !by.reaches(id))
  if (unknown) throw new Refusal('18', `Đơn vị nhận ${unknown.id} không tồn tại`)
  if (behaviour.reject !== null) throw new Refusal(behaviour.reject, 'Trục từ chối')
  const touched = touchedBy(edoc, store)
  const first = edoc.messageType === 'edoc' ? store.first(edoc.documentId, edoc.docType) : undefined
  const docId = randomUUID()
  if (first) countDuplicate(first, { docId, bytes, by })
  const to = edoc.messageType === 'edoc' ? edoc.to : (touched?.to ?? authorOf(edoc))
  const taken = [...store.sent.values()].filter(({ messageType }) => messageType === 'edoc').length
  const sent: Sent = {
    docId,
    messageType: edoc.messageType,
    documentId: edoc.documentId,
    from: edoc.from.id,
    to,
    at: timeOf(behaviour).toISOString(),
    sha256: sha256(bytes),
    subject: edoc.subject,
    content: edoc.content,
    files: edoc.files.map((file) => ({
      name: file.name,
      type: file.type,
      size: file.bytes.length,
      sha256: sha256(file.bytes),
      zipped: file.zipped,
    })),
    docType: edoc.docType,
    about: edoc.about,
    responseFor: edoc.responseFor,
    code: edoc.code,
    plans: first ? [] : to.map(({ id }) => ({ organ: id, steps: stepsFor(edoc, behaviour, taken) })),
    stops: touched && ends(edoc) && behaviour.takeBack === 'agree' ? [touched.docId] : [],
  }
  store.keep(docId, bytes)
  store.append({ line: 'sent', ...sent })
  return sent
}

/** The document of the hub's own that is asked back, updated or replaced. */
function touchedBy(edoc: Edoc, store: Store): Sent | undefined {
  if (edoc.code !== '13' && edoc.docType === 0) return undefined
  const touched = store.first(edoc.about, 0)
  if (!touched) throw new Refusal('22', `Không có văn bản ${edoc.about} để lấy lại/cập nhật`)
  return touched
}

function ends(edoc: Edoc): boolean {
  return edoc.code === '13' || edoc.docType === 1
}

/** A status about an office's document goes to that office. */
function authorOf(edoc: Edoc): Organ[] {
  const id = edoc.about.split(',')[0]!
  return [{ id, inCharge: id, name: id }]
}

function countDuplicate(first: Sent, { docId, bytes, by }: { docId: string; bytes: Buffer; by: Taker }): void {
  const accepted = by.behaviour.duplicates === 'accept'
  const hash = sha256(bytes)
  by.store.append({
    line: 'duplicate',
    docId: first.docId,
    documentId: first.documentId,
    docType: first.docType,
    at: timeOf(by.behaviour).toISOString(),
    sha256: hash,
    same: hash === first.sha256,
    as: accepted ? docId : null,
  })
  if (!accepted) throw new Refusal('24', `DocumentId ${first.documentId} đã có`, { docId: first.docId })
}
