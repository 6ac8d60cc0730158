import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** Who is rung, in which order, when an urgent case finds nobody. */
export const dutyRoster = pgTable(
  'duty_roster',
  { profile: text('profile').notNull(), place: integer('place').notNull(), userId: uuid('user_id').notNull() },
  (t) => [primaryKey({ columns: [t.profile, t.place] })],
)

/** An urgent case rings up the roster until a person takes it. */
export const rings = pgTable(
  'ring',
  {
    id: uuid('id').primaryKey(),
    caseId: uuid('case_id').notNull(),
    deadlineId: uuid('deadline_id'),
    startedAt: instant('started_at').notNull(),
    /** How many people have been rung. */
    rung: integer('rung').notNull().default(0),
    takenAt: instant('taken_at'),
    /** As `actor` in the history. */
    takenBy: text('taken_by'),
  },
  (t) => [
    uniqueIndex('ring_one_open').on(t.caseId).where(sql`${t.takenAt} is null`),
    index('ring_open').on(t.startedAt).where(sql`${t.takenAt} is null`),
  ],
)
