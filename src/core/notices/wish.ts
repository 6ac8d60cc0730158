import { eq, lt } from 'drizzle-orm'
import type { Ignored } from '../../channels/channel.ts'
import type { Claimed } from '../../platform/tasks/claim.ts'
import { act, finishing, type Ports } from '../act.ts'
import { openIncoming } from '../intake/open-sealed.ts'
import { hashesOf } from '../reading/contact-hashes.ts'
import { readContact } from '../reading/read-item.ts'
import { items, messageWishes } from '../tables/index.ts'

/** Somebody wants no more messages of ours to a number, or wants them again. Of two wishes the later one counts. */
export async function wishTask(ports: Ports, task: Claimed): Promise<void> {
  const { db, secrets } = ports
  const [row] = await db.select().from(items).where(eq(items.id, task.ref))
  const { wish } = ((await openIncoming(db, secrets, row!)) ?? {}) as Partial<Ignored>
  await act(ports, { actor: 'system', unrecorded: true }, async (a) => {
    const { receivedAt: at, sourceId } = row!
    const silent = wish?.messages === 'none'
    for (const { kind, hash } of wish ? hashesOf(secrets, readContact(wish.contact), sourceId) : [])
      await a.tx
        .insert(messageWishes)
        .values({ kind, hash, silent, at })
        .onConflictDoUpdate({
          target: [messageWishes.kind, messageWishes.hash],
          set: { silent, at },
          setWhere: lt(messageWishes.at, at),
        })
    await finishing(a, task)
  })
}
