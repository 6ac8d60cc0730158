import { sql } from 'drizzle-orm'
import { check, date, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { bytea, historyHead, instant } from './columns.ts'

/** One configured instance of a channel: a mailbox, a page, a number, a province's app. */
export const sources = pgTable('source', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  profile: text('profile').notNull(),
  name: text('name').notNull(),
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
  /** JSON of the secret settings, sealed. */
  secrets: bytea('secrets'),
  state: text('state', { enum: ['on', 'off'] })
    .notNull()
    .default('on'),
  ...historyHead,
})

/** The body that must act. Its identifier code is data, with dates and aliases: codes were given out anew after the mergers of 2025. */
export const agencies = pgTable(
  'agency',
  {
    id: text('id').primaryKey(),
    code: text('code').notNull(),
    name: text('name').notNull(),
    aliases: jsonb('aliases').$type<readonly string[]>().notNull().default([]),
    /** The unit it is in charge of, where it is a people's committee. */
    unitCode: text('unit_code'),
    /** What it is in charge of beside a place: that of the profile's routing table. */
    functions: jsonb('functions').$type<readonly string[]>().notNull().default([]),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
    ...historyHead,
  },
  (t) => [index('agency_unit').on(t.unitCode)],
)

/** One configured tie to an agency's office software. */
export const links = pgTable('link', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  name: text('name').notNull(),
  /** The agencies it serves; `*` serves every agency that has no link of its own. */
  serves: jsonb('serves').$type<readonly string[]>().notNull(),
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
  secrets: bytea('secrets'),
  /** What differs from the connector's own limits. */
  limits: jsonb('limits')
    .$type<{ perSecond?: number | undefined; concurrency?: number | undefined }>()
    .notNull()
    .default({}),
  state: text('state', { enum: ['on', 'paused'] })
    .notNull()
    .default('on'),
  pausedWhy: text('paused_why'),
  ...historyHead,
})

/** A province's rules as they were applied; a case keeps the version in force when its first report came. */
export const profiles = pgTable('profile', {
  id: text('id').primaryKey(),
  body: jsonb('body').$type<unknown>().notNull(),
  ...historyHead,
})

/** What this deployment is, one row: the print of its secret key, so that a start with another key is refused instead of writing what nobody can read. */
export const deployment = pgTable(
  'deployment',
  {
    id: text('id').primaryKey().default('this'),
    keyPrint: bytea('key_print').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [check('deployment_one_row', sql`${t.id} = 'this'`)],
)
