import { eq } from 'drizzle-orm'
import type { Contact, Submitted } from '../../channels/channel.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { DataKey, Secrets } from '../../platform/secrets/secrets.ts'
import { dataKeys, reporters, type submissions } from '../tables/index.ts'

/** The key that a submission's raw copies are sealed with; undefined once it was destroyed (erased). */
export async function dataKeyOf(tx: Tx | Db, secrets: Secrets, keyId: string): Promise<DataKey | undefined> {
  const [row] = await tx.select().from(dataKeys).where(eq(dataKeys.id, keyId))
  return row && secrets.unwrap(row.id, row.wrapped)
}

/** What the channel read, as the sender wrote it. */
export async function openItem(
  tx: Tx | Db,
  secrets: Secrets,
  submission: typeof submissions.$inferSelect,
): Promise<{ readonly item: Submitted; readonly dataKey: DataKey } | undefined> {
  const dataKey = await dataKeyOf(tx, secrets, submission.keyId)
  if (dataKey === undefined) return undefined
  const item = JSON.parse(
    secrets.open(dataKey, submission.item, `submission:${submission.id}`).toString('utf8'),
  ) as Submitted
  return { item, dataKey }
}

/** Who a reporter is; empty once erased. */
export async function contactOf(tx: Tx | Db, secrets: Secrets, reporterId: string): Promise<Contact> {
  const [reporter] = await tx.select().from(reporters).where(eq(reporters.id, reporterId))
  const dataKey = reporter && (await dataKeyOf(tx, secrets, reporter.keyId))
  if (reporter === undefined || dataKey === undefined) return {}
  return JSON.parse(secrets.open(dataKey, reporter.contact, `reporter:${reporterId}`).toString('utf8')) as Contact
}
