import { boolean, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** Personal data: who sent it, sealed with the submission's key. */
export const reporters = pgTable('reporter', {
  id: uuid('id').primaryKey(),
  submissionId: uuid('submission_id').notNull(),
  keyId: uuid('key_id').notNull(),
  /** Sealed JSON of Contact. */
  contact: bytea('contact').notNull(),
})

/** Look-ups by phone, address or provider id, over an HMAC; destroyed with the reporter. */
export const contactIndex = pgTable(
  'contact_index',
  {
    kind: text('kind', { enum: ['phone', 'email', 'provider'] }).notNull(),
    hash: bytea('hash').notNull(),
    reporterId: uuid('reporter_id').notNull(),
    /** Nothing arrives there: a dead mailbox, a number that is gone. */
    closedAt: instant('closed_at'),
    /** Proved to be theirs, and how: `code` or `call:<actor>`. */
    verifiedAt: instant('verified_at'),
    verifiedBy: text('verified_by'),
  },
  (t) => [primaryKey({ columns: [t.kind, t.hash, t.reporterId] }), index('contact_index_reporter').on(t.reporterId)],
)

/** What people said of our messages to a contact, by keyed hash: it holds for whatever is reported from there later, too. */
export const messageWishes = pgTable(
  'message_wish',
  {
    kind: text('kind', { enum: ['phone', 'email', 'provider'] }).notNull(),
    hash: bytea('hash').notNull(),
    /** They want none. */
    silent: boolean('silent').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.hash] })],
)

/** A code sent to a contact, to be said back; only its keyed hash is kept. */
export const verifications = pgTable(
  'contact_verification',
  {
    id: uuid('id').primaryKey(),
    reporterId: uuid('reporter_id').notNull(),
    kind: text('kind', { enum: ['phone', 'email'] }).notNull(),
    codeHash: bytea('code_hash').notNull(),
    sentAt: instant('sent_at').notNull(),
    tries: integer('tries').notNull().default(0),
  },
  (t) => [unique('contact_verification_once').on(t.reporterId, t.kind)],
)
