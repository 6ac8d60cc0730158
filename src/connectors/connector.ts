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
  readonly limits: { readonly perSecond: number; readonly concurrency: number; readonly timeoutMs: number }
  /** One attempt; retries belong to the schedule of the delivery, never in here. */
  deliver(delivery: OutgoingDelivery, ctx: ConnectorContext<S>): Promise<Taken | Fault>
  /** Does the office have it? A Fault means "cannot tell", and then nothing is sent. */
  lookup?(delivery: OutgoingDelivery, ctx: ConnectorContext<S>): Promise<Taken | 'absent' | Fault>
  /** What to do when it is unknown whether the office took it; `again` only where the office keeps our key. */
  whenUnknown(settings: S): 'lookup' | 'again' | 'person'
  readonly updates: readonly UpdateWebhook<S>[]
  /** The "test" button. */
  check(ctx: ConnectorContext<S>): Promise<{ ok: true; note: string } | Fault>
}

export interface Taken {
  readonly taken: true
  /** The office's own id of what it took, where it gives one. */
  readonly officeRef?: string
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
}

/** A stripped copy: no position, no time, no camera, no name of the sender. */
export interface OutgoingFile {
  readonly name: string
  readonly type: string
  readonly size: number
  /** Signed, expiring. */
  readonly url: string
}

export interface ConnectorContext<S> {
  readonly settings: S
  readonly at: Date
  /** The guarded way out: private addresses refused at connect time unless the link allow-lists them, no redirects, capped. */
  readonly http: OutgoingHttp
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
  /** Our delivery key or assignment id, or the office's own reference. */
  readonly of: string
  readonly kind: UpdateKind | 'unknown'
  readonly at: Date
  readonly text: string
  /** The code as the office sent it. */
  readonly rawCode: string
}

/** A connector whose settings are not known here: what the core and the list work with. */
export type AnyConnector = Omit<Connector<unknown>, 'secrets'> & { readonly secrets: readonly string[] }
