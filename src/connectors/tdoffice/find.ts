import { type Fault, fault, isFault } from '../../core/fault.ts'
import type { NumberedDocument } from '../connector.ts'
import type { Driver, Listed } from './driver.ts'
import { documentIdIn } from './read.ts'
import { dayOf, daysLater } from './time.ts'

const WINDOW_DAYS = 7

export interface Sought {
  readonly document: NumberedDocument
  /** The receiver's identifier code. */
  readonly receiver: string
  readonly at: Date
}

/**
 * Does the exchange have a document of ours? Its list of what was sent names no DocumentId, so the candidates are read, the newest first. Only where
 * every one that could be it was read and is another is the answer `absent`; a Fault means "cannot tell".
 */
export async function findSent(
  driver: Driver,
  { document, receiver, at }: Sought,
): Promise<{ docId: string } | 'absent' | Fault> {
  let unread = 0
  // A day more on both sides: the exchange dates by its own clock.
  const last = daysLater(dayOf(at), 1)
  for (let from = daysLater(document.day, -1); from <= last; from = daysLater(from, WINDOW_DAYS)) {
    const listed = await driver.list('sent', { messageType: 'edoc', from, to: daysLater(from, WINDOW_DAYS - 1) })
    if (isFault(listed)) return listed
    for (const { docId } of listed.filter((item) => mayBeFor(receiver, item)).toReversed()) {
      const edxml = await driver.get(docId)
      if (isFault(edxml) && edxml.fault !== 'rejected') return edxml
      const id = isFault(edxml) ? '' : documentIdIn(edxml)
      if (id === document.id) return { docId }
      if (id === '') unread += 1
    }
  }
  return unread === 0 ? 'absent' : fault('unreachable', `${unread} of the documents sent cannot be read back`)
}

/** Not where the list names other receivers in the same form of codes; an exchange may translate `H18.…` into `000.….H18` and back. */
function mayBeFor(receiver: string, { to }: Listed): boolean {
  const codes: readonly string[] = to.match(/[A-Z0-9]+(?:\.[A-Z0-9]+)+/g) ?? []
  return codes.length === 0 || codes.includes(receiver) || codes.some((code) => formOf(code) !== formOf(receiver))
}

function formOf(code: string): string {
  return code.slice(0, code.indexOf('.'))
}
