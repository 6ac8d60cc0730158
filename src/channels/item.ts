import type { Point } from '../core/words.ts'

export type Item = Submitted | Revised | Deleted | Receipt | Ignored

interface AnyItem {
  /** The provider's id of this event. */
  readonly event: string
  /** Every id under which the same message may come again; of a later word about a message, those of that message. */
  readonly keys: readonly string[]
}

/** One thing that one person sent once. */
export interface Submitted extends AnyItem {
  readonly item: 'submitted'
  readonly sender: Contact
  readonly title?: string
  readonly content: string
  /** What stood around the content: quoted text of earlier messages, a signature, a forwarding header. Shown to officers, matched against nothing. */
  readonly aside?: string
  /** What the sender picked; may be wrong. */
  readonly category?: string
  /** A narrower field of the category. */
  readonly field?: string
  /** The sender says that it cannot wait, and which kind of urgent matter it is. */
  readonly urgent?: string
  readonly point?: Point
  /** Where the matter is, as the sender wrote it. */
  readonly address?: string
  readonly identitySecret: boolean
  readonly contentSecret: boolean
  readonly files: readonly StoredFile[]
  readonly attachments?: readonly Attachment[]
  /** Fetched before it is read; what cannot be had in time comes later. */
  readonly remote?: readonly RemoteFile[]
  /** Counted by the core: attachments over a limit, which lie in the envelope alone. */
  readonly leftOut?: number
  /** Set by the core: the message that this is a later word about never came. */
  readonly unoriginal?: true
  /** The provider's id of it, for an answer that shall stand in the same thread. */
  readonly thread?: string
  /** What it says that it answers; nothing of it is proved here. */
  readonly answers?: Answers
  /**
   * The provider's id of a talk between one person and us. People write in a talk as they speak: the next message may be the rest of the last.
   * Without it a message stands alone.
   */
  readonly talk?: string
  /** Somebody spoke it: `aside` is the whole talk, a line a turn, and the title is none of theirs. */
  readonly spoken?: true
  /** What it stands under, such as the post that is commented on: read by officers, matched against nothing. */
  readonly context?: string
}

/** A later word about a message, which comes before it, after it, or twice. */
export interface Revised extends AnyItem {
  readonly item: 'revised'
  /** `edited` takes the place of what was said; `more` is added to it: the next part, a transcript. */
  readonly how: 'edited' | 'more'
  /** ISO time at the provider: of two edits the later one counts, whichever comes first. */
  readonly at: string
  /** The message as it is now, or what is added. It stands alone where the message itself never comes. */
  readonly now: Submitted
}

/** Its sender took a message back. */
export interface Deleted extends AnyItem {
  readonly item: 'deleted'
  readonly at: string
}

/** Marks of ours found in a message. */
export interface Answers {
  /** Tokens of notices (`OutgoingNotice.token`): from Message-IDs that it refers to, from addresses that it was sent to. */
  readonly tokens: readonly string[]
  /** Codes of reports in its subject. */
  readonly codes: readonly string[]
}

/** A provider's word about a message of ours. */
export interface Receipt extends AnyItem {
  readonly item: 'receipt'
  /** `bounced`: it will never arrive. `delayed`: it may yet. By rank: a later one in this list is the surer word. */
  readonly receipt: 'delayed' | 'delivered' | 'read' | 'bounced'
  /** Tokens found in it; none of them proved. */
  readonly tokens: readonly string[]
  /** The provider's own ids (`Sent.providerId`) of the messages that it is about. */
  readonly providerIds?: readonly string[]
  /** The provider's own words, a line or two. */
  readonly text: string
}

/** No report, and why: a key of `locales/*\/aside.json`. Set aside, where an officer can look and take it in all the same. */
export interface Ignored extends AnyItem {
  readonly item: 'ignored'
  readonly reason: string
  /** What it would be as a report, should an officer say that it is one. */
  readonly as?: Submitted
  /** Its sender wants no messages of ours to this contact from now on, or wants them again. */
  readonly wish?: { readonly contact: Contact; readonly messages: 'none' | 'again' }
}

export interface Unreadable {
  readonly unreadable: string
}

/** Who sent it, as they gave it: personal data, encrypted wherever it rests. */
export interface Contact {
  readonly name?: string
  readonly phone?: string
  readonly email?: string
  /** Their id at the provider, which means something to that source alone. */
  readonly provider?: string
}

/** A file as it lies in the store: encrypted with its submission's data key, named by the SHA-256 of the stored bytes. */
export interface StoredFile {
  /** Lower-case hex SHA-256 of the stored (encrypted) bytes. */
  readonly id: string
  /** SHA-256 of the clear bytes, keyed; the same file sent twice has the same print. */
  readonly print: string
  readonly name: string
  readonly type: string
  /** Bytes before encryption. */
  readonly size: number
}

/** A file that lies inside the envelope; the core puts it into the store. */
export interface Attachment {
  readonly name: string
  /** As the sender declared it; what it is, its bytes tell. */
  readonly type: string
  readonly bytes: Uint8Array
}

/** A file that the provider keeps. */
export interface RemoteFile {
  /** A link, or the provider's id of it. */
  readonly ref: string
  readonly name: string
}
