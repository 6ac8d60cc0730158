import type { Db } from './database.ts'

/** Tables partitioned by month, and the column that decides; each also has a default partition, so that no odd date is refused. */
export const PARTITIONED = { envelope: 'received_at', trace: 'at' } as const

/** Makes the partition of `month` (a date inside it) for every partitioned table, where it is missing. */
export async function ensureMonth(db: Db, month: Date): Promise<void> {
  const from = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 1))
  const to = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
  const suffix = from.toISOString().slice(0, 7).replace('-', '_')
  for (const table of Object.keys(PARTITIONED)) {
    await db.$client
      .query(
        `create table if not exists ${table}_${suffix} partition of ${table} for values from ('${from.toISOString()}') to ('${to.toISOString()}')`,
      )
      .catch(leaveInDefault)
  }
}

/** Rows of that month lie in the default partition already (23514, check_violation): there they stay, and nothing is refused. */
function leaveInDefault(error: unknown): void {
  if ((error as { code?: unknown }).code !== '23514') throw error
}
