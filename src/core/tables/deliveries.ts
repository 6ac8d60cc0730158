import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { DELIVERY_KINDS, DELIVERY_STATES, FAULT_CODES } from '../words.ts'
import { bytea, instant } from './columns.ts'

/** One thing to tell one office about one assignment, until the office has it. Its id is the key that every attempt carries. */
export const deliveries = pgTable(
  'delivery',
  {
    id: uuid('id').primaryKey(),
    assignmentId: uuid('assignment_id').notNull(),
    /** The report that an addition is about; a case's own delivery has none. */
    reportId: uuid('report_id'),
    linkId: text('link_id'),
    kind: text('kind', { enum: DELIVERY_KINDS }).notNull(),
    /** `identity`: an addition that says who the reporter is, after their yes; `revision:<id>`: the report says more, or otherwise; else empty. */
    purpose: text('purpose').$type<'' | 'identity' | `revision:${string}`>().notNull().default(''),
    state: text('state', { enum: DELIVERY_STATES }).notNull(),
    createdAt: instant('created_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Set when the request may have left and cleared when its outcome is known: a worker that finds it set asks the office first. */
    outcomeUnknown: boolean('outcome_unknown').notNull().default(false),
    firstAttemptAt: instant('first_attempt_at'),
    nextAttemptAt: instant('next_attempt_at'),
    takenAt: instant('taken_at'),
    /** Otherwise than by its link. */
    takenVia: text('taken_via', { enum: ['telephone', 'desk'] }),
    officeRef: text('office_ref'),
    lastFault: text('last_fault', { enum: FAULT_CODES }),
    lastMessage: text('last_message'),
    /** Where its link numbers documents: given in the transaction that made it ready, and never again to another. */
    documentNumber: integer('document_number'),
    documentDay: date('document_day'),
    documentId: text('document_id'),
    /** What of an attempt is done and stays done. */
    progress: jsonb('progress').$type<unknown>(),
  },
  (t) => [
    unique('delivery_once').on(t.assignmentId, t.kind, t.reportId, t.purpose).nullsNotDistinct(),
    index('delivery_state').on(t.state, t.createdAt),
    index('delivery_link').on(t.linkId, t.officeRef),
    unique('delivery_document').on(t.linkId, t.documentId),
  ],
)

/** The last number that was given in a book, in a year: its row is locked while one is given, so none is skipped and none given twice. */
export const numberBooks = pgTable(
  'number_book',
  { book: text('book').notNull(), year: integer('year').notNull(), last: integer('last').notNull() },
  (t) => [primaryKey({ columns: [t.book, t.year] })],
)

/** How far a link's updates are fetched. */
export const polls = pgTable('link_poll', {
  linkId: text('link_id').primaryKey(),
  cursor: jsonb('cursor').$type<unknown>(),
  polledAt: instant('polled_at').notNull(),
  lastFault: text('last_fault'),
})

/** One exchange with an office, sealed, for the operator. Partitioned by month (see the first migration). */
export const traces = pgTable(
  'trace',
  {
    id: uuid('id').notNull(),
    at: instant('at').notNull(),
    deliveryId: uuid('delivery_id').notNull(),
    keyId: uuid('key_id').notNull(),
    body: bytea('body').notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.at] }), index('trace_delivery').on(t.deliveryId, t.at)],
)

/** What came back from an office; the same event twice is one row. `unknown` ones wait in a list. */
export const updates = pgTable(
  'office_update',
  {
    id: uuid('id').primaryKey(),
    linkId: text('link_id').notNull(),
    event: text('event').notNull(),
    of: text('of').notNull(),
    assignmentId: uuid('assignment_id'),
    kind: text('kind').notNull(),
    at: instant('at').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** Masked. */
    text: text('text').notNull(),
    rawCode: text('raw_code').notNull(),
    outcome: text('outcome', { enum: ['applied', 'late', 'unknown'] }).notNull(),
    /** Of the key that its files are sealed with. */
    keyId: uuid('key_id'),
    values: jsonb('values').$type<Record<string, string>>().notNull().default({}),
  },
  (t) => [
    unique('office_update_once').on(t.linkId, t.event),
    index('office_update_outcome').on(t.outcome, t.receivedAt),
  ],
)
