import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Submitted } from '../../channels/channel.ts'
import type { Db, Tx } from '../../platform/database/database.ts'
import type { Secrets } from '../../platform/secrets/secrets.ts'
import { openIncoming, openItem } from '../intake/open-sealed.ts'
import { items, submissions } from '../tables/index.ts'

/**
 * What a person has said so far in one breath: their message as its latest edit has it, then what they added, in the order in which it came.
 * Undefined once it was erased.
 */
export async function wholeOf(tx: Tx | Db, secrets: Secrets, submissionId: string): Promise<Submitted | undefined> {
  const [first] = await tx.select().from(submissions).where(eq(submissions.id, submissionId))
  const own = first && (await openItem(tx, secrets, first))
  if (first === undefined || own === undefined) return undefined
  const parts = await tx.select().from(submissions).where(eq(submissions.partOf, submissionId))
  const words = await tx
    .select()
    .from(items)
    .where(
      and(
        inArray(items.submissionId, [submissionId, ...parts.map(({ id }) => id)]),
        eq(items.kind, 'revised'),
        eq(items.state, 'done'),
      ),
    )
  const added: { readonly at: Date; readonly id: string; readonly said: Submitted }[] = []
  for (const part of parts) {
    const said = (await openItem(tx, secrets, part))?.item
    if (said === undefined) continue
    // An id at another source would be somebody else's here.
    const { provider: _, ...contact } = said.sender
    const sender = part.sourceId === first.sourceId ? said.sender : contact
    added.push({ at: part.receivedAt, id: part.id, said: { ...said, sender } })
  }
  for (const word of words) {
    const said = await openIncoming(tx, secrets, word)
    if (said?.item === 'revised' && said.how === 'more')
      added.push({ at: word.receivedAt, id: word.id, said: said.now })
  }
  return added
    .sort((one, other) => one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1))
    .reduce((whole, { said }) => together(whole, said), own.item)
}

/** The texts one after the other; of everything else what was said first, and what was not said before. */
function together(said: Submitted, more: Submitted): Submitted {
  return {
    ...more,
    ...said,
    sender: { ...more.sender, ...said.sender },
    content: [said.content, more.content].filter((text) => text.trim() !== '').join('\n'),
    identitySecret: said.identitySecret || more.identitySecret,
    contentSecret: said.contentSecret || more.contentSecret,
  }
}

/** When somebody last said something that belongs to this report. */
export async function lastHeardOf(tx: Tx | Db, submissionId: string): Promise<Date> {
  const { rows } = await tx.execute<{ at: string }>(sql`
    select greatest(
      (select max(received_at) from submission where id = ${submissionId} or part_of = ${submissionId}),
      (select max(received_at) from item where submission_id = ${submissionId} and kind = 'revised' and state = 'done')
    ) as at`)
  return new Date(rows[0]!.at)
}
