import { readMigrationFiles } from 'drizzle-orm/migrator'
import type pg from 'pg'
import { z } from 'zod'

/** The first entry of a backup. */
export const Manifest = z.strictObject({
  /** Version of the product that made it. */
  product: z.string(),
  /** The moment that everything in it is of. */
  at: z.iso.datetime(),
  /** Hash of the newest migration that the database had. */
  migration: z.string(),
  /** Rows of each table. */
  tables: z.record(z.string(), z.int()),
  /** `2026-11`: the months that partitions are needed for. */
  months: z.array(z.string()),
})
export type Manifest = z.infer<typeof Manifest>

/** The last one: a backup without it is not whole. Ids of files that some row of it refers to and that are not in it. */
export const End = z.strictObject({
  files: z.int(),
  /** Erased after the moment of the backup. */
  gone: z.array(z.string()),
  /** Not there, or with other bytes than were written: an accident that `paht doctor` tells of too. */
  lost: z.array(z.string()),
})
export type End = z.infer<typeof End>

/** Where what, in the archive. */
export const NAMES = {
  manifest: 'manifest.json',
  table: (table: string) => `table/${table}`,
  anchors: (file: string) => `anchors/${file}`,
  file: (id: string) => `file/${id}`,
  end: 'end.json',
} as const

export async function appliedMigration(client: pg.ClientBase | pg.Pool): Promise<string | undefined> {
  const { rows } = await client.query<{ hash: string }>(
    'select hash from drizzle.__drizzle_migrations order by created_at desc limit 1',
  )
  return rows[0]?.hash
}

/** The newest that ships in `folder`. */
export function shippedMigration(folder: string): string | undefined {
  return readMigrationFiles({ migrationsFolder: folder }).at(-1)?.hash
}
