import { eq } from 'drizzle-orm'
import type { Submitted } from '../../channels/channel.ts'
import type { Ports } from '../act.ts'
import { isFault } from '../fault.ts'
import { openSource } from '../intake/channel-context.ts'
import { openItem, rewriteItem } from '../intake/open-sealed.ts'
import { sources, submissions } from '../tables/index.ts'

interface Learning {
  readonly submission: typeof submissions.$inferSelect
  readonly item: Submitted
}

/** Who writes in a talk is often told by an id alone: the provider is asked once what they are called. A message does not wait for an answer. */
export async function withName(ports: Ports, { submission, item }: Learning): Promise<Submitted> {
  const { sender } = item
  if (item.talk === undefined || sender.name !== undefined || sender.provider === undefined) return item
  const [source] = await ports.db.select().from(sources).where(eq(sources.id, submission.sourceId))
  const name = await ports.channels.get(source!.kind)!.nameOf?.(sender.provider, openSource(ports, source!))
  if (name === undefined || isFault(name) || name.trim() === '') return item
  return ports.db.transaction(async (tx) => {
    // It may have been edited while the provider was asked.
    const [current] = await tx.select().from(submissions).where(eq(submissions.id, submission.id)).for('update')
    const opened = current && (await openItem(tx, ports.secrets, current))
    if (opened === undefined) return item
    const named = { ...opened.item, sender: { ...opened.item.sender, name } }
    await rewriteItem(tx, ports.secrets, { id: submission.id, dataKey: opened.dataKey, item: named })
    return named
  })
}
