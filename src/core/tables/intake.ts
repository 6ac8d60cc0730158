import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
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
    /** Byte for byte, sealed. */
    body: bytea('body').notNull(),
    /** Sealed JSON of its event id and its files (StoredFile[]): both can hold personal data. */
    head: bytea('head').notNull(),
    state: text('state', { enum: ['read', 'quarantined', 'set-aside'] }).notNull(),
    /** Why it is quarantined or set aside, for an officer to read. */
    reason: text('reason'),
  },
  (t) => [primaryKey({ columns: [t.id, t.receivedAt] }), index('envelope_state').on(t.state, t.receivedAt)],
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
    /** Keyed hash of what was sent, to tell a retry from another message under the same Idempotency-Key. */
    print: bytea('print').notNull(),
    erasedAt: instant('erased_at'),
  },
  (t) => [index('submission_envelope').on(t.envelopeId), index('submission_received').on(t.receivedAt)],
)

/** Never partitioned, never pruned, outlives erasure: the one place where "once" is decided. */
export const submissionKeys = pgTable(
  'submission_key',
  {
    sourceId: text('source_id').notNull(),
    keyHash: bytea('key_hash').notNull(),
    submissionId: uuid('submission_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.keyHash] }), index('submission_key_submission').on(t.submissionId)],
)

/** A file as it came (`original`) and the copy without metadata that may be served or sent (`clean`). */
export const files = pgTable(
  'file',
  {
    /** SHA-256 of the stored bytes, hex: also its name in the file store. */
    id: text('id').primaryKey(),
    submissionId: uuid('submission_id').notNull(),
    seq: integer('seq').notNull(),
    variant: text('variant', { enum: ['original', 'clean'] }).notNull(),
    print: text('print').notNull(),
    type: text('type').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    /** Why there is no clean copy; such a file is never served or sent. */
    notClean: text('not_clean'),
    /** Original only: sealed JSON of position and time that the camera wrote, a hint for officers. */
    hint: bytea('hint'),
  },
  (t) => [index('file_submission').on(t.submissionId, t.seq)],
)
