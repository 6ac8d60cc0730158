import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  index,
  integer,
  pgTable,
  real,
  smallint,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** The truth about what is to be done: queues carry wake-ups only. Finished tasks leave the table. */
export const tasks = pgTable(
  'task',
  {
    id: uuid('id').primaryKey(),
    /** Order of coming, within `ordered_by`. */
    seq: bigserial('seq', { mode: 'bigint' }).notNull(),
    kind: text('kind').notNull(),
    ref: text('ref').notNull(),
    lane: text('lane').notNull(),
    /** Only the oldest open task of one `ordered_by` runs. */
    orderedBy: text('ordered_by'),
    /** 0 ordinary, 1 urgent. */
    priority: smallint('priority').notNull().default(0),
    due: instant('due').notNull(),
    state: text('state', { enum: ['open', 'dead'] })
      .notNull()
      .default('open'),
    attempts: integer('attempts').notNull().default(0),
    /** Asked for again while it ran: it opens once more instead of leaving. */
    again: boolean('again').notNull().default(false),
    /** The database's own clock: a lease is about processes, not about business. */
    leaseUntil: timestamp('lease_until', { withTimezone: true, mode: 'date' }),
    token: uuid('token'),
    lastError: text('last_error'),
  },
  (t) => [
    unique('task_once').on(t.kind, t.ref),
    // The very order in which `claim` asks, nulls too: otherwise each claim sorts its whole lane.
    index('task_ready').on(t.lane, t.priority.desc().nullsFirst(), t.due, t.seq).where(sql`${t.state} = 'open'`),
    index('task_leased').on(t.lane, t.leaseUntil).where(sql`${t.token} is not null`),
    index('task_order').on(t.orderedBy, t.seq).where(sql`${t.orderedBy} is not null`),
  ],
)

/** What tasks queue up for: a link, a source, a kind of inner work. Its limits hold over all processes because they live here. */
export const lanes = pgTable('lane', {
  name: text('name').primaryKey(),
  /** Null: no limit. */
  concurrency: integer('concurrency'),
  perSecond: real('per_second'),
  /** Token bucket of `per_second`; filled by the database's clock. */
  tokens: real('tokens').notNull().default(1),
  filledAt: timestamp('filled_at', { withTimezone: true, mode: 'date' }),
  /** Claims go round: the lane served longest ago comes first. */
  servedAt: timestamp('served_at', { withTimezone: true, mode: 'date' }),
  paused: boolean('paused').notNull().default(false),
})

/** One append-only chain for each case and each setting (`history/record.ts`). */
export const history = pgTable(
  'history',
  {
    chain: text('chain').notNull(),
    seq: integer('seq').notNull(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    kind: text('kind').notNull(),
    /** Canonical JSON (RFC 8785) as it was authenticated: masked text and row ids only. */
    body: text('body').notNull(),
    mac: bytea('mac').notNull(),
  },
  (t) => [unique('history_entry').on(t.chain, t.seq), index('history_at').on(t.at)],
)
