import { integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** Of each source that keeps a connection open: who listens, and how it is. */
export const listeners = pgTable('listener', {
  sourceId: text('source_id').primaryKey(),
  /** The process that listens proves itself with it; whoever took over has another. */
  token: uuid('token'),
  /** The database's own clock: a lease is about processes, not about business. */
  leaseUntil: timestamp('lease_until', { withTimezone: true, mode: 'date' }),
  /** Everything that waited is taken in; null while the connection is away. */
  caughtUpAt: instant('caught_up_at'),
  lastReceivedAt: instant('last_received_at'),
  lastFault: text('last_fault'),
  lastFaultAt: instant('last_fault_at'),
})

/** How far a source is taken in, for each place (a mailbox folder): moved in the transaction that stores what came. */
export const cursors = pgTable(
  'source_cursor',
  {
    sourceId: text('source_id').notNull(),
    place: text('place').notNull(),
    cursor: jsonb('cursor').$type<unknown>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.place] })],
)

/** What a source's channel remembers from one call to the next (tokens that are used once), sealed JSON. */
export const sourceMemory = pgTable('source_memory', {
  sourceId: text('source_id').primaryKey(),
  value: bytea('value'),
})

/** How a source is that its provider calls, as far as we can tell from here. */
export const sourceHealth = pgTable('source_health', {
  sourceId: text('source_id').primaryKey(),
  /** Written now and then, not with every call. */
  lastReceivedAt: instant('last_received_at'),
  /** Calls whose signature did not hold: refused, or only counted, as the source says. */
  badSignatures: integer('bad_signatures').notNull().default(0),
  lastBadSignatureAt: instant('last_bad_signature_at'),
  /** What was turned away last, and why: a call that is too large, say. */
  lastRefusal: text('last_refusal'),
  lastRefusalAt: instant('last_refusal_at'),
  /** What the provider said when it was last asked for what it may have failed to bring. */
  reconciledAt: instant('reconciled_at'),
  lastFault: text('last_fault'),
  faultSince: instant('fault_since'),
  /** People have been told of the fault. */
  alertedAt: instant('alerted_at'),
})
