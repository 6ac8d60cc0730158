import type { OfficeUpdate } from '../connector.ts'
import { partsOf } from './documents.ts'
import type { Unreadable } from './parse.ts'
import { isUnreadable, type Letter, read, type Status } from './read.ts'
import { say } from './texts.ts'
import { legal } from './xml.ts'

/** A letter of an office is no book; what is longer is in its file. */
const MAX_TEXT = 20_000
/** Above what anybody names a document. */
const MAX_ID = 200
/** QCVN 102:2016/BTTTT, amended 2022. */
const MAX_ORGAN = 35

/**
 * QĐ 28/2018/QĐ-TTg. 01 is set by the receiving software, 03 by the clerk; 06 is the clerk's word that the document is done with, and the answer
 * is a document of its own. 13, 15 (some send 14) and 16 belong to taking back, which a person looks at.
 */
const KINDS: Readonly<Record<string, OfficeUpdate['kind']>> = {
  '01': 'arrived',
  '02': 'refused',
  '03': 'taken',
  '04': 'in-progress',
  '05': 'in-progress',
  '06': 'completed',
}

export interface Fetched {
  readonly docId: string
  readonly edxml: Buffer
  /** When the exchange got it, for a message that says no time. */
  readonly at: Date
}

export interface Understood {
  readonly updates: readonly OfficeUpdate[]
  /** The office's own id of a letter that answers us: it is told that we have it. */
  readonly answeredBy?: string
}

export function understand(fetched: Fetched, organId: string): Understood {
  const message = read(fetched.edxml)
  if (isUnreadable(message)) return { updates: [unreadable(fetched, message.unreadable)] }
  return message.message === 'status' ? ofStatus(message, fetched) : ofLetter(message, fetched, organId)
}

/** A message that nobody can read, and why; its words stay where they are. */
export function unreadable(
  { docId, at }: Pick<Fetched, 'docId' | 'at'>,
  why: Unreadable['unreadable'] | 'not-given',
): OfficeUpdate {
  const text = say('unreadable', { docId, why: say(`why.${why}`) })
  return { event: docId, of: docId, kind: 'unknown', at, text, rawCode: why }
}

function ofStatus(status: Status, { docId, at }: Fetched): Understood {
  const code = status.code.slice(0, 20)
  return {
    updates: [
      {
        event: `status:${docId}`,
        of: idOr(status.of, docId),
        ...writtenBy(status.from),
        kind: KINDS[code] ?? 'unknown',
        at: status.at ?? at,
        text: bounded(status.description),
        rawCode: code,
      },
    ],
  }
}

function ofLetter(letter: Letter, fetched: Fetched, organId: string): Understood {
  const ours = [...new Set(letter.responseFor)].filter((id) => id.startsWith(`${organId},`) && id.length <= MAX_ID)
  const about = { at: letter.at ?? fetched.at, rawCode: letter.docType.slice(0, 20), files: letter.files }
  // One that takes back, updates or replaces may bear the number of the one it touches, and is not that one again.
  const isNew = letter.docType === '0'
  const event = isNew ? eventOf(letter, fetched) : `edoc:${fetched.docId}`
  if (!isNew || ours.length === 0 || letter.broken.length > 0) {
    const of = ours[0] ?? idOr(letter.documentId, fetched.docId)
    return { updates: [{ ...about, event, of, kind: 'unknown', text: bounded(describe(letter)) }] }
  }
  const text = bounded(letter.content || letter.subject)
  return {
    // One letter may answer several of ours; the first keeps the plain name of the event.
    updates: ours.map((of, index) => ({
      ...about,
      event: index === 0 ? event : `${event}:${of}`,
      of,
      ...writtenBy(letter.from),
      kind: 'answer',
      text,
    })),
    ...(partsOf(letter.documentId) !== undefined && { answeredBy: letter.documentId }),
  }
}

/** The same letter may lie in the exchange twice, under two docIds: it is one event. */
function eventOf({ from, documentId }: Letter, { docId }: Fetched): string {
  const named = from !== '' && documentId !== '' && from.length + documentId.length <= MAX_ID
  return named ? `edoc:${from}:${documentId}` : `edoc:${docId}`
}

/** An organ's code; what is none says nothing. */
function writtenBy(organId: string): { readonly from?: string } {
  return organId === '' || organId.length > MAX_ORGAN ? {} : { from: organId }
}

function describe({ subject, content, broken }: Letter): string {
  const missing = broken.length === 0 ? '' : say('broken', { names: broken.join(', ') })
  return [missing, subject, content].filter((part) => part !== '').join('\n')
}

function idOr(id: string, docId: string): string {
  return id !== '' && id.length <= MAX_ID ? id : docId
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${legal(text.slice(0, MAX_TEXT))}${say('cut')}`
}
