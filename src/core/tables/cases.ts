import {
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { ASSIGNMENT_ROLES, ASSIGNMENT_STATES, CASE_STATUSES, NOTICE_EVENTS } from '../words.ts'
import { bytea, historyHead, instant } from './columns.ts'

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
  },
  (t) => [primaryKey({ columns: [t.kind, t.hash, t.reporterId] }), index('contact_index_reporter').on(t.reporterId)],
)

/** A value that was read, with how sure and from where. */
export interface Reading {
  readonly value: string | number | boolean | null
  readonly confidence: number
  /** Which part of the submission it was read from. */
  readonly from: string
  /** Where the words allow several; then `value` is null. */
  readonly candidates?: readonly string[]
}

/** A submission read into the one model. Holds masked text only; what the sender wrote rests sealed in its submission. */
export const reports = pgTable(
  'report',
  {
    id: uuid('id').primaryKey(),
    code: text('code').notNull().unique(),
    submissionId: uuid('submission_id').notNull(),
    reporterId: uuid('reporter_id').notNull(),
    /** Its own first case; joining moves cases, never reports. */
    caseId: uuid('case_id').notNull(),
    sourceId: text('source_id').notNull(),
    channel: text('channel').notNull(),
    receivedAt: instant('received_at').notNull(),
    identitySecret: boolean('identity_secret').notNull(),
    contentSecret: boolean('content_secret').notNull(),
    title: text('title').notNull(),
    text: text('text').notNull(),
    folded: text('folded').notNull(),
    foldedHash: bytea('folded_hash').notNull(),
    address: text('address'),
    lat: doublePrecision('lat'),
    lng: doublePrecision('lng'),
    readings: jsonb('readings').$type<Record<string, Reading>>().notNull().default({}),
    /** Which version of the reader wrote the readings. */
    readVersion: integer('read_version').notNull(),
  },
  (t) => [
    index('report_case').on(t.caseId),
    index('report_submission').on(t.submissionId),
    index('report_reporter').on(t.reporterId),
    index('report_same_text').on(t.foldedHash, t.receivedAt),
    index('report_near').on(t.lat, t.receivedAt),
  ],
)

/** The matter itself. */
export const cases = pgTable(
  'case',
  {
    id: uuid('id').primaryKey(),
    profile: text('profile').notNull(),
    /** The version in force when its first report came. */
    profileFrom: date('profile_from').notNull(),
    status: text('status', { enum: CASE_STATUSES }).notNull(),
    version: integer('version').notNull().default(1),
    openedAt: instant('opened_at').notNull(),
    /** The case that this one was put into; it keeps its id, deliveries and history. */
    joinedTo: uuid('joined_to'),
    urgent: boolean('urgent').notNull().default(false),
    unitCode: text('unit_code'),
    unitFrom: date('unit_from'),
    /** Why it waits for an officer, a key of `locales/*\/case.json`. */
    waitingFor: text('waiting_for'),
    routedAt: instant('routed_at'),
    ...historyHead,
  },
  (t) => [index('case_status').on(t.status, t.openedAt), index('case_joined').on(t.joinedTo)],
)

/** One case put into another: undone by date, never deleted. */
export const joins = pgTable(
  'case_join',
  {
    id: uuid('id').primaryKey(),
    fromCase: uuid('from_case').notNull(),
    toCase: uuid('to_case').notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
    why: text('why').notNull(),
    undoneAt: instant('undone_at'),
  },
  (t) => [index('case_join_to').on(t.toCase)],
)

/** One agency's share in a case. */
export const assignments = pgTable(
  'assignment',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id').notNull(),
    agencyId: text('agency_id').notNull(),
    role: text('role', { enum: ASSIGNMENT_ROLES }).notNull(),
    passedFrom: uuid('passed_from'),
    state: text('state', { enum: ASSIGNMENT_STATES }).notNull(),
    assignedAt: instant('assigned_at').notNull(),
    dueAt: instant('due_at'),
    deliveredAt: instant('delivered_at'),
    endedAt: instant('ended_at'),
    /** What the agency answered, masked. */
    answer: text('answer'),
    answeredAt: instant('answered_at'),
    returnReason: text('return_reason'),
    returnedAt: instant('returned_at'),
  },
  (t) => [index('assignment_case').on(t.caseId)],
)

/** A message to a reporter, once for each report, event and channel. */
export const notices = pgTable(
  'notice',
  {
    id: uuid('id').primaryKey(),
    reportId: uuid('report_id').notNull(),
    event: text('event', { enum: NOTICE_EVENTS }).notNull(),
    /** What the event is about: an assignment's id, or empty. */
    about: text('about').notNull().default(''),
    channel: text('channel').notNull(),
    values: jsonb('values').$type<Record<string, string>>().notNull(),
    state: text('state', { enum: ['due', 'sent', 'failed'] }).notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  (t) => [unique('notice_once').on(t.reportId, t.event, t.about, t.channel)],
)

/** Wrong tries to open a report's view, by keyed hash of the code that was tried, known or not. */
export const viewTries = pgTable('view_try', {
  codeHash: bytea('code_hash').primaryKey(),
  windowStart: instant('window_start').notNull(),
  wrong: integer('wrong').notNull(),
})
