import type { z } from 'zod'
import type { Fault } from '../core/fault.ts'
import type { CaseStatus } from '../core/words.ts'
import type { Mail } from '../platform/mail/mail.ts'
import type { OutgoingHttp } from '../platform/outgoing/http.ts'

import type { Contact, Item, RemoteFile, StoredFile, Submitted, Unreadable } from './item.ts'

export type * from './item.ts'

/** A way in, and back out. A new channel is one folder and one line in `list.ts`. */
export interface Channel<S> {
  readonly kind: string
  /** Drives the form, the check, the masking and the redaction; labels live in `locales/`. */
  readonly settings: z.ZodType<S>
  readonly secrets: readonly (keyof S & string)[]
  readonly intakes: readonly (Form | Listener<S> | Webhook<S>)[]
  /**
   * The key of the program that a source belongs to, where it is one's own: it signs in with that, sends for its users, and nobody else's form comes
   * by that source. Undefined where it is everybody's.
   */
  client?(settings: S): ClientKey | undefined
  /** A person takes what comes, and asks for what is missing: nobody is asked by a message. */
  readonly attended?: true
  /** What one sender may send before what else comes is held for a glance. Without it nothing is held. */
  limits?(settings: S): SenderLimits
  /**
   * Same bytes, same items: no clock, no network, no database. What a listener hands over is read in a worker thread with limits on time and
   * memory. A thrown error counts as `Unreadable`.
   */
  read(envelope: Envelope, settings: S): Promise<readonly Item[] | Unreadable>
  /** Of an answer of the provider, where more than the usual 64 KB can come: a photo, say. */
  readonly maxAnswerBytes?: number
  /** What a provider keeps beside the message, such as a photo behind a link that expires. One attempt. */
  fetchFile?(file: RemoteFile, ctx: ChannelContext<S>): Promise<FetchedFile | Fault>
  /** What somebody whom the provider names by an id alone is called there; undefined where it does not say. One attempt. */
  nameOf?(provider: string, ctx: ChannelContext<S>): Promise<string | undefined | Fault>
  /**
   * Asks the provider for what it may have failed to bring since `cursor` (undefined: from now on), oldest first, a page at a time. Read by `read`
   * like everything else; the same keys make it harmless.
   */
  reconcile?(cursor: unknown, ctx: ChannelContext<S>): AsyncIterable<Reconciled | Fault>
  /** The way back to a reporter. The province's own form has none: there the reporter's view is the way back. */
  readonly send?: Sender<S>
  /** The "test" button: proves address and secrets, changes nothing. */
  check?(ctx: ChannelContext<S>): Promise<Health | Fault>
}

/** A channel whose settings are not known here: what the core and the lists work with. */
export type AnyChannel = Omit<Channel<unknown>, 'secrets'> & { readonly secrets: readonly string[] }

/** What a channel may use of the outside; one for each source. */
export interface ChannelContext<S> {
  readonly settings: S
  /** Of the settings' hosts alone; secrets are taken out of traces. */
  readonly http: OutgoingHttp
  readonly mail: Mail
  readonly at: Date
  /** What the channel must remember from one call to the next, such as tokens that are used once; sealed, one row for each source. */
  readonly memory: Memory
  /** The address that the provider calls, as it is configured there. */
  readonly hookUrl: string
}

/** What a program signs in with. */
export interface ClientKey {
  readonly id: string
  readonly secret: string
}

export interface SenderLimits {
  /** In any hour, from one telephone number; of a program's users who give none, from one of them. */
  readonly phoneHourly: number
  /** In any minute, from one network address, of those who give no number. */
  readonly addressMinutely: number
}

export interface Memory {
  /** JSON; undefined where nothing has been remembered. */
  read(): Promise<unknown>
  /** Under a lock that holds over all processes: what `change` resolves to is committed before this resolves. */
  change(change: (known: unknown) => Promise<unknown>): Promise<unknown>
}

export interface Health {
  readonly ok: true
  readonly note: string
}

/** A form of ours: the request is checked field by field before it becomes an envelope, so that the citizen can mend it at once. */
export interface Form {
  readonly intake: 'form'
  /** What it takes, for the API's document; files come beside it. */
  readonly fields: z.ZodType
  /**
   * All that is wrong with it; else what becomes of it, once its envelope is made: the same that `read` reads from that envelope, without reading
   * it a second time.
   */
  check(body: unknown, demands: Demands): { readonly problems: readonly FieldProblem[] } | CheckedForm
}

export interface CheckedForm {
  /** Ids of large files that were sent before it. */
  readonly uploads?: readonly string[]
  /** Names it where its client does not: the same each time that it is sent. */
  readonly event?: string | undefined
  submitted(envelope: Pick<Envelope, 'event' | 'files'>): Submitted
}

/** What the province's rules demand of a form. */
export interface Demands {
  readonly required: readonly string[]
  /** Of each of these lists, one field is enough. */
  readonly oneOf: readonly (readonly string[])[]
  /** The categories that a matter may have, each with its narrower fields. Not given: any text is taken as it is. */
  readonly categories?: ReadonlyMap<string, readonly string[]>
  /** Kinds of matter that cannot wait. */
  readonly urgent: readonly string[]
}

export interface FieldProblem {
  /** The field's name as the client sent it. */
  readonly field: string
  /** Key of the sentence in `locales/*\/portal.json`. */
  readonly problem: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** Keeps a connection to the provider open. One process at a time runs it for a source: it holds the source's lease. */
export interface Listener<S> {
  readonly intake: 'listener'
  /**
   * Runs until `signal` is aborted, then resolves; a lost connection is a Fault, after which it is run again, later each time. It hands over
   * everything that came after `cursors`, oldest first.
   */
  run(ctx: ListenerContext<S>): Promise<Fault | undefined>
  /** Before a source is switched on: how much it would take in, and what of the newest would become what. Changes nothing. */
  preview(ctx: ChannelContext<S>, newest: number): Promise<Preview | Fault>
}

export interface ListenerContext<S> extends ChannelContext<S> {
  /** What was committed last for each place (a mailbox folder), as the listener handed it over. */
  readonly cursors: ReadonlyMap<string, unknown>
  readonly signal: AbortSignal
  /**
   * Takes what came, in this order. Resolves once all of it is committed together with the cursors; then it may be flagged at the provider. The
   * next may be handed over before: it is read meanwhile, and committed after. Rejects where that cannot be: the lease was lost, the database is away. Then nothing was taken.
   */
  take(handed: readonly Handed[]): Promise<void>
  /** The connection stands, and everything that waited is taken in. */
  caughtUp(): void
}

/** One thing from the provider, with where it was and what to remember once it is committed. */
export interface Handed {
  readonly envelope: Envelope
  /** When the provider got it. */
  readonly receivedAt: Date
  /** A mailbox folder, say; bounds which cursor moves. */
  readonly place: string
  /** JSON. */
  readonly cursor: unknown
  /** Why it is not even to be read: larger than may be taken, say. Then it is quarantined. */
  readonly unreadable?: string
}

/** The provider calls us for everything that happens. Answered once all that a call brought is committed. */
export interface Webhook<S> {
  readonly intake: 'webhook'
  /** Bytes of the largest body that it sends; a larger one is refused aloud, never cut. */
  readonly maxBytes: number
  /** Asked by GET whether the address is ours: what it wants to read. Undefined refuses. */
  challenge?(query: Readonly<Record<string, string>>, settings: S): string | undefined
  /** Is it the provider who calls? Over the bytes as they came. Undefined where it is. */
  verify(call: HookCall, settings: S): Fault | undefined
  /** What it wants to read as an answer; without, 200 and nothing. */
  readonly reply?: { readonly contentType: string; readonly body: string }
}

export interface HookCall {
  /** As it is configured at the provider, with the query that came: signatures are made over that, whatever a proxy made of it. */
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  readonly at: Date
}

export interface Reconciled {
  readonly envelope: Envelope
  readonly receivedAt: Date
  /** JSON; remembered once what came with it is committed. */
  readonly cursor: unknown
}

export interface FetchedFile {
  readonly bytes: Uint8Array
  /** As the provider declares it; what it is, its bytes tell. */
  readonly type: string
}

export interface Preview {
  /** How many wait in each place from the day on that the settings name. */
  readonly waiting: readonly { readonly place: string; readonly count: number }[]
  /** All places, and what each is for, as far as the provider says so. */
  readonly places: readonly { readonly place: string; readonly use?: string }[]
  /** The newest that wait, for a dry run. */
  readonly newest: readonly Handed[]
}

/** What a provider handed over, byte for byte; files that came beside it are already stored and named in `files`. */
export interface Envelope {
  /** The id of this handing-over: a client's Idempotency-Key, a provider's event id, else one of ours. */
  readonly event: string
  readonly contentType: string
  readonly body: Buffer
  readonly files: readonly StoredFile[]
}

/** Tells reporters things. */
export interface Sender<S> {
  /** The contact that it writes to. */
  readonly to: keyof Contact
  /** One attempt; retries belong to the schedule of the notice, never in here. */
  attempt(notice: OutgoingNotice, ctx: ChannelContext<S>): Promise<Sent | ShutForNow | Fault>
  /** When it is unknown whether the provider took it: send again (the recipient's program sees the same id twice), or leave it. */
  readonly whenUnknown: 'again' | 'leave'
  /** Which sources send; without, all do. Whoever came by another one is told by the reporter's view. */
  can?(settings: S): boolean
  /** Of a program: it hears of each change of a report's status, whether or not its reporter is told anything. One attempt, as above. */
  attemptStatus?(change: OutgoingStatus, ctx: ChannelContext<S>): Promise<Sent | Fault>
  /** Attempts of one source at the same time; without, as many as there are workers. */
  readonly concurrency?: number
}

/** A report has another status. */
export interface OutgoingStatus {
  /** Names this change; the same in every attempt. */
  readonly token: string
  readonly to: string
  readonly code: string
  readonly at: Date
  readonly status: CaseStatus
  /** Vietnamese. */
  readonly statusText: string
}

export interface OutgoingNotice {
  /** What is told: `received`, `answer`, … */
  readonly event: string
  readonly code: string
  /** When it became true. */
  readonly at: Date
  /** What happened, in one sentence: as the reporter's view says it. Vietnamese. */
  readonly sentence: string
  /** How the report stood then, and what came with it; for a channel that tells programs. */
  readonly stood?: Stood
  /** One sentence with the code and the link of the reporter's view: for a way that counts letters. Vietnamese. */
  readonly short: string
  /** For a way that everybody can read: that there is news, and nothing of it. */
  readonly publicly: string
  /** Names this notice and proves that it is ours: 41 lower-case letters and digits. The same in every attempt. */
  readonly token: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** What it goes into the thread of: the message that the reporter sent, by its own id. */
  readonly inReplyTo?: string
  /** Notices sent before about the same report, oldest first. */
  readonly earlier: readonly string[]
  /** When its recipient last wrote by this source: providers let us answer for so long. */
  readonly lastHeard: Date
}

export interface Stood {
  readonly status: CaseStatus
  /** Vietnamese. */
  readonly statusText: string
  /** By links that expire. */
  readonly files: readonly {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly url: string
  }[]
}

export interface Sent {
  readonly sent: true
  /** The provider's ids of what it was sent as, where it gives any: receipts come under them. */
  readonly providerIds?: readonly string[]
}

/** Nothing may be sent this way now (the provider's window for answers is over); the address stays good, and the next way is tried. */
export interface ShutForNow {
  readonly sent: false
  readonly why: string
}
