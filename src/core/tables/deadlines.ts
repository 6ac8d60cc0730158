import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import type { CalendarFile } from '../deadlines/calendar.ts'
import { EVENTS, type Event } from '../deadlines/events.ts'
import { OWNERS, type Rule } from '../deadlines/rule.ts'
import type { SetMark } from '../deadlines/set-marks.ts'
import type { UncertainYear } from '../deadlines/working-days.ts'
import { DEADLINE_STATES, OFFICER_NOTICE_EVENTS, OFFICER_ROLES } from '../words.ts'
import { historyHead, instant } from './columns.ts'

/** A calendar as it was applied, a file of `data/calendars`. */
export const calendars = pgTable('calendar', {
  id: text('id').primaryKey(),
  body: jsonb('body').$type<CalendarFile>().notNull(),
  /** Grows with each change; open deadlines remember by which state they were computed. */
  version: integer('version').notNull(),
  /** `shipped`: as this product brought it, and a newer one may replace it. `own`: the province edits it itself. */
  origin: text('origin', { enum: ['shipped', 'own'] }).notNull(),
  ...historyHead,
})

/** One running or ended clock; what happened to it stands in the history of its case. */
export const deadlines = pgTable(
  'deadline',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id').notNull(),
    /** Of the agency that must act; a clock of the case itself (intake's, the operator's, the citizen's) has none. */
    assignmentId: uuid('assignment_id'),
    reportId: uuid('report_id'),
    step: text('step').notNull(),
    source: text('source').notNull(),
    owner: text('owner', { enum: OWNERS }).notNull(),
    agencyId: text('agency_id'),
    towards: text('towards', { enum: ['citizen', 'agency'] }).notNull(),
    until: jsonb('until').$type<readonly Event[]>().notNull(),
    startedBy: text('started_by', { enum: EVENTS }).notNull(),
    startedAt: instant('started_at').notNull(),
    span: jsonb('span').$type<Rule['span']>().notNull(),
    /** The last instant that is in time. */
    dueAt: instant('due_at').notNull(),
    calendarId: text('calendar_id').notNull(),
    /** The state of the calendar that `due_at` was computed by. */
    calendarVersion: text('calendar_version').notNull(),
    uncertain: jsonb('uncertain').$type<readonly UncertainYear[]>().notNull(),
    state: text('state', { enum: DEADLINE_STATES }).notNull(),
    /** When it was seen that `due_at` had passed; a deadline that is met later keeps it. */
    missedAt: instant('missed_at'),
    /** When it was met or cancelled. */
    endedAt: instant('ended_at'),
    /** In the order in which they are to be given. */
    marks: jsonb('marks').$type<readonly SetMark[]>().notNull(),
    /** When the tick has to look at it next: its next mark, or the first instant after `due_at`. */
    nextAt: instant('next_at'),
  },
  (t) => [
    index('deadline_tick').on(t.nextAt).where(sql`${t.state} = 'open'`),
    index('deadline_case').on(t.caseId, t.startedAt),
    index('deadline_calendar').on(t.calendarId, t.id).where(sql`${t.state} = 'open'`),
  ],
)

/** A message to officers, by role and agency: who of them reads it first is written down. */
export const officerNotices = pgTable(
  'officer_notice',
  {
    id: uuid('id').primaryKey(),
    toRole: text('to_role', { enum: OFFICER_ROLES }).notNull(),
    /** Null: every officer of the role. */
    agencyId: text('agency_id'),
    /** One person alone: who is rung. */
    userId: uuid('user_id'),
    event: text('event', { enum: OFFICER_NOTICE_EVENTS }).notNull(),
    caseId: uuid('case_id').notNull(),
    deadlineId: uuid('deadline_id'),
    level: integer('level'),
    /** What the sentence is filled with; no personal data. */
    values: jsonb('values').$type<Record<string, string>>().notNull(),
    createdAt: instant('created_at').notNull(),
    readAt: instant('read_at'),
    /** Who read it or took it on, as `actor` in the history. */
    doneBy: text('done_by'),
  },
  (t) => [
    index('officer_notice_unread').on(t.toRole, t.agencyId, t.createdAt).where(sql`${t.readAt} is null`),
    index('officer_notice_case').on(t.caseId),
  ],
)
