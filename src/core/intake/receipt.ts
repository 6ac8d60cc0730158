import { eq } from 'drizzle-orm'
import type { Receipt } from '../../channels/channel.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { noticeReceived } from '../notices/received.ts'
import { noticeOfReceipt } from '../notices/token.ts'
import { items } from '../tables/index.ts'
import { openIncoming } from './open-sealed.ts'

/** A provider's word about a notice of ours. One that names none of them is set aside, where an officer can look. */
export async function receiptTask(ports: Ports, task: Claimed): Promise<void> {
  const { db, secrets } = ports
  const [row] = await db.select().from(items).where(eq(items.id, task.ref))
  const receipt = (await openIncoming(db, secrets, row!)) as Receipt | undefined
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const notice = receipt && (await noticeOfReceipt(a.tx, secrets, row!.sourceId, receipt))
    if (receipt !== undefined && notice !== undefined) await noticeReceived(a, notice, receipt)
    await a.tx
      .update(items)
      .set(
        receipt !== undefined && notice === undefined ? { state: 'set-aside', reason: 'receipt' } : { state: 'done' },
      )
      .where(eq(items.id, task.ref))
    await finishing(a, task)
  })
}
