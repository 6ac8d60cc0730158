import type { OfficeFile } from '../connector.ts'
import { childrenOf, type Element, find, parseXml, textAt, type Unreadable } from './parse.ts'
import { momentOf } from './time.ts'
import { filesOf } from './unpack.ts'

export interface Status {
  readonly message: 'status'
  readonly from: string
  /** The DocumentId that it is about. */
  readonly of: string
  readonly code: string
  readonly description: string
  readonly at: Date | undefined
}

export interface Letter {
  readonly message: 'letter'
  readonly from: string
  readonly documentId: string
  /** 0 new, 1 revoke, 2 update, 3 replace. */
  readonly docType: string
  readonly responseFor: readonly string[]
  readonly subject: string
  readonly content: string
  readonly at: Date | undefined
  readonly files: readonly OfficeFile[]
  readonly broken: readonly string[]
}

/** What an office sent, liberal in what it takes. Never throws. */
export function read(edxml: Buffer): Status | Letter | Unreadable {
  const root = parseXml(edxml)
  if (isUnreadable(root)) return root
  const header = find(root, 'MessageHeader')
  if (header !== undefined) return letterIn(root, header)
  const status = find(root, 'Status') ?? find(root, 'MessageStatus')
  return status === undefined ? { unreadable: 'not-edxml' } : statusIn(status)
}

/** The id under which a document, ours or another's, is known; empty where it cannot be read. */
export function documentIdIn(edxml: Buffer): string {
  const root = parseXml(edxml)
  return isUnreadable(root) ? '' : textAt(find(root, 'MessageHeader'), 'DocumentId')
}

export function isUnreadable(found: object): found is Unreadable {
  return 'unreadable' in found && typeof found.unreadable === 'string'
}

function statusIn(status: Element): Status {
  return {
    message: 'status',
    from: textAt(status, 'From', 'OrganId'),
    of: referenceIn(childrenOf(status, 'ResponseFor')[0]),
    code: textAt(status, 'StatusCode'),
    description: textAt(status, 'Description'),
    at: momentOf(textAt(status, 'Timestamp')),
  }
}

function letterIn(root: Element, header: Element): Letter {
  // The sender's own comes first; one that was passed on has more.
  const trace = childrenOf(find(root, 'TraceHeaderList'), 'TraceHeader').at(-1)
  return {
    message: 'letter',
    from: textAt(header, 'From', 'OrganId'),
    documentId: textAt(header, 'DocumentId'),
    docType: textAt(find(root, 'Bussiness'), 'BussinessDocType') || '0',
    responseFor: childrenOf(header, 'ResponseFor')
      .map(referenceIn)
      .filter((id) => id !== ''),
    subject: textAt(header, 'Subject'),
    content: textAt(header, 'Content'),
    at: momentOf(textAt(trace, 'Timestamp')),
    ...filesOf(root),
  }
}

/** The DocumentId that a `ResponseFor` names, or would name: some fill in the parts alone. */
function referenceIn(element: Element | undefined): string {
  const named = textAt(element, 'DocumentId')
  if (named !== '') return named
  const parts = ['OrganId', 'PromulgationDate', 'Code'].map((name) => textAt(element, name))
  return parts.includes('') ? '' : parts.join(',')
}
