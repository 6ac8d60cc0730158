import { eq, sql } from 'drizzle-orm'
import type { Act } from '../act.ts'
import { dayInVietnam } from '../day.ts'
import { openSettings } from '../settings/sealed.ts'
import { deliveries, type links } from '../tables/index.ts'

/**
 * Gives a delivery its number where its link numbers documents (Nghị định 30/2020/NĐ-CP, Điều 15: numbers run through the year, without a gap).
 * The book's row stays locked until this transaction ends: if it rolls back, the number was never given.
 */
export async function giveNumber(a: Act, deliveryId: string, link: typeof links.$inferSelect): Promise<void> {
  const connector = a.ports.connectors.get(link.kind)
  if (connector?.documents === undefined) return
  const { settings } = openSettings(a.ports.secrets, connector, { of: 'link', ...link })
  const day = dayInVietnam(a.at)
  const book = connector.documents.book(settings)
  const { rows } = await a.tx.execute<{ last: number }>(sql`
    insert into number_book (book, year, last) values (${book}, ${Number(day.slice(0, 4))}, 1)
    on conflict (book, year) do update set last = number_book.last + 1 returning last`)
  const { last } = rows[0]!
  await a.tx
    .update(deliveries)
    .set({ documentNumber: last, documentDay: day, documentId: connector.documents.idOf(settings, last, day) })
    .where(eq(deliveries.id, deliveryId))
}
