import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { MessageType, Organ } from './check.ts'
import type { Step } from './plan.ts'

export type TransportStatus = 'initial' | 'processing' | 'done' | 'fail'

/** Accepted from the hub. */
export interface Sent {
  readonly docId: string
  readonly messageType: MessageType
  readonly documentId: string
  readonly from: string
  readonly to: readonly Organ[]
  readonly at: string
  readonly sha256: string
  readonly subject: string
  readonly content: string
  readonly files: readonly {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly sha256: string
    readonly zipped: boolean
  }[]
  readonly docType: number
  readonly about: string
  readonly responseFor: readonly string[]
  readonly code: string | null
  /** What each office means to do with it. */
  readonly plans: readonly { readonly organ: string; readonly steps: readonly Step[] }[]
  /** Taken back by this one: the documents on which work ends. */
  readonly stops: readonly string[]
}

/** The same DocumentId again. */
export interface Duplicate {
  /** Of the first. */
  readonly docId: string
  readonly documentId: string
  readonly docType: number
  readonly at: string
  readonly sha256: string
  /** Byte for byte. */
  readonly same: boolean
  /** Its own docId, where it was accepted. */
  readonly as: string | null
}

export interface Refused {
  readonly messageType: string
  readonly errorCode: string
  readonly errorDesc: string
  readonly at: string
  readonly sha256: string
}

/** In the hub's inbox. */
export interface Message {
  readonly docId: string
  readonly messageType: MessageType
  readonly documentId: string
  readonly from: string
  readonly to: string
  readonly at: string
  readonly code: string | null
  readonly subject: string
  readonly responseFor: string
}

/** A step that an office has done, with what it put into the hub's inbox. */
export interface Done {
  readonly of: string
  readonly organ: string
  readonly at: string
  readonly step: number
  readonly name: string
  readonly messages: readonly Message[]
}

export type Line =
  | ({ readonly line: 'sent' } & Sent)
  | ({ readonly line: 'duplicate' } & Duplicate)
  | ({ readonly line: 'refused' } & Refused)
  | ({ readonly line: 'step' } & Done)
  | { readonly line: 'transport'; readonly docId: string; readonly status: TransportStatus; readonly at: string }

/** What the exchange holds: a file that only grows, each line on disk before anyone hears of it, so that a kill loses nothing. */
export interface Store {
  readonly lines: readonly Line[]
  readonly sent: ReadonlyMap<string, Sent>
  readonly inbox: ReadonlyMap<string, Message>
  readonly stopped: ReadonlySet<string>
  /** The first document under this id; a revocation under the same id is another. */
  first(documentId: string, docType: number): Sent | undefined
  /** How many steps an office has done about a document, and when the last. */
  done(of: string, organ?: string): { readonly count: number; readonly at: string | undefined }
  transport(docId: string): { readonly status: TransportStatus; readonly at: string } | undefined
  /** On disk before the line that speaks of it. */
  keep(docId: string, edxml: Buffer): void
  document(docId: string): Buffer
  append(line: Line): void
  close(): void
}

export function openStore(path: string): Store {
  const folder = `${path}.d`
  mkdirSync(folder, { recursive: true })
  const lines: Line[] = []
  const sent = new Map<string, Sent>()
  const firsts = new Map<string, Sent>()
  const inbox = new Map<string, Message>()
  const stopped = new Set<string>()
  const dones = new Map<string, Done[]>()
  const transports = new Map<string, { status: TransportStatus; at: string }>()

  const apply = (line: Line): void => {
    lines.push(line)
    if (line.line === 'sent') {
      sent.set(line.docId, line)
      const key = keyOf(line.documentId, line.docType)
      if (line.messageType === 'edoc' && !firsts.has(key)) firsts.set(key, line)
      for (const docId of line.stops) stopped.add(docId)
    }
    if (line.line === 'step') {
      dones.set(line.of, [...(dones.get(line.of) ?? []), line])
      for (const message of line.messages) inbox.set(message.docId, message)
    }
    if (line.line === 'transport') transports.set(line.docId, line)
  }
  for (const line of linesOf(path)) apply(JSON.parse(line) as Line)

  const file = openSync(path, 'a')
  return {
    lines,
    sent,
    inbox,
    stopped,
    first: (documentId, docType) => firsts.get(keyOf(documentId, docType)),
    done: (of, organ) => {
      const those = (dones.get(of) ?? []).filter((one) => organ === undefined || one.organ === organ)
      return { count: those.length, at: those.at(-1)?.at }
    },
    transport: (docId) => transports.get(docId),
    keep: (docId, edxml) => writeFileSync(join(folder, docId), edxml, { flush: true }),
    document: (docId) => readFileSync(join(folder, docId)),
    append: (line) => {
      writeSync(file, `${JSON.stringify(line)}\n`)
      fsyncSync(file)
      apply(line)
    },
    close: () => closeSync(file),
  }
}

function keyOf(documentId: string, docType: number): string {
  return `${docType} ${documentId}`
}

/** A line without its end was never answered for: a kill fell into the middle of it. */
function linesOf(path: string): string[] {
  if (!existsSync(path)) return []
  const bytes = readFileSync(path)
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
  if (whole.length < bytes.length) truncateSync(path, whole.length)
  return whole.toString().split('\n').filter(Boolean)
}
