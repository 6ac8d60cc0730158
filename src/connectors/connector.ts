import type { z } from 'zod'
import type { Fault } from '../core/fault.ts'
import type { DeliveryKind, Point, UpdateKind } from '../core/words.ts'
import type { OutgoingHttp } from '../platform/outgoing/http.ts'

/** A kind of tie to office software. A new connector is one folder and one line in `list.ts`. */
export interface Connector<S> {
  readonly kind: string
  /** Drives the form, the check, the masking and the redaction; labels live in `locales/`. */
  readonly settings: z.ZodType<S>
  readonly secrets: readonly (keyof S & string)[]
  /** What a link cannot take becomes a task for a person, with the text ready. */
  readonly takes: readonly DeliveryKind[]
  readonly limits: {
    readonly perSecond: number
    readonly concurrency: number
    readonly timeoutMs: number
    /** Of one answer; 64 kB unless said. */
    readonly maxAnswerBytes?: number
  }
  /** Where each delivery is a numbered document: in which number book it gets its number, and what the document is then called. */
  readonly documents?: Documents<S>
  /** One attempt; retries belong to the schedule of the delivery, never in here. */
  deliver(delivery: OutgoingDelivery, ctx: DeliverContext<S>): Promise<Taken | Pending | Fault>
  /** Does the office have it? A Fault means "cannot tell", and then nothing is sent. */
  lookup?(delivery: OutgoingDelivery, ctx: DeliverContext<S>): Promise<Taken | Pending | 'absent' | Fault>
  /** What to do when it is unknown whether the office took it; `again` only where the office keeps our key. */
  whenUnknown(settings: S): 'lookup' | 'again' | 'person'
  readonly updates: readonly (UpdateWebhook<S> | Poller<S>)[]
  /** The "test" button. */
  check(ctx: ConnectorContext<S>): Promise<{ ok: true; note: string } | Fault>
}

export interface Taken {
  readonly taken: true
  /** The office's own id of what it took, where it gives one. */
  readonly officeRef?: string
}

/** An exchange in between has it; an update (`arrived` or later) will say that the office has it too. */
export interface Pending {
  readonly pending: true
  /** The exchange's id of it. */
  readonly officeRef?: string
}

/** A number is given once, in the transaction that makes the delivery: none is skipped, none is used again. */
export interface Documents<S> {
  /** One book for each organ; numbers begin anew with each year. */
  book(settings: S): string
  /** The document's id in the exchange. `day` is the day in Vietnam on which it got its number, `YYYY-MM-DD`. */
  idOf(settings: S, number: number, day: string): string
}

export interface NumberedDocument {
  readonly number: number
  /** `YYYY-MM-DD`. */
  readonly day: string
  readonly id: string
}

/** What leaves for an office: built from what the profile allows, never the reporter's identity where it is secret. */
export interface OutgoingDelivery {
  /** The same in every attempt, never reused. */
  readonly key: string
  readonly kind: DeliveryKind
  readonly caseId: string
  readonly assignmentId: string
  /** The code of the case's first report. */
  readonly code: string
  readonly agency: { readonly code: string; readonly name: string }
  readonly title: string
  readonly text: string
  readonly address?: string
  readonly point?: Point
  readonly unit?: { readonly code: string; readonly name: string }
  readonly urgent: boolean
  readonly receivedAt: Date
  readonly dueAt?: Date
  readonly reportCount: number
  /** Present only where no flag keeps the reporter secret. */
  readonly reporter?: { readonly name?: string; readonly phone?: string; readonly email?: string }
  readonly files: readonly OutgoingFile[]
  /** Where the connector numbers its documents. */
  readonly document?: NumberedDocument
  /** The document by which the same office got the case, where this delivery adds to it. */
  readonly follows?: NumberedDocument
}

/** A stripped copy: no position, no time, no camera, no name of the sender. */
export interface OutgoingFile {
  readonly name: string
  readonly type: string
  readonly size: number
  /** Signed, expiring. */
  readonly url: string
  /** The bytes, verified: at most 100 MB. */
  read(): Promise<Buffer>
}

export interface ConnectorContext<S> {
  readonly settings: S
  readonly at: Date
  /** The guarded way out: private addresses refused at connect time unless the link allow-lists them, no redirects, capped. */
  readonly http: OutgoingHttp
}

/** For a delivery: parts that are done stay done over attempts. */
export interface DeliverContext<S> extends ConnectorContext<S> {
  /** What `saveProgress` committed last for this delivery. */
  readonly progress: unknown
  /** JSON, committed before it resolves. */
  saveProgress(progress: unknown): Promise<void>
}

/** Updates fetched by us, one poll of a link at a time. */
export interface Poller<S> {
  readonly update: 'poll'
  everySeconds(settings: S): number
  /** One look. `cursor` is what the last look returned, undefined at first. What it cannot read it returns as `unknown` updates: nothing is skipped in silence. */
  poll(cursor: unknown, ctx: ConnectorContext<S>): Promise<Polled | Fault>
  /** After the updates are committed: tells the exchange that we have them. May happen again for the same ones. */
  acknowledge?(polled: Polled, ctx: ConnectorContext<S>): Promise<Fault | undefined>
}

export interface Polled {
  readonly updates: readonly OfficeUpdate[]
  /** JSON, kept with the updates. */
  readonly cursor: unknown
  /** What `acknowledge` needs. */
  readonly receipts: unknown
  /** There is more: look again at once. */
  readonly more: boolean
}

/** Updates pushed to us at `/hooks/links/:link`; verified on the raw bytes. */
export interface UpdateWebhook<S> {
  readonly update: 'webhook'
  verify(headers: Readonly<Record<string, string | undefined>>, raw: Buffer, settings: S, at: Date): Fault | undefined
  read(raw: Buffer): readonly OfficeUpdate[] | Fault
}

/** What comes back from an office, read into the one shape. */
export interface OfficeUpdate {
  /** The office's id of this event: the same event twice is one update. */
  readonly event: string
  /** Our delivery's key, our assignment's or document's id, or the office's own reference. */
  readonly of: string
  readonly kind: UpdateKind | 'unknown'
  /** The identifier code of who wrote it, where the exchange says so. */
  readonly from?: string
  readonly at: Date
  readonly text: string
  /** The code as the office sent it. */
  readonly rawCode: string
  /** What came with an answer: a signed letter, say. Kept byte for byte. */
  readonly files?: readonly OfficeFile[]
}

export interface OfficeFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** A connector whose settings are not known here: what the core and the list work with. */
export type AnyConnector = Omit<Connector<unknown>, 'secrets'> & { readonly secrets: readonly string[] }
