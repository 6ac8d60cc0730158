import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** The keys that raw copies are encrypted with, each wrapped by PAHT_SECRET_KEY. To erase is to destroy the row here. */
export const dataKeys = pgTable('data_key', {
  id: uuid('id').primaryKey(),
  wrapped: bytea('wrapped').notNull(),
})

/** Partitioned by month of `received_at` (see the first migration). */
export const envelopes = pgTable(
  'envelope',
  {
    id: uuid('id').notNull(),
    receivedAt: instant('received_at').notNull(),
    sourceId: text('source_id').notNull(),
    contentType: text('content_type').notNull(),
    keyId: uuid('key_id').notNull(),
    /** Byte for byte, sealed; a large one lies in the file store and this is empty. */
    body: bytea('body').notNull(),
    /** Sealed JSON of its event id and its files (StoredFile[]): both can hold personal data. Empty where its submission's item says the same. */
    head: bytea('head').notNull(),
    state: text('state', { enum: ['read', 'quarantined'] }).notNull(),
    /** Why it is quarantined, for an officer to read. */
    reason: text('reason'),
  },
  (t) => [
    primaryKey({ columns: [t.id, t.receivedAt] }),
    index('envelope_state').on(t.state, t.receivedAt),
    index('envelope_key').on(t.keyId),
  ],
)

/** What one person sent once. */
export const submissions = pgTable(
  'submission',
  {
    id: uuid('id').primaryKey(),
    sourceId: text('source_id').notNull(),
    envelopeId: uuid('envelope_id').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** Promised at acceptance; the submission's first report takes it over. */
    code: text('code').notNull().unique(),
    keyId: uuid('key_id').notNull(),
    /** Sealed JSON of what the channel read (`Submitted`). */
    item: bytea('item').notNull(),
    /** Keyed hash of what was sent, to tell a retry from another message under the same Idempotency-Key; empty where no client makes the key. */
    print: bytea('print').notNull(),
    /** Taken in long after it was sent (a mailbox's first morning): no automatic notice goes out, only the answer. */
    quiet: boolean('quiet').notNull().default(false),
    /** The submission that it goes on from, in the same breath: what it says was added to that one's report, and it has none of its own. */
    partOf: uuid('part_of'),
    /** The provider's time of the edit that counts; null where nothing was edited. */
    editedAt: instant('edited_at'),
    erasedAt: instant('erased_at'),
    /** Keyed hash of the network address that it came from, until it is read, for a day at most; of those who give no number. */
    addressHash: bytea('address_hash'),
  },
  (t) => [
    index('submission_address').on(t.receivedAt).where(sql`${t.addressHash} is not null`),
    index('submission_envelope').on(t.envelopeId),
    index('submission_received').on(t.receivedAt),
    index('submission_part').on(t.partOf).where(sql`${t.partOf} is not null`),
  ],
)

/** What came in an envelope and is no submission: a later word about one, a receipt, or what is set aside. */
export const items = pgTable(
  'item',
  {
    id: uuid('id').primaryKey(),
    sourceId: text('source_id').notNull(),
    envelopeId: uuid('envelope_id').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** Which it is among all that its envelope holds: the same bytes are read into the same items. */
    seq: integer('seq').notNull(),
    kind: text('kind', { enum: ['revised', 'deleted', 'receipt', 'ignored'] }).notNull(),
    keyId: uuid('key_id').notNull(),
    /** Sealed JSON of what the channel read. */
    body: bytea('body').notNull(),
    /** Keyed hash of the message that a later word is about, by the first of its keys; of everything else of its own. */
    about: bytea('about').notNull(),
    /** `waiting`: for the message that it is about. */
    state: text('state', { enum: ['open', 'waiting', 'done', 'set-aside'] }).notNull(),
    /** Why it is set aside, a key of `locales/*\/aside.json`. */
    reason: text('reason'),
    /** What it became, or changed. */
    submissionId: uuid('submission_id'),
  },
  (t) => [
    index('item_envelope').on(t.envelopeId),
    index('item_aside').on(t.state, t.receivedAt).where(sql`${t.state} = 'set-aside'`),
    index('item_waiting').on(t.sourceId, t.about).where(sql`${t.state} = 'waiting'`),
    index('item_submission').on(t.submissionId).where(sql`${t.submissionId} is not null`),
  ],
)

/** Never partitioned, never pruned, outlives erasure: the one place where "once" is decided. */
export const submissionKeys = pgTable(
  'submission_key',
  {
    sourceId: text('source_id').notNull(),
    keyHash: bytea('key_hash').notNull(),
    /** What first came under this key: a submission, an item, an envelope that could not be read. */
    submissionId: uuid('submission_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.keyHash] }), index('submission_key_submission').on(t.submissionId)],
)

/**
 * A file as it came (`original`) and the copy without metadata that may be served or sent (`clean`); the body of an envelope where it is large
 * (`envelope`); what came with an office's answer, byte for byte (`office`); a part of a large file that is on its way (`piece`, `seq` is where it begins).
 */
export const files = pgTable(
  'file',
  {
    /** SHA-256 of the stored bytes, hex: also its name in the file store. */
    id: text('id').primaryKey(),
    /** Whose data key seals it: a submission, an item, an envelope, an office's update, a large file. */
    submissionId: uuid('submission_id').notNull(),
    seq: integer('seq').notNull(),
    variant: text('variant', { enum: ['original', 'clean', 'envelope', 'office', 'piece'] }).notNull(),
    print: text('print').notNull(),
    /** SHA-256 of the clear bytes, hex, of an office's file: nobody's secret, and a signature over them can be checked for ever. */
    sha256: text('sha256'),
    type: text('type').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Why there is no clean copy; such a file is never served or sent. */
    notClean: text('not_clean'),
    /** Original only: sealed JSON of position and time that the camera wrote, a hint for officers. */
    hint: bytea('hint'),
  },
  (t) => [index('file_submission').on(t.submissionId, t.seq)],
)

/** How much came from a sender of late: a number or a network address, by a keyed hash of its own; forgotten a day after the last. */
export const senders = pgTable('sender', {
  hash: bytea('hash').primaryKey(),
  /** What is held of theirs is freed or refused by this id, which says nothing of who they are. */
  groupId: uuid('group_id').notNull(),
  /** When each came that went on, as far as it still counts. */
  passed: instant('passed').array().notNull(),
  /** The last one was too many. */
  held: boolean('held').notNull(),
  lastAt: instant('last_at').notNull(),
})

/** A large file that is sent in pieces (`file`) ahead of the report that names it. Its id is known to whoever sends it and nobody else; forgotten after a day. */
export const largeFiles = pgTable(
  'large_file',
  {
    /** UUID version 4: it cannot be guessed. */
    id: uuid('id').primaryKey(),
    /** Of the key that its pieces are sealed with. */
    keyId: uuid('key_id').notNull(),
    /** Sealed. */
    name: bytea('name').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    received: bigint('received', { mode: 'number' }).notNull().default(0),
    startedAt: instant('started_at').notNull(),
    /** Whose file it has become; its pieces are gone then, and what it was is kept for a report that is sent again. */
    submissionId: uuid('submission_id'),
    print: text('print'),
    type: text('type'),
  },
  (t) => [index('large_file_started').on(t.startedAt)],
)
