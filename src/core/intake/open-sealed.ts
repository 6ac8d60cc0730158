import { eq } from 'drizzle-orm'
import type { Contact, Item, Submitted } from '../../channels/channel.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { DataKey, Secrets } from '../../platform/secrets/secrets.ts'
import { dataKeys, type items, reporters, submissions } from '../tables/index.ts'
import type { SealedKey } from './seal-envelope.ts'

/** The key that a submission's raw copies are sealed with; undefined once it was destroyed (erased). */
export async function dataKeyOf(tx: Tx | Db, secrets: Secrets, keyId: string): Promise<DataKey | undefined> {
  return (await sealedKeyOf(tx, secrets, keyId))?.dataKey
}

/** The same with what rests of it, for something else to be sealed under it. */
export async function sealedKeyOf(tx: Tx | Db, secrets: Secrets, keyId: string): Promise<SealedKey | undefined> {
  const [row] = await tx.select().from(dataKeys).where(eq(dataKeys.id, keyId))
  return row && { dataKey: secrets.unwrap(row.id, row.wrapped), wrapped: row.wrapped }
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

/** What it says from now on: an edit of it, with the files that have been fetched. What was said first stays in its envelope. */
export async function rewriteItem(
  tx: Tx,
  secrets: Secrets,
  {
    id,
    dataKey,
    item,
    editedAt,
  }: { readonly id: string; readonly dataKey: DataKey; readonly item: Submitted; readonly editedAt?: Date },
): Promise<void> {
  const sealed = secrets.seal(dataKey, JSON.stringify(item), `submission:${id}`)
  await tx
    .update(submissions)
    .set({ item: sealed, ...(editedAt !== undefined && { editedAt }) })
    .where(eq(submissions.id, id))
}

/** What came beside the submissions, as the channel read it; undefined once its key was destroyed. */
export async function openIncoming(
  tx: Tx | Db,
  secrets: Secrets,
  row: typeof items.$inferSelect,
): Promise<Exclude<Item, Submitted> | undefined> {
  const dataKey = await dataKeyOf(tx, secrets, row.keyId)
  return dataKey && JSON.parse(secrets.open(dataKey, row.body, `submission:${row.id}`).toString('utf8'))
}

/** Who a reporter is; empty once erased. */
export async function contactOf(tx: Tx | Db, secrets: Secrets, reporterId: string): Promise<Contact> {
  const [reporter] = await tx.select().from(reporters).where(eq(reporters.id, reporterId))
  const dataKey = reporter && (await dataKeyOf(tx, secrets, reporter.keyId))
  if (reporter === undefined || dataKey === undefined) return {}
  return JSON.parse(secrets.open(dataKey, reporter.contact, `reporter:${reporterId}`).toString('utf8')) as Contact
}
