import { sql } from 'drizzle-orm'
import {
  check,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import type { MultiPolygon, Polygon } from 'geojson'

/** A code alone names nothing: the register of the National Statistics Office gives old codes to new units, so the key has a date. */
export const units = pgTable(
  'unit',
  {
    code: text('code').notNull(),
    validFrom: date('valid_from').notNull(),
    /** The last day in force. */
    validTo: date('valid_to'),
    type: text('type').notNull(),
    name: text('name').notNull(),
    /** Type and name as `normalize` folds them. */
    foldedName: text('folded_name').notNull(),
    aliases: jsonb('aliases').$type<readonly string[]>().notNull().default([]),
    parentCode: text('parent_code'),
    lat: doublePrecision('lat'),
    lng: doublePrecision('lng'),
    /** Metres from the centre within which everything belongs to the unit. */
    radius: integer('radius'),
  },
  (t) => [
    primaryKey({ columns: [t.code, t.validFrom] }),
    index('unit_folded_name').on(t.foldedName),
    check('unit_period', sql`${t.validTo} >= ${t.validFrom}`),
    check('unit_centre', sql`(${t.lat} is null) = (${t.lng} is null)`),
  ],
)

/** What became of a unit on the day `at`: all of it (`full`) or a part of it (`partial`) belongs to the new one since. */
export const unitLinks = pgTable(
  'unit_link',
  {
    oldCode: text('old_code').notNull(),
    newCode: text('new_code').notNull(),
    kind: text('kind', { enum: ['full', 'partial'] }).notNull(),
    at: date('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.oldCode, t.newCode, t.at] })],
)

/** Borders, where somebody has loaded them; the product works without. */
export const unitPolygons = pgTable(
  'unit_polygon',
  {
    code: text('code').notNull(),
    validFrom: date('valid_from').notNull(),
    geometry: jsonb('geometry').$type<Polygon | MultiPolygon>().notNull(),
    minLat: doublePrecision('min_lat').notNull(),
    maxLat: doublePrecision('max_lat').notNull(),
    minLng: doublePrecision('min_lng').notNull(),
    maxLng: doublePrecision('max_lng').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.code, t.validFrom] }),
    foreignKey({ columns: [t.code, t.validFrom], foreignColumns: [units.code, units.validFrom] }),
  ],
)
