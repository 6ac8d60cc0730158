import { sql } from 'drizzle-orm'
import {
  bigserial,
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
import {
  ASKABLE,
  ASSIGNMENT_ROLES,
  ASSIGNMENT_STATES,
  CASE_STATUSES,
  FAULT_CODES,
  LATER_WORDS,
  NOTICE_EVENTS,
  NOTICE_STATES,
} from '../words.ts'
import { bytea, historyHead, instant } from './columns.ts'
import type { Correction, Reading } from './reading.ts'

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
    /** The report that this one answers or adds to, proved by a mark of ours: it goes to that one's case, and its sender hears by that one. */
    follows: uuid('follows'),
    /** The case whose code it names without proof, or that it may go on from: shown to an officer beside it, and to nobody else. */
    beside: uuid('beside'),
    /** What it is to the matter that it goes on from or stands beside; null where it is a matter of its own. */
    says: text('says', { enum: LATER_WORDS }),
    /** What its sender was asked for, by the rules and not by an officer, once: `ASKABLE`. Null where they never were. */
    askedFor: text('asked_for', { enum: ASKABLE }).array(),
    askedAt: instant('asked_at'),
    /** What they said next came, whether or not it held that. */
    answeredAt: instant('answered_at'),
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
    corrections: jsonb('corrections').$type<Record<string, Correction>>().notNull().default({}),
    /** Which version of the reader wrote the readings. */
    readVersion: integer('read_version').notNull(),
    /** Its sender took it back: out of public view, and nothing is erased by that. */
    takenBackAt: instant('taken_back_at'),
  },
  (t) => [
    index('report_case').on(t.caseId),
    index('report_submission').on(t.submissionId),
    index('report_reporter').on(t.reporterId),
    index('report_follows').on(t.follows).where(sql`${t.follows} is not null`),
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
    openedAt: instant('opened_at').notNull(),
    /** The case that this one was put into; it keeps its id, deliveries and history. */
    joinedTo: uuid('joined_to'),
    urgent: boolean('urgent').notNull().default(false),
    /** One of the profile's, and a narrower field of it; picked by the sender or set by an officer. */
    category: text('category'),
    field: text('field'),
    /** Whom the profile's routing leads to, where an officer dispatches. */
    proposedAgencyId: text('proposed_agency_id'),
    /** Which of the profile's urgent kinds it is, where an officer or the reporter said so. */
    urgentKind: text('urgent_kind'),
    /** An incident that needs several agencies or is dangerous: other limits hold. */
    complex: boolean('complex').notNull().default(false),
    /** Another agency has been asked for its part. */
    coordinated: boolean('coordinated').notNull().default(false),
    unitCode: text('unit_code'),
    unitFrom: date('unit_from'),
    /** Why it waits for an officer, a key of `locales/*\/case.json`. */
    waitingFor: text('waiting_for'),
    /** Of the sender (`sender.group_id`) of whom too much came, where it waits for a glance. */
    heldGroup: uuid('held_group'),
    routedAt: instant('routed_at'),
    /** Reopened so often: only assignments of this round count. */
    round: integer('round').notNull().default(0),
    /** The reporter has been asked for what is missing. */
    askedAt: instant('asked_at'),
    refusedAt: instant('refused_at'),
    hiddenAt: instant('hidden_at'),
    hiddenBy: text('hidden_by'),
    hiddenWhy: text('hidden_why'),
    /** The answer as its reporters got it, masked. */
    reply: text('reply'),
    repliedAt: instant('replied_at'),
    /** Null where it was answered to its reporters alone. */
    publishedAt: instant('published_at'),
    ratedAt: instant('rated_at'),
    closedAt: instant('closed_at'),
    /** How often a reporter would not have it so: counted whatever becomes of their messages. */
    disputes: integer('disputes').notNull().default(0),
    /** To which level above the agency it was brought. */
    escalated: integer('escalated').notNull().default(0),
    ...historyHead,
  },
  (t) => [
    index('case_status').on(t.status, t.openedAt),
    index('case_joined').on(t.joinedTo),
    index('case_published').on(t.publishedAt, t.id).where(sql`${t.publishedAt} is not null`),
    index('case_held').on(t.heldGroup).where(sql`${t.heldGroup} is not null`),
  ],
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
    /** When, by the agency's word, the matter was dealt with on the spot. */
    handledAt: instant('handled_at'),
    returnReason: text('return_reason'),
    returnedAt: instant('returned_at'),
    round: integer('round').notNull().default(0),
    acceptedAt: instant('accepted_at'),
    /** The day by which the agency has committed itself to be done. */
    committedFor: date('committed_for'),
    siteVisitedAt: instant('site_visited_at'),
    /** Made safe for the time being. */
    safeAt: instant('safe_at'),
    /** Whom the agency that returned it holds to be responsible. */
    proposedAgencyId: text('proposed_agency_id'),
  },
  (t) => [index('assignment_case').on(t.caseId), index('assignment_agency').on(t.agencyId, t.state)],
)

/** What an agency, its leader or the intake said about an assignment: progress, a draft, what was changed in it. Masked; never deleted. */
export const assignmentWords = pgTable(
  'assignment_word',
  {
    id: uuid('id').primaryKey(),
    assignmentId: uuid('assignment_id').notNull(),
    kind: text('kind', { enum: ['interim', 'result', 'approved', 'sent-back', 'question', 'note'] }).notNull(),
    text: text('text').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    committedFor: date('committed_for'),
  },
  (t) => [index('assignment_word_of').on(t.assignmentId, t.at)],
)

/** Photos and papers that an officer sent before saying what they are about; the word that takes them has the same id. */
export const uploads = pgTable('upload', {
  id: uuid('id').primaryKey(),
  /** Of the key that its files are sealed with. */
  keyId: uuid('key_id').notNull(),
  by: text('by').notNull(),
  at: instant('at').notNull(),
})

/** What a reporter thinks of the answer, once for each report and round. */
export const ratings = pgTable(
  'rating',
  {
    reportId: uuid('report_id').notNull(),
    round: integer('round').notNull(),
    /** Of the profile's scale. */
    value: text('value').notNull(),
    /** Masked. */
    why: text('why').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.reportId, t.round] })],
)

/** A reporter is asked whether an agency may know who they are, and what for; a yes is kept as proof. */
export const consents = pgTable(
  'consent',
  {
    id: uuid('id').primaryKey(),
    reportId: uuid('report_id').notNull(),
    assignmentId: uuid('assignment_id').notNull(),
    agencyId: text('agency_id').notNull(),
    purpose: text('purpose').notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: instant('asked_at').notNull(),
    state: text('state', { enum: ['asked', 'given', 'refused', 'withdrawn'] }).notNull(),
    answeredAt: instant('answered_at'),
    /** `view`: in the reporter's own view; `app:<source>`: in an app, which says that it was them; `call:<actor>`: on the telephone, to that officer. */
    proof: text('proof'),
  },
  (t) => [unique('consent_once').on(t.reportId, t.assignmentId), index('consent_assignment').on(t.assignmentId)],
)

/** An identity given to a body that the law lets ask for it, by the number of its document. */
export const disclosures = pgTable(
  'disclosure',
  {
    id: uuid('id').primaryKey(),
    reportId: uuid('report_id').notNull(),
    body: text('body').notNull(),
    documentNumber: text('document_number').notNull(),
    documentDate: date('document_date').notNull(),
    why: text('why').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [index('disclosure_report').on(t.reportId)],
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
    state: text('state', { enum: NOTICE_STATES }).notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
    /** Through which it goes out; the portal's needs none. */
    sourceId: text('source_id'),
    attempts: integer('attempts').notNull().default(0),
    /** Set when it may have left and cleared when its outcome is known. */
    outcomeUnknown: boolean('outcome_unknown').notNull().default(false),
    firstAttemptAt: instant('first_attempt_at'),
    lastFault: text('last_fault', { enum: FAULT_CODES }),
    lastMessage: text('last_message'),
    /** How the report stood with it, where a program is told. */
    status: text('status', { enum: CASE_STATUSES }),
    /** The surest word of the provider about it. */
    receipt: text('receipt', { enum: ['delayed', 'delivered', 'read'] }),
    receiptAt: instant('receipt_at'),
  },
  (t) => [
    unique('notice_once').on(t.reportId, t.event, t.about, t.channel),
    index('notice_state').on(t.state, t.createdAt),
  ],
)

/** A report that came by a program has another status: told to that program, in order, whether or not its reporter is told anything. */
export const statusChanges = pgTable(
  'status_change',
  {
    id: uuid('id').primaryKey(),
    reportId: uuid('report_id').notNull(),
    sourceId: text('source_id').notNull(),
    status: text('status', { enum: CASE_STATUSES }).notNull(),
    at: instant('at').notNull(),
    /** Order of coming: clocks of several machines are not one. */
    seq: bigserial('seq', { mode: 'bigint' }).notNull(),
    /** `with-notice`: the same change made one, which carries it. `failed`: for seven days, or its user is gone. */
    state: text('state', { enum: ['due', 'with-notice', 'sent', 'failed'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    firstAttemptAt: instant('first_attempt_at'),
    lastFault: text('last_fault', { enum: FAULT_CODES }),
    lastMessage: text('last_message'),
  },
  (t) => [index('status_change_report').on(t.reportId, t.seq)],
)

/** The provider's ids of the messages that a notice was sent as. */
export const noticeMessages = pgTable(
  'notice_message',
  {
    sourceId: text('source_id').notNull(),
    providerId: text('provider_id').notNull(),
    noticeId: uuid('notice_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.providerId] })],
)

/** Wrong tries to open a report's view, by keyed hash of the code that was tried, known or not. */
export const viewTries = pgTable('view_try', {
  codeHash: bytea('code_hash').primaryKey(),
  windowStart: instant('window_start').notNull(),
  wrong: integer('wrong').notNull(),
})
