import { eq } from 'drizzle-orm'
import type { Receipt } from '../../channels/channel.ts'
import type { Act } from '../act.ts'
import { notices } from '../tables/index.ts'
import { noticeBounced } from './bounced.ts'
import type { Notice } from './token.ts'

/** From the vaguest word to the surest; a vaguer one that comes later says nothing new. */
const RANK: readonly (string | null)[] = [null, 'delayed', 'delivered', 'read'] satisfies readonly (
  | Receipt['receipt']
  | null
)[]

/** What a provider says became of a notice. A later word never undoes a surer one: what was read did not bounce. */
export async function noticeReceived(a: Act, notice: Notice, { receipt, text }: Receipt): Promise<void> {
  const arrived = RANK.indexOf(notice.receipt) >= RANK.indexOf('delivered')
  if (receipt === 'bounced') return arrived ? undefined : noticeBounced(a, notice, text)
  if (RANK.indexOf(receipt) <= RANK.indexOf(notice.receipt)) return
  await a.tx.update(notices).set({ receipt, receiptAt: a.at }).where(eq(notices.id, notice.id))
}
