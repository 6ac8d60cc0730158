import { v7 as uuid } from 'uuid'
import type { Act } from '../act.ts'
import type { Report } from '../cases/hold.ts'
import { notices } from '../tables/index.ts'
import type { NoticeEvent } from '../words.ts'

export interface Telling {
  readonly event: NoticeEvent
  /** What the event is about, where it can happen more than once: an assignment's id. */
  readonly about?: string
  /** What the sentence in `locales/*\/notice.json` is filled with; no personal data. */
  readonly values: Readonly<Record<string, string>>
}

/**
 * Tells reporters on the channel that each came by; the same event is told once. The portal's way back is the reporter's own view, so there a
 * notice has arrived as soon as it is committed.
 */
export async function tell(a: Act, to: readonly Report[], { event, about = '', values }: Telling): Promise<void> {
  if (to.length === 0) return
  const rows = to.map((report) => ({
    id: uuid(),
    reportId: report.id,
    event,
    about,
    channel: report.channel,
    values,
    state: 'sent' as const,
    createdAt: a.at,
    sentAt: a.at,
  }))
  await a.tx.insert(notices).values(rows).onConflictDoNothing()
}
