import type { z } from 'zod'
import type { Point } from '../core/words.ts'

/** A way in. The way back of the portal is the reporter's view, so there is nothing to send. A new channel is one folder and one line in `list.ts`. */
export interface Channel<S> {
  readonly kind: string
  /** Drives the form, the check, the masking and the redaction; labels live in `locales/`. */
  readonly settings: z.ZodType<S>
  readonly secrets: readonly (keyof S & string)[]
  readonly intakes: readonly Form[]
  /** Same bytes, same items: no clock, no network, no database. A thrown error counts as `Unreadable`. */
  read(envelope: Envelope, settings: S): Promise<readonly Item[] | Unreadable>
}

/** A channel whose settings are not known here: what the core and the lists work with. */
export type AnyChannel = Omit<Channel<unknown>, 'secrets'> & { readonly secrets: readonly string[] }

/** A form of ours: the request is checked field by field before it becomes an envelope, so that the citizen can mend it at once. */
export interface Form {
  readonly intake: 'form'
  /** What it takes, for the API's document; files come beside it. */
  readonly fields: z.ZodType
  /** `required`: the fields that the profile demands. */
  check(body: unknown, required: readonly string[]): readonly FieldProblem[]
}

export interface FieldProblem {
  /** The field's name as the client sent it. */
  readonly field: string
  /** Key of the sentence in `locales/*\/portal.json`. */
  readonly problem: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** What a provider handed over, byte for byte; files that came with it are already stored and named in `files`. */
export interface Envelope {
  /** The id of this handing-over: a client's Idempotency-Key, a provider's event id, else one of ours. */
  readonly event: string
  readonly contentType: string
  readonly body: Buffer
  readonly files: readonly StoredFile[]
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

export type Item = Submitted | Ignored

/** One thing that one person sent once. */
export interface Submitted {
  readonly item: 'submitted'
  /** The provider's id of this event. */
  readonly event: string
  /** Every id under which the same message may come again. */
  readonly keys: readonly string[]
  readonly sender: Contact
  readonly title?: string
  readonly content: string
  /** What the sender picked; may be wrong. */
  readonly category?: string
  readonly point?: Point
  /** Where the matter is, as the sender wrote it. */
  readonly address?: string
  readonly identitySecret: boolean
  readonly contentSecret: boolean
  readonly files: readonly StoredFile[]
}

export interface Ignored {
  readonly item: 'ignored'
  readonly event: string
  readonly reason: string
}

export interface Unreadable {
  readonly unreadable: string
}

/** Who sent it, as they gave it: personal data, encrypted wherever it rests. */
export interface Contact {
  readonly name?: string
  readonly phone?: string
  readonly email?: string
}
