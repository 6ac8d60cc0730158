import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { ROLES, type Role } from '../words.ts'
import { bytea, historyHead, instant } from './columns.ts'

/** An officer; one person, one account. */
export const users = pgTable(
  'user',
  {
    id: uuid('id').primaryKey(),
    /** Lower case; what is typed is folded to it. */
    login: text('login').notNull(),
    name: text('name').notNull(),
    /** Where the officer is reached on duty. */
    contacts: jsonb('contacts')
      .$type<{ phone?: string | undefined; email?: string | undefined }>()
      .notNull()
      .default({}),
    state: text('state', { enum: ['active', 'disabled'] }).notNull(),
    createdAt: instant('created_at').notNull(),
    /** Null: none was ever set; nothing matches it. */
    passwordHash: text('password_hash'),
    /** Newest first, without the one in force. */
    oldHashes: jsonb('old_hashes').$type<readonly string[]>().notNull().default([]),
    passwordSetAt: instant('password_set_at'),
    /** Somebody else set the password: it opens nothing but its own change. */
    mustChange: boolean('must_change').notNull(),
    failedTries: integer('failed_tries').notNull().default(0),
    lockedUntil: instant('locked_until'),
    /** Sealed; Base32. */
    totpSecret: bytea('totp_secret'),
    /** Shown and not yet confirmed by a code. */
    totpPending: bytea('totp_pending'),
    /** The 30 s step of the last code that was taken: none up to it is taken again. */
    totpStep: bigint('totp_step', { mode: 'number' }),
    lastSeenAt: instant('last_seen_at'),
    ...historyHead,
  },
  (t) => [uniqueIndex('user_login').on(t.login)],
)

/** Which roles a user has, and for which agency; `*` is every agency, empty where the role knows none. */
export const userRoles = pgTable(
  'user_role',
  {
    userId: uuid('user_id').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    agencyId: text('agency_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.role, t.agencyId] })],
)

export const sessions = pgTable(
  'session',
  {
    id: uuid('id').primaryKey(),
    /** Keyed hash of its token. */
    hash: bytea('hash').notNull().unique(),
    userId: uuid('user_id').notNull(),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    /** When the code was right; null where none was asked for, or not yet given. */
    secondStepAt: instant('second_step_at'),
    endedAt: instant('ended_at'),
  },
  (t) => [index('session_user').on(t.userId)],
)

/** What a program shows. Its roles hold for its agencies, `['*']` being every one. */
export const apiTokens = pgTable('api_token', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Keyed hash of the token; the token itself is shown once and stored nowhere. */
  hash: bytea('hash').notNull().unique(),
  createdAt: instant('created_at').notNull(),
  madeBy: text('made_by').notNull().default('system'),
  roles: jsonb('roles').$type<readonly Role[]>().notNull().default([]),
  agencies: jsonb('agencies').$type<readonly string[]>().notNull().default([]),
  expiresAt: instant('expires_at'),
  endedAt: instant('ended_at'),
  /** To the minute. */
  lastUsedAt: instant('last_used_at'),
  ...historyHead,
})

/** What differs from the rules for accounts that the product ships with; one row, `this`. */
export const accountRules = pgTable('account_rules', {
  id: text('id').primaryKey(),
  body: jsonb('body').$type<unknown>().notNull(),
  ...historyHead,
})

/**
 * Who signed in, who was refused, who changed what for whom, who looked at whom: apart from the cases' own histories, append-only (a trigger
 * refuses changes), no password, no token, nothing of a reporter.
 */
export const securityLog = pgTable(
  'security_log',
  {
    id: uuid('id').primaryKey(),
    at: instant('at').notNull(),
    event: text('event').notNull(),
    actor: text('actor').notNull(),
    /** Null where it came by the command line or from ourselves. */
    source: text('source'),
    detail: jsonb('detail').$type<Readonly<Record<string, string | number | boolean | readonly string[]>>>().notNull(),
  },
  (t) => [index('security_log_actor').on(t.actor, t.at), index('security_log_at').on(t.at)],
)
